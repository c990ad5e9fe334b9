import type { PresetName } from '@hybridcam/image';
import { presets } from '@hybridcam/image';
import type { RuntimeWish } from '../protocol.ts';
import { milliseconds } from '../text/format.ts';
import type { Actions, Component, View } from '../view.ts';
import { h, setText } from './dom.ts';

const presetTitles: Readonly<Record<PresetName, string>> = {
  torchvision: 'torchvision: crop 224, ImageNet mean',
  'torchvision-v2': 'torchvision V2: resize 232, crop 224',
  squash: 'squash, ImageNet mean',
  'minus-one-one': 'crop, values −1 … 1',
  'zero-one': 'crop, values 0 … 1',
  'keras-tf': 'Keras: squash, −1 … 1',
  'keras-caffe': 'Keras: BGR, mean subtracted',
  'keras-torch': 'Keras: squash, ImageNet mean',
};

/** Which network runs, on what, and how it reads a picture. */
export function createNetwork(root: HTMLElement, runtimeLine: HTMLElement, actions: Actions): Component {
  const name = h('p', { class: 'network-name' });
  const note = h('p', { class: 'hint' });
  const file = h('input', {
    type: 'file',
    id: 'model-file',
    multiple: true,
    accept: '.onnx,.txt,.json,.data,.bin',
    hidden: true,
  });
  const open = h('button', { type: 'button', id: 'open-model' }, 'Open a model…');
  const back = h('button', { type: 'button', id: 'use-scenes', hidden: true }, 'Back to the sample network');
  const preset = h(
    'select',
    { id: 'preset' },
    ...(Object.keys(presets) as PresetName[]).map((key) => h('option', { value: key }, presetTitles[key])),
  );
  const presetField = h(
    'div',
    { class: 'field', hidden: true },
    h('label', { for: 'preset' }, 'Pictures are prepared as'),
    preset,
  );
  const runtime = h(
    'select',
    { id: 'runtime-wish' },
    h('option', { value: 'wasm' }, 'CPU (WebAssembly)'),
    h('option', { value: 'webgpu' }, 'GPU (WebGPU, 27 MB once)'),
  );
  root.append(
    name,
    note,
    h('div', { class: 'actions' }, open, back),
    file,
    presetField,
    h('div', { class: 'field' }, h('label', { for: 'runtime-wish' }, 'Runs on'), runtime),
  );
  open.addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    if (file.files?.length) actions.openModelFiles([...file.files]);
    file.value = '';
  });
  back.addEventListener('click', () => actions.useScenes());
  preset.addEventListener('change', () => actions.set({ preset: preset.value as PresetName }));
  runtime.addEventListener('change', () => actions.set({ runtime: runtime.value as RuntimeWish }));
  return {
    update(view) {
      const { model, state } = view;
      const own = model?.kind === 'files';
      setText(name, own ? model.name : 'Scenes, a small ResNet');
      name.title = model?.name ?? '';
      setText(note, networkNote(view));
      back.hidden = !own;
      presetField.hidden = !own;
      if (own && model.preset !== 'scenes') preset.value = model.preset;
      runtime.value = state.runtime;
      setText(runtimeLine, runtimeText(view));
    },
  };
}

function networkNote({ model }: View): string {
  if (!model) return 'Knows ten drawn things. Trained for this page; 0.6 MB.';
  if (model.kind === 'scenes') return 'Knows ten drawn things. Trained for this page; 0.6 MB.';
  const parts = [
    `${model.classCount} classes${model.labels ? '' : ', no names (drop a .txt or .json with the model)'}.`,
  ];
  if (model.labelProblem) parts.push(model.labelProblem);
  if (model.presetGuessed)
    parts.push('The preparation below is a guess; choose what the network was trained with.');
  return parts.join(' ');
}

function runtimeText({ model, evidence, source }: View): string {
  if (!model) return 'Starting ONNX Runtime…';
  const threads = /wasm/.test(model.runtime)
    ? ` · ${model.threads === 1 ? '1 thread' : `${model.threads} threads`}`
    : '';
  const fallback = model.fallback ? ` Not on the GPU: ${model.fallback}.` : '';
  const time = evidence && source === 'live' ? ` · explained in ${milliseconds(evidence.elapsedMs)}` : '';
  return `${model.runtime}${threads}${time}.${fallback}`;
}
