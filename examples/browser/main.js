// npx vite examples/browser
// The picture stays on the visitor's machine: model and mathematics run in the page.
import { explain, hybrid } from '@hybridcam/core';
import { placeOnOriginal, preprocess } from '@hybridcam/image';
import { decode } from '@hybridcam/image/browser';
import { createOnnxModel } from '@hybridcam/onnx';
import { inferno, overlay } from '@hybridcam/viz';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import * as ort from 'onnxruntime-web/wasm';

const input = document.querySelector('input');
const status = document.querySelector('[role=status]');
const canvas = document.querySelector('canvas');

// The small network that comes along. Yours: new Uint8Array(await (await fetch('model.onnx')).arrayBuffer())
const bytes = await scenesOnnxModel();
const model = await createOnnxModel(bytes, { ort, name: 'scenes' });
// As this network was trained; for torchvision's models { preset: 'torchvision' } is enough.
const preprocessing = {
  preset: 'minus-one-one',
  resize: { mode: 'squash', size: 96 },
  crop: { mode: 'none' },
};
status.textContent = 'Ready.';

input.addEventListener('change', async () => {
  try {
    const image = await decode(input.files[0]);
    const prepared = preprocess(image, preprocessing);
    const {
      saliencyMap,
      record,
      status: outcome,
    } = await explain(model, prepared.input, {
      method: hybrid({ alpha: 0.7 }),
    });
    const { map } = placeOnOriginal(saliencyMap, prepared.geometry);
    const shown = overlay(image, map, {
      colormap: inferno,
      weighting: 'value',
      opacity: 0.8,
      status: outcome,
    });
    canvas.width = shown.width;
    canvas.height = shown.height;
    canvas
      .getContext('2d')
      .putImageData(new ImageData(new Uint8ClampedArray(shown.data), shown.width, shown.height), 0, 0);
    canvas.hidden = false;
    status.textContent = `Class ${record.class.index}, ${(100 * record.class.probability).toFixed(1)} %: ${outcome}.`;
  } catch (error) {
    // Every error of ours says what was wrong and what to do.
    status.textContent = error.message;
  }
});
