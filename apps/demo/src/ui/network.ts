import type { PresetName } from '@hybridcam/image';
import { presets } from '@hybridcam/image';
import { freshExplanation } from '../state.ts';
import type { Actions, Component, View } from '../view.ts';
import { h, setText } from './dom.ts';
import { createNamedNetworks } from './named-networks.ts';
import { createRuntimeChoice } from './runtime-choice.ts';

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
    accept: '.onnx,.txt,.json,.data,.bin,.pth,.safetensors',
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
  const runtime = createRuntimeChoice(runtimeLine, actions);
  const named = createNamedNetworks(actions);
  root.append(
    name,
    note,
    h('div', { class: 'actions' }, open, back),
    file,
    presetField,
    named.element,
    runtime.element,
  );
  open.addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    if (file.files?.length) actions.openFiles([...file.files]);
    file.value = '';
  });
  back.addEventListener('click', () =>
    actions.set({ ...freshExplanation, model: 'scenes', preset: undefined }),
  );
  preset.addEventListener('change', () => actions.set({ preset: preset.value as PresetName }));
  return {
    update(view) {
      const { model } = view;
      const isScenes = model === undefined || model.kind === 'scenes';
      const own = model?.kind === 'files';
      setText(name, isScenes ? 'Scenes, a small ResNet' : model.name);
      name.title = model?.name ?? '';
      setText(note, networkNote(view));
      back.hidden = isScenes;
      presetField.hidden = !own;
      if (own && model.preset !== 'scenes') preset.value = model.preset;
      runtime.update(view);
      named.update(view);
    },
  };
}

function networkNote({ model }: View): string {
  if (!model || model.kind === 'scenes') return 'Knows ten drawn things. Trained for this page; 0.6 MB.';
  const parts = [
    `${model.classCount} classes${model.labels ? '' : ', no names (drop them as a .txt or .json)'}.`,
  ];
  if (model.labelProblem) parts.push(model.labelProblem);
  if (model.presetGuessed)
    parts.push('The preparation below is a guess; choose what the network was trained with.');
  return parts.join(' ');
}
