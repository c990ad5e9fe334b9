import type { MethodName } from '@hybridcam/core';
import { methodFacts, methodNames } from '../facts/method-facts.ts';
import { className } from '../text/format.ts';
import { costText, isSlow, whyNotMethod } from '../text/method-facts.ts';
import type { Actions, Component, View } from '../view.ts';
import { h, setText } from './dom.ts';
import { createSlowRun } from './slow-run.ts';

/** Most classes that the contrast list offers by rank, beside all of a small network's. */
const mostContrasts = 20;

const noContrast = 'no other class';

/** Method, layer and contrast. What the network cannot do is shown and says why. */
export function createChoices(root: HTMLElement, actions: Actions): Component {
  const method = h(
    'select',
    { id: 'method' },
    // Until the network is there, and says which of them it can serve.
    ...methodNames.map((name) => h('option', { value: name }, methodFacts[name].title)),
  );
  const methodNote = h('p', { class: 'hint' });
  const layer = h('select', { id: 'layer' });
  const layerNote = h('p', { class: 'hint' });
  const against = h('select', { id: 'against' }, h('option', { value: '' }, noContrast));
  const presets = h('div', { class: 'presets', role: 'group', 'aria-label': 'Layer presets' });
  const slow = createSlowRun(actions, 'run-method');
  root.append(
    field('Method', method, methodNote, slow.element),
    field('Layer', layer, presets, layerNote),
    field('Rather than', against),
  );
  method.addEventListener('change', () => actions.set({ method: method.value as MethodName }));
  layer.addEventListener('change', () => actions.set({ layer: layer.value }));
  against.addEventListener('change', () =>
    actions.set({ against: against.value === '' ? undefined : Number(against.value) }),
  );
  let modelKey: unknown;
  let methodKey = '';
  let againstKey: unknown;
  return {
    update(view) {
      const { model, state, evidence } = view;
      if (model && model !== modelKey) {
        modelKey = model;
        layer.replaceChildren(...layerOptions(view));
        presets.replaceChildren(...layerPresets(view, actions));
      }
      const layerName = state.layer ?? model?.defaultLayer;
      const facts = model?.layers.find(({ name }) => name === layerName);
      if (layerName !== undefined && layer.value !== layerName) layer.value = layerName;
      layer.disabled = model === undefined || state.method === 'cross-layer-hybrid';
      setText(
        layerNote,
        state.method === 'cross-layer-hybrid' && model?.crossLayers
          ? `Grad-CAM of ${model.crossLayers[0]}, LayerCAM of ${model.crossLayers[1]}.`
          : facts?.blockedBy
            ? `No gradient here: ${facts.blockedBy}`
            : '',
      );
      for (const button of presets.querySelectorAll('button')) {
        button.setAttribute('aria-pressed', String(button.value === layerName));
      }
      const refused = Object.keys(model?.refused ?? {}).join();
      const key = `${model?.name}|${layerName}|${model?.layers.length}|${refused}`;
      if (model && key !== methodKey) {
        methodKey = key;
        method.replaceChildren(
          ...methodNames.map((name) => {
            const reason = whyNotMethod(name, model, facts);
            const label = `${methodFacts[name].title}${isSlow(name, undefined) ? ' (many passes)' : ''}`;
            return h('option', { value: name, disabled: reason !== undefined, title: reason }, label);
          }),
        );
      }
      if (method.value !== state.method) method.value = state.method;
      setText(
        methodNote,
        evidence && isSlow(state.method, evidence.costs) ? costText(state.method, evidence) : '',
      );
      slow.update(view);
      if (evidence && evidence !== againstKey) {
        againstKey = evidence;
        against.replaceChildren(...contrastOptions(view));
      }
      against.value = state.against === undefined ? '' : String(state.against);
    },
  };
}

function field(label: string, control: HTMLSelectElement, ...notes: HTMLElement[]): HTMLElement {
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control, ...notes);
}

function layerOptions({ model }: View): HTMLOptionElement[] {
  return model!.layers.map(({ name, shape, stride, gradient }) => {
    const size = shape ? ` · ${shape.join('×')}` : '';
    const step = stride === undefined ? '' : ` · stride ${stride}`;
    return h('option', { value: name, disabled: gradient === 'unavailable' }, `${name}${size}${step}`);
  });
}

/** The default layer, and the last one of each finer resolution. */
function layerPresets({ model }: View, actions: Actions): HTMLButtonElement[] {
  const { layers, defaultLayer } = model!;
  const last = layers.find(({ name }) => name === defaultLayer);
  if (!last?.shape) return [];
  const usable = layers.filter(({ gradient, shape }) => gradient !== 'unavailable' && shape !== undefined);
  const rows = [...new Set(usable.map(({ shape }) => shape![1]))]
    .filter((row) => row >= last.shape![1])
    .sort((a, b) => a - b);
  return rows.slice(0, 3).map((row) => {
    const name =
      row === last.shape![1] ? defaultLayer : usable.filter(({ shape }) => shape![1] === row).at(-1)!.name;
    const columns = usable.find((candidate) => candidate.name === name)?.shape?.[2] ?? row;
    const button = h('button', { type: 'button', value: name, title: name }, `${row} × ${columns}`);
    button.addEventListener('click', () => actions.set({ layer: name }));
    return button;
  });
}

function contrastOptions({ evidence, labels }: View): HTMLOptionElement[] {
  const { scores, classIndex } = evidence!;
  const ranked = Array.from(scores, (_, index) => index)
    .filter((index) => index !== classIndex)
    .sort((a, b) => scores[b]! - scores[a]!);
  const shown = ranked.slice(0, mostContrasts);
  const chosen = evidence!.against;
  if (chosen !== undefined && chosen !== classIndex && !shown.includes(chosen)) shown.push(chosen);
  return [
    h('option', { value: '' }, noContrast),
    ...shown.map((index) => h('option', { value: index }, className(labels, index))),
  ];
}
