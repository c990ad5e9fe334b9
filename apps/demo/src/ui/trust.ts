import type { CurveSubject } from '../protocol.ts';
import { className, milliseconds, percent } from '../text/format.ts';
import type { Actions, Component, View } from '../view.ts';
import { createChart } from './chart.ts';
import { h, setText } from './dom.ts';

const subjects: readonly (readonly [CurveSubject, string])[] = [
  ['map', 'This map'],
  ['random', 'Random map'],
  ['centre', 'Centre of the picture'],
];

/** Insertion and deletion, drawn as they are computed, against two controls; on scenes, how well the map finds the true object. */
export function createTrust(root: HTMLElement, actions: Actions): Component {
  const button = h('button', { type: 'button', id: 'run-curves' }, 'Measure');
  const status = h('p', { class: 'hint', role: 'status' });
  const insertion = createChart(
    'Insertion: probability of the class while the pixels of highest evidence are shown first',
  );
  const deletion = createChart(
    'Deletion: probability of the class while the pixels of highest evidence are removed first',
  );
  const rows = subjects.map(([subject, title]) => ({
    subject,
    insertion: h('td', {}, '–'),
    deletion: h('td', {}, '–'),
    header: h('th', { scope: 'row' }, h('span', { class: `key ${subject}` }), title),
  }));
  const table = h(
    'table',
    {},
    h('caption', { class: 'visually-hidden' }, 'Area under the curves'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'Area under the curve'),
        h('th', { scope: 'col' }, 'Insertion ↑'),
        h('th', { scope: 'col' }, 'Deletion ↓'),
      ),
    ),
    h('tbody', {}, ...rows.map((row) => h('tr', {}, row.header, row.insertion, row.deletion))),
  );
  const found = h('div', { class: 'localisation' });
  const charts = h(
    'div',
    { class: 'charts', hidden: true },
    h('figure', {}, h('figcaption', {}, 'Insertion'), insertion.element),
    h('figure', {}, h('figcaption', {}, 'Deletion'), deletion.element),
  );
  root.append(
    h(
      'p',
      { class: 'hint' },
      'If the map is right, showing its strongest pixels first should bring the class back early (insertion), and removing them should lose it early (deletion). RISE protocol, 29 points.',
    ),
    h('div', { class: 'actions' }, button, status),
    charts,
    table,
    found,
  );
  let running = false;
  button.addEventListener('click', () => (running ? actions.cancel() : actions.runCurves()));
  return {
    update(view) {
      const { curves, evidence, source, busy } = view;
      running = curves.state === 'running';
      button.disabled = evidence === undefined || source === 'shipped' || busy !== undefined;
      setText(button, running ? 'Cancel' : 'Measure');
      setText(status, statusText(view));
      // Empty axes say nothing; what was cancelled keeps the points that it came to.
      charts.hidden = curves.state === 'none';
      table.hidden = curves.state === 'none';
      insertion.show(curves.points.filter(({ mode }) => mode === 'insertion'));
      deletion.show(curves.points.filter(({ mode }) => mode === 'deletion'));
      for (const row of rows) {
        const auc = (mode: string) =>
          curves.result?.curves
            .find(({ subject, curve }) => subject === row.subject && curve.mode === mode)
            ?.curve.auc.toFixed(4) ?? '–';
        setText(row.insertion, auc('insertion'));
        setText(row.deletion, auc('deletion'));
      }
      showFound(found, view);
    },
  };
}

function statusText({ curves, evidence, labels }: View): string {
  if (curves.state === 'running')
    return `Measuring… ${curves.points.reduce((sum, { scores }) => sum + scores.length, 0)} points`;
  if (curves.state === 'cancelled') return 'Cancelled.';
  if (!curves.result || !evidence) return '';
  return `Probability of ${className(labels, evidence.classIndex)}; took ${milliseconds(curves.result.elapsedMs)}. One picture decides nothing.`;
}

let shown: unknown;

function showFound(root: HTMLElement, { localisation }: View): void {
  if (localisation === shown && root.childElementCount > 0) return;
  shown = localisation;
  if (!localisation) {
    root.replaceChildren(
      h(
        'p',
        { class: 'hint' },
        'On a drawn scene that holds the explained class, the true object is known, and the map is compared with it here.',
      ),
    );
    return;
  }
  const { object, maskShare, energy, lift, averagePrecision, iou, hit } = localisation;
  const facts: readonly (readonly [string, string])[] = [
    ['Evidence inside', energy === undefined ? 'none' : `${percent(energy)}, ${lift!.toFixed(1)} × its area`],
    ['Average precision', averagePrecision.toFixed(3)],
    ['Overlap (IoU)', iou.toFixed(3)],
    ['Peak', hit ? 'on the object' : 'beside the object'],
  ];
  root.replaceChildren(
    h('h3', {}, `Against the true ${object} (${percent(maskShare)} of the picture)`),
    h('dl', {}, ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
  );
}
