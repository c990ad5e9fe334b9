import { colormapNamed } from '@hybridcam/viz';
import { describeMap } from '../text/describe-map.ts';
import { className, number } from '../text/format.ts';
import type { Actions, Component, View } from '../view.ts';
import { h, setText } from './dom.ts';
import { legend } from './legend.ts';
import { createOverlayPicture } from './overlay-picture.ts';
import { place } from './paint.ts';
import { type ShownMap, shownMap } from './shown-map.ts';

/** The large picture with the map of the chosen (or pointed at) class, its caption and its scale. */
export function createStage(root: HTMLElement, actions: Actions): Component {
  const overlay = createOverlayPicture(1024);
  const lines = h('canvas', { class: 'lines', width: 1, height: 1, hidden: true });
  const truth = h('canvas', { class: 'truth', width: 1, height: 1, hidden: true });
  const cross = h('div', { class: 'crosshair', hidden: true });
  const badge = h('p', { class: 'badge', hidden: true });
  const heading = h('strong', { class: 'caption-class' });
  const words = h('span', { id: 'map-words' });
  const note = h('span', { class: 'hint', id: 'map-note' });
  const scale = h('div', { class: 'legend' });
  const truthButton = h(
    'button',
    { type: 'button', class: 'quiet', 'aria-pressed': 'false', hidden: true },
    'Show the true object',
  );
  truthButton.addEventListener('click', () => actions.toggleTruth());
  overlay.element.append(lines, truth, cross, badge);
  overlay.element.setAttribute('role', 'img');
  overlay.element.setAttribute('aria-labelledby', 'map-words');
  const caption = h('figcaption', { 'aria-live': 'polite' }, heading, ' ', words, ' ', note);
  root.append(
    overlay.element,
    h('div', { class: 'under' }, caption, h('div', { class: 'under-right' }, scale, truthButton)),
  );
  overlay.element.addEventListener('pointermove', (event) => {
    const box = overlay.heat.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    actions.point(x >= 0 && x < 1 && y >= 0 && y < 1 ? { x, y } : undefined);
  });
  overlay.element.addEventListener('pointerleave', () => actions.point(undefined));
  let legendKey = '';
  let truthOf: unknown;
  return {
    update(view) {
      const { picture, evidence, state } = view;
      if (!picture) return;
      overlay.showPicture(picture);
      place(lines, picture.geometry);
      const shown = shownMap(view);
      const colormap = colormapNamed(state.colormap);
      const { height, width } = picture.geometry.input;
      const smoothMap = shown?.map && state.smooth ? shown.map.at(height, width) : undefined;
      const drawn = shown?.map && (state.smooth ? smoothMap : shown.map.cells);
      overlay.showMap(shown?.map?.status === 'ok' ? drawn : undefined, colormap, state.opacity, state.smooth);
      const outlined = state.contour && shown?.map?.status === 'ok' ? shown.map : undefined;
      lines.hidden = outlined === undefined;
      if (outlined && drawOutlines) drawOutlines(lines, outlined, picture.geometry.input);
      else if (outlined) void loadOutlines().then(() => actions.redraw());
      setText(heading, shown ? `${subject(view, shown)}.` : (view.busy ?? ''));
      setText(note, shown?.note ?? '');
      setText(words, shown?.map ? describeMap(shown.map.cells, shown.map.status) : (shown?.problem ?? ''));
      badge.hidden = view.source === 'live';
      setText(badge, 'Prepared explanation; the network is starting…');
      const key = `${state.colormap}|${shown?.map?.peak === undefined ? '' : number(shown.map.peak)}`;
      if (key !== legendKey) {
        legendKey = key;
        legend(scale, colormap, shown?.map?.peak, evidence?.scoreKind ?? 'logit');
      }
      const masks = picture.truth.filter(({ classIndex }) => classIndex !== null);
      truthButton.hidden = masks.length === 0;
      truthButton.setAttribute('aria-pressed', String(view.showTruth));
      truth.hidden = !view.showTruth || masks.length === 0;
      if (!truth.hidden && truthOf !== picture) {
        truthOf = picture;
        drawTruth(truth, masks, picture.width, picture.height);
      }
      cross.hidden = view.pointer === undefined;
      if (view.pointer) {
        const rectangle = overlay.heat.style;
        cross.style.left = `calc(${rectangle.left} + ${rectangle.width} * ${view.pointer.x})`;
        cross.style.top = `calc(${rectangle.top} + ${rectangle.height} * ${view.pointer.y})`;
      }
    },
  };
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

/** The outline of the true objects: their masks less what lies inside them. */
function drawTruth(
  canvas: HTMLCanvasElement,
  masks: readonly { readonly mask: Uint8Array }[],
  width: number,
  height: number,
): void {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  const reach = Math.max(1, Math.round(width / 160));
  for (const { mask } of masks) {
    for (let i = 0; i < mask.length; i++) {
      if (!mask[i]) continue;
      const x = i % width;
      const isInside =
        x >= reach &&
        x < width - reach &&
        mask[i - reach] === 1 &&
        mask[i + reach] === 1 &&
        mask[i - reach * width] === 1 &&
        mask[i + reach * width] === 1;
      if (!isInside) words[i] = 0xffffffff;
    }
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
