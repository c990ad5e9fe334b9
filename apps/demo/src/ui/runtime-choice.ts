import type { RuntimeWish } from '../protocol.ts';
import { milliseconds } from '../text/format.ts';
import { type Actions, type Component, isStranded, type View } from '../view.ts';
import { h, setText } from './dom.ts';

const titles: Readonly<Record<RuntimeWish, string>> = {
  'onnx-wasm': 'ONNX Runtime, CPU',
  'onnx-webgpu': 'ONNX Runtime, WebGPU (27 MB once)',
  'tfjs-wasm': 'TensorFlow.js, CPU',
  'tfjs-webgl': 'TensorFlow.js, WebGL',
  'tfjs-webgpu': 'TensorFlow.js, WebGPU',
};

/** What the network runs on: a choice, and in a line of its own what really runs, and why it is not the chosen one. */
export function createRuntimeChoice(
  line: HTMLElement,
  actions: Actions,
): Component & { readonly element: HTMLElement } {
  const select = h(
    'select',
    { id: 'runtime-wish' },
    ...Object.entries(titles).map(([value, title]) => h('option', { value }, title)),
  );
  select.addEventListener('change', () => actions.set({ runtime: select.value as RuntimeWish }));
  return {
    element: h('div', { class: 'field' }, h('label', { for: 'runtime-wish' }, 'Runs on'), select),
    update(view) {
      const { model, state } = view;
      for (const option of select.querySelectorAll('option')) {
        const isPossible = model?.providers.includes(option.value as RuntimeWish) ?? true;
        option.disabled = !isPossible;
        option.title = isPossible ? '' : 'This file is of the other library.';
      }
      // A file of one library runs on that one, whatever was wished for the networks that can run on both.
      const isPossible = model === undefined || model.providers.includes(state.runtime);
      select.value = isPossible ? state.runtime : model.provider;
      setText(line, runtimeText(view));
    },
  };
}

function runtimeText(view: View): string {
  const { model, evidence, source } = view;
  if (!model) return isStranded(view) ? 'Nothing runs.' : 'Starting the network…';
  const threads = /^onnx.*wasm/.test(model.runtime)
    ? ` · ${model.threads === 1 ? '1 thread' : `${model.threads} threads`}`
    : '';
  const fallback = model.fallback ? ` Not as chosen: ${model.fallback}.` : '';
  const time = evidence && source === 'live' ? ` · explained in ${milliseconds(evidence.elapsedMs)}` : '';
  return `${model.runtime}${threads}${time}.${fallback}`;
}
