import type { ScoreKind } from '@hybridcam/core';
import { colormapNamed } from '@hybridcam/viz';
import { type ReadyMap, valueAt } from '../maps.ts';
import { describeMap } from '../text/describe-map.ts';
import { className, number } from '../text/format.ts';
import { type Actions, type Component, isStranded, type ShownPicture, type View } from '../view.ts';
import { h, setText } from './dom.ts';
import { drawTruth } from './draw-truth.ts';
import { legend } from './legend.ts';
import { createOverlayPicture } from './overlay-picture.ts';
import { place } from './paint.ts';
import { type ShownMap, shownMap } from './shown-map.ts';
import { createSlowRun } from './slow-run.ts';

/** Beyond this ratio of the sides a picture would be a line: it keeps a readable size and is scrolled instead. */
const extremeRatio = 6;
/** Milliseconds without a change after which outlines are worth their finest. */
const stillAfter = 200;

/** The large picture with the map of the chosen (or pointed at) class, its caption, its scale, and the value under the pointer. */
export function createStage(root: HTMLElement, actions: Actions): Component {
  const overlay = createOverlayPicture(1024);
  const lines = h('canvas', { class: 'lines', width: 1, height: 1, hidden: true });
  const truth = h('canvas', { class: 'truth', width: 1, height: 1, hidden: true });
  const cross = h('div', { class: 'crosshair', hidden: true });
  const badge = h('p', { class: 'badge', hidden: true });
  const frame = h('div', { class: 'stage-frame' }, overlay.element);
  const heading = h('strong', { class: 'caption-class' });
  const words = h('span', { id: 'map-words' });
  const note = h('span', { class: 'hint', id: 'map-note' });
  const scale = h('div', { class: 'legend' });
  const slow = createSlowRun(actions, 'run-method-here');
  const truthButton = h(
    'button',
    { type: 'button', class: 'quiet', id: 'truth', 'aria-pressed': 'false', hidden: true },
    'Show the true object',
  );
  let known: readonly unknown[] = [];
  let shown: ShownMap | undefined;
  let legendKey = '';
  let linesTimer = 0;
  let unit: ReturnType<typeof legend> | undefined;
  let truthOf: unknown;
  truthButton.addEventListener('click', () =>
    actions.set({ truth: truthButton.getAttribute('aria-pressed') !== 'true' }),
  );
  overlay.element.append(lines, truth, cross, badge);
  overlay.element.setAttribute('role', 'img');
  overlay.element.setAttribute('aria-labelledby', 'map-words');
  const caption = h('figcaption', { 'aria-live': 'polite' }, heading, ' ', words, ' ', note);
  root.append(
    frame,
    h(
      'div',
      { class: 'under' },
      caption,
      slow.element,
      h('div', { class: 'under-right' }, scale, truthButton),
    ),
  );
  overlay.element.addEventListener('pointermove', (event) => {
    const box = overlay.heat.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    actions.point(x >= 0 && x < 1 && y >= 0 && y < 1 ? { x, y } : undefined);
  });
  overlay.element.addEventListener('pointerleave', () => actions.point(undefined));

  const showMap = (view: View, picture: ShownPicture): void => {
    const { evidence, state } = view;
    shown = shownMap(view);
    const colormap = colormapNamed(state.colormap);
    const { height, width } = picture.geometry.input;
    const isThere = shown?.map?.status === 'ok';
    const drawn = isThere && (state.smooth ? shown?.map?.at(height, width) : shown?.map?.cells);
    overlay.showMap(drawn || undefined, colormap, state.opacity, state.smooth);
    const outlined = state.contour && isThere ? shown?.map : undefined;
    lines.hidden = outlined === undefined;
    clearTimeout(linesTimer);
    if (outlined && drawOutlines) {
      const draw = drawOutlines;
      draw(lines, outlined, picture.geometry.input, 'moving');
      linesTimer = window.setTimeout(
        () => draw(lines, outlined, picture.geometry.input, 'still'),
        stillAfter,
      );
    } else if (outlined) void loadOutlines().then(() => actions.redraw());
    setText(note, shown?.note ?? '');
    scale.hidden = shown?.map === undefined;
    setText(words, shown?.map ? describeMap(shown.map.cells, shown.map.status) : (shown?.problem ?? ''));
    const key = `${state.colormap}|${shown?.map?.peak === undefined ? '' : number(shown.map.peak)}|${evidence?.scoreKind}`;
    if (key !== legendKey) {
      legendKey = key;
      unit = legend(scale, colormap, shown?.map?.peak, evidence?.scoreKind ?? 'logit');
    }
  };

  const showTruth = ({ state }: View, picture: ShownPicture): void => {
    const masks = picture.truth.filter(({ classIndex }) => classIndex !== null);
    truthButton.hidden = masks.length === 0;
    truthButton.setAttribute('aria-pressed', String(state.truth));
    truth.hidden = !state.truth || masks.length === 0;
    if (!truth.hidden && truthOf !== picture) {
      truthOf = picture;
      drawTruth(truth, masks, picture.width, picture.height);
    }
  };

  const showPointer = ({ pointer, evidence }: View): void => {
    cross.hidden = pointer === undefined;
    if (unit)
      setText(
        unit.line,
        pointer && shown?.map ? valueText(shown.map, pointer, evidence?.scoreKind) : unit.meaning,
      );
    if (!pointer) return;
    const rectangle = overlay.heat.style;
    cross.style.left = `calc(${rectangle.left} + ${rectangle.width} * ${pointer.x})`;
    cross.style.top = `calc(${rectangle.top} + ${rectangle.height} * ${pointer.y})`;
  };

  return {
    update(view) {
      const { picture, evidence, state } = view;
      badge.hidden = view.source === 'live' || !evidence;
      setText(
        badge,
        isStranded(view)
          ? 'Prepared explanation; no network runs.'
          : 'Prepared explanation; the network is starting…',
      );
      slow.update(view);
      if (!picture || !evidence) {
        setText(words, isStranded(view) ? 'There is no explanation to show.' : (view.busy ?? ''));
        return;
      }
      overlay.showPicture(picture);
      place(lines, picture.geometry);
      const ratio = picture.width / picture.height;
      frame.classList.toggle('extreme', ratio > extremeRatio || ratio < 1 / extremeRatio);
      if (frame.classList.contains('extreme')) frame.setAttribute('tabindex', '0');
      else frame.removeAttribute('tabindex');
      // Whoever only moves the pointer needs no new map.
      const next = [
        picture,
        evidence,
        view.hovered,
        view.source,
        view.labels,
        state.method,
        state.alpha,
        state.colormap,
        state.opacity,
        state.smooth,
        state.contour,
        drawOutlines,
      ];
      if (!next.every((part, i) => part === known[i])) {
        known = next;
        showMap(view, picture);
      }
      setText(heading, shown ? `${subject(view, shown)}.` : '');
      slow.element.hidden ||= shown?.map !== undefined || shown?.classIndex !== evidence.classIndex;
      showTruth(view, picture);
      showPointer(view);
    },
  };
}

function valueText(
  map: ReadyMap,
  pointer: { readonly x: number; readonly y: number },
  scoreKind: ScoreKind | undefined,
): string {
  const value = number(valueAt(map, pointer));
  if (map.peak === undefined) return `Here ${value} of the peak`;
  return `Here ${value}${scoreKind === 'logit' ? ' logits' : ''}`;
}

function subject({ labels }: View, { classIndex, against }: ShownMap): string {
  const name = className(labels, classIndex);
  return against === undefined ? name : `${name} rather than ${className(labels, against)}`;
}

type DrawOutlines = typeof import('./draw-outlines.ts').drawOutlines;
let drawOutlines: DrawOutlines | undefined;

/** Few ask for lines: the code that draws them comes when somebody does. */
async function loadOutlines(): Promise<void> {
  ({ drawOutlines } = await import('./draw-outlines.ts'));
}
