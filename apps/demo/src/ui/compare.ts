import type { MethodName } from '@hybridcam/core';
import { colormapNamed } from '@hybridcam/viz';
import { methodFacts } from '../facts/method-facts.ts';
import { comparedMap, type ReadyMap, readyMap } from '../maps.ts';
import type { NamedMap, RawMap } from '../protocol.ts';
import { describeMap } from '../text/describe-map.ts';
import { milliseconds, number } from '../text/format.ts';
import type { Actions, Component, View } from '../view.ts';
import { h, setText } from './dom.ts';
import { createOverlayPicture } from './overlay-picture.ts';

interface Panel {
  readonly method: MethodName;
  readonly element: HTMLElement;
  readonly value: HTMLElement;
  readonly cross: HTMLElement;
  readonly raw: RawMap | undefined;
  readonly unit: 'score' | 'relative';
  readonly heat: HTMLCanvasElement;
}

/** Every method on the same picture; the value under the pointer is read out in all of them. */
export function createCompare(root: HTMLElement, actions: Actions): Component {
  const button = h('button', { type: 'button', id: 'run-compare' }, 'Run every method');
  const note = h('p', { class: 'hint' }, 'Point at a panel to read the same cell in all of them.');
  const grid = h('div', { class: 'grid' });
  root.append(h('div', { class: 'actions' }, button), note, grid);
  let running = false;
  button.addEventListener('click', () => (running ? actions.cancel() : actions.compare()));
  let panels: Panel[] = [];
  let known: readonly unknown[] = [];
  /** By the map they show. */
  const made = new Map<NamedMap, Panel>();
  /** The hybrid's panel, and that of the cross-layer hybrid by its map: they follow alpha. */
  const mixed = new Map<NamedMap | 'hybrid', Panel>();
  let mixedAlpha: number | undefined;
  return {
    update(view) {
      const { compared, comparing, evidence, picture, state, pointer } = view;
      running = comparing;
      button.disabled = evidence === undefined || view.source === 'shipped' || view.busy !== undefined;
      setText(button, comparing ? 'Cancel' : 'Run every method');
      const next = [evidence, picture, state.colormap, state.opacity, state.smooth];
      if (!next.every((part, i) => part === known[i]) || compared.size === 0) {
        known = next;
        made.clear();
        mixed.clear();
      }
      if (mixedAlpha !== state.alpha) mixed.clear();
      mixedAlpha = state.alpha;
      if (!picture || !evidence || compared.size === 0) panels = [];
      else {
        // Alpha moves the hybrids' panels alone; the others are made once each, as their maps arrive.
        const hybrid = mixed.get('hybrid') ?? hybridPanel(view, actions);
        mixed.set('hybrid', hybrid);
        const panelOf = (map: NamedMap): Panel => {
          const panelsOfKind = map.cross ? mixed : made;
          const panel = panelsOfKind.get(map) ?? methodPanel(view, actions, map);
          panelsOfKind.set(map, panel);
          return panel;
        };
        panels = [hybrid, ...[...compared.values()].map(panelOf)];
      }
      const elements = panels.map(({ element }) => element);
      if (
        elements.length !== grid.childElementCount ||
        elements.some((element, i) => element !== grid.children[i])
      )
        grid.replaceChildren(...elements);
      for (const panel of panels) {
        panel.cross.hidden = pointer === undefined;
        if (!pointer) setText(panel.value, '');
        else {
          panel.cross.style.left = `${100 * pointer.x}%`;
          panel.cross.style.top = `${100 * pointer.y}%`;
          setText(panel.value, valueAt(panel, pointer, evidence?.scoreKind === 'logit'));
        }
      }
    },
  };
}

function methodPanel(view: View, actions: Actions, named: NamedMap): Panel {
  const { method, map, cross, problem, elapsedMs } = named;
  const { alpha } = view.state;
  const ready = comparedMap(named, alpha);
  const note = ready ? milliseconds(elapsedMs) : (problem ?? '');
  return makePanel(
    view,
    actions,
    method,
    `${methodFacts[method].title}${cross ? `, α = ${alpha}` : ''}`,
    ready,
    map,
    map?.unit ?? 'relative',
    note,
  );
}

function hybridPanel(view: View, actions: Actions): Panel {
  const { evidence, state } = view;
  const map = readyMap(evidence!, 'hybrid', state.alpha);
  const title = `Hybrid, α = ${state.alpha}`;
  return makePanel(view, actions, 'hybrid', title, map, undefined, 'relative', '');
}

function makePanel(
  { picture, state }: View,
  actions: Actions,
  method: MethodName,
  title: string,
  map: ReadyMap | undefined,
  raw: RawMap | undefined,
  unit: 'score' | 'relative',
  note: string,
): Panel {
  const overlay = createOverlayPicture(320);
  const cross = h('div', { class: 'crosshair', hidden: true });
  const value = h('span', { class: 'value' });
  const { height, width } = picture!.geometry.input;
  overlay.showPicture(picture!);
  const drawn = state.smooth ? map?.at(height, width) : map?.cells;
  overlay.showMap(
    map?.status === 'ok' ? drawn : undefined,
    colormapNamed(state.colormap),
    state.opacity,
    state.smooth,
  );
  const frame = h('div', { class: 'cross-frame' }, cross);
  Object.assign(frame.style, {
    left: overlay.heat.style.left,
    top: overlay.heat.style.top,
    width: overlay.heat.style.width,
    height: overlay.heat.style.height,
  });
  overlay.element.append(frame);
  overlay.element.setAttribute('role', 'img');
  overlay.element.setAttribute('aria-label', `${title}: ${map ? describeMap(map.cells, map.status) : note}`);
  frame.addEventListener('pointermove', (event) => {
    const box = frame.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    if (x >= 0 && x < 1 && y >= 0 && y < 1) actions.point({ x, y });
  });
  frame.addEventListener('pointerleave', () => actions.point(undefined));
  const element = h(
    'figure',
    { class: 'small-figure' },
    h('figcaption', {}, h('span', { class: 'method-title', title }, title), value),
    overlay.element,
    h(
      'p',
      { class: 'hint clamp', title: note },
      map ? `${map.status === 'ok' ? '' : 'Empty map. '}${note}` : note,
    ),
  );
  return { method, element, value, cross, raw: raw ?? (map && asRaw(map)), unit, heat: overlay.heat };
}

function asRaw({ cells }: ReadyMap): RawMap {
  return { data: cells.data, height: cells.shape[0]!, width: cells.shape[1]! };
}

function valueAt({ raw, unit }: Panel, { x, y }: { x: number; y: number }, isLogit: boolean): string {
  if (!raw) return '';
  const value = raw.data[Math.floor(y * raw.height) * raw.width + Math.floor(x * raw.width)]!;
  return unit === 'score' ? `${number(value)} ${isLogit ? 'logits' : ''}` : number(value);
}
