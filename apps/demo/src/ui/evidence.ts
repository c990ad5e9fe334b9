import { type Colormap, inferno, viridis } from '@hybridcam/viz';
import { purityMap, singleMap, toView } from '../maps.ts';
import type { LedgerData, RawMap } from '../protocol.ts';
import { describeMap } from '../text/describe-map.ts';
import { className, number, percent, signed } from '../text/format.ts';
import type { Actions, Component, View } from '../view.ts';
import { h, setText } from './dom.ts';
import { createOverlayPicture, type OverlayPicture } from './overlay-picture.ts';

const strongest = 5;

interface Panel {
  readonly element: HTMLElement;
  readonly picture: OverlayPicture;
  readonly words: HTMLElement;
}

/** Positive evidence, negative evidence and what is left of it, and the score as a sum over cells. */
export function createEvidence(root: HTMLElement, actions: Actions): Component {
  const positive = panel('For', 'Positive evidence (LayerCAM)');
  const negative = panel('Against', 'Negative evidence, on the same scale');
  const purity = panel('Purity', 'Share of the evidence for that is not outweighed');
  const ledger = h('div', { class: 'ledger' });
  root.append(
    h(
      'p',
      { class: 'hint' },
      'The hybrid is the evidence for, times purity to the power α: it fades where the network also sees reasons against.',
    ),
    h('div', { class: 'triple' }, positive.element, negative.element, purity.element),
    ledger,
  );
  let known: readonly unknown[] = [];
  return {
    update(view) {
      const { picture, evidence, state } = view;
      const next = [picture, evidence, state.smooth, state.opacity, view.labels];
      if (!picture || !evidence || next.every((part, i) => part === known[i])) return;
      known = next;
      const pure = purityMap(evidence.layerCam, evidence.opposing);
      const most = Math.max(0, ...evidence.layerCam.data, ...evidence.opposing.data);
      drawPanel(positive, view, scaled(evidence.layerCam, most), describe(evidence.layerCam), viridis);
      drawPanel(negative, view, scaled(evidence.opposing, most), describe(evidence.opposing), inferno);
      drawPanel(purity, view, pure, purityWords(pure), viridis);
      ledger.replaceChildren(...ledgerRows(view, actions));
    },
  };
}

function panel(title: string, detail: string): Panel {
  const picture = createOverlayPicture(360);
  const words = h('figcaption', { class: 'hint' });
  const element = h(
    'figure',
    { class: 'small-figure' },
    h('h3', { title: detail }, title),
    picture.element,
    words,
  );
  picture.element.setAttribute('aria-hidden', 'true');
  return { element, picture, words };
}

function drawPanel(
  { picture, words }: Panel,
  view: View,
  map: RawMap,
  text: string,
  colormap: Colormap,
): void {
  const { height, width } = view.picture!.geometry.input;
  const cells = toView(map);
  const large = view.state.smooth ? singleMap(map).at(height, width) : cells;
  const peak = Math.max(...map.data);
  // The panels share one scale, so a weak one must not be stretched to its own maximum.
  const drawn =
    view.state.smooth && peak > 0
      ? toView({ data: large.data.map((value) => value * peak), height, width })
      : cells;
  picture.showPicture(view.picture!);
  picture.showMap(
    peak > 0 ? drawn : undefined,
    colormap,
    Math.max(view.state.opacity, 0.6),
    view.state.smooth,
  );
  setText(words, text);
}

function scaled(map: RawMap, most: number): RawMap {
  return { ...map, data: map.data.map((value) => (most > 0 ? Math.max(0, value) / most : 0)) };
}

function describe(map: RawMap): string {
  const { cells, status } = singleMap(map);
  return status === 'no-positive-evidence' ? 'None at this layer.' : describeMap(cells, status);
}

function purityWords({ data }: RawMap): string {
  const pure = data.filter((value) => value > 0.5).length / data.length;
  return `More than half is left in ${percent(pure)} of the area.`;
}

/** score = bias + cells, and the strongest of them. */
function ledgerRows({ evidence, labels, state }: View, actions: Actions): HTMLElement[] {
  const { ledger, ledgerProblem, classIndex, against } = evidence!;
  if (!ledger) {
    const why =
      state.layer === undefined && ledgerProblem
        ? 'this network ends in something else than pooling and one linear layer'
        : 'there is none behind this layer, only behind the last';
    return [h('p', { class: 'hint' }, `No exact account of the score by cells: ${why}.`)];
  }
  const sum = ledger.data.reduce((total, value) => total + value, 0);
  const subject =
    against === undefined
      ? className(labels, classIndex)
      : `${className(labels, classIndex)} − ${className(labels, against)}`;
  const rows = topOf(ledger).map(({ row, column, value }) => {
    const at = { x: (column + 0.5) / ledger.width, y: (row + 0.5) / ledger.height };
    const button = h(
      'button',
      { type: 'button', class: 'ledger-row' },
      h('span', { class: value < 0 ? 'minus' : 'plus' }, signed(value)),
      h('span', {}, `row ${row + 1}, column ${column + 1}`),
    );
    for (const event of ['pointerenter', 'focus']) button.addEventListener(event, () => actions.point(at));
    for (const event of ['pointerleave', 'blur'])
      button.addEventListener(event, () => actions.point(undefined));
    return button;
  });
  return [
    h(
      'p',
      {},
      `The score of ${subject} is ${number(ledger.score)} = ${number(ledger.bias)} (bias) ${sum < 0 ? '−' : '+'} ${number(Math.abs(sum))} (sum of ${ledger.data.length} cells). The strongest:`,
    ),
    h('div', { class: 'ledger-rows', role: 'group', 'aria-label': 'Strongest cells, in logits' }, ...rows),
  ];
}

function topOf({ data, width }: LedgerData): { row: number; column: number; value: number }[] {
  return Array.from(data, (value, i) => ({ row: Math.floor(i / width), column: i % width, value }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, strongest);
}
