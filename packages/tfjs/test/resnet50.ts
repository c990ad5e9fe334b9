import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

type Symbolic = tfl.SymbolicTensor;

/**
 * ResNet-50 in torchvision's topology, its weights computed by the rule of ../shared/README.md (seed 0), so that PyTorch's numbers
 * for it can be compared. Layers have PyTorch's names: `layer3.5` is the output of that block.
 */
export function resnet50(): tfl.LayersModel {
  const { layers } = tfl;
  const weights: [string, tf.Tensor[]][] = [];
  const image = tfl.input({ shape: [224, 224, 3], name: 'input' });
  const relu = (x: Symbolic, name: string): Symbolic => layers.reLU({ name }).apply(x) as Symbolic;

  const convolution = (
    input: Symbolic,
    name: string,
    norm: string,
    [from, to]: [number, number],
    size: number,
    strides = 1,
  ): Symbolic => {
    let x = input;
    const around = (size - 1) / 2;
    // "same" at stride 2 would pad below and right only; PyTorch pads all around.
    if (around > 0 && strides > 1)
      x = layers.zeroPadding2d({ padding: around, name: `${name}.pad` }).apply(x) as Symbolic;
    const padding = around > 0 && strides === 1 ? 'same' : 'valid';
    x = layers
      .conv2d({
        name,
        filters: to,
        kernelSize: size,
        strides,
        padding,
        useBias: false,
        kernelInitializer: 'zeros',
      })
      .apply(x) as Symbolic;
    const kernel = tf.tidy(() =>
      tf.transpose(
        tf.tensor(parameter(`${name}.weight`, [to, from, size, size]), [to, from, size, size]),
        [2, 3, 1, 0],
      ),
    );
    weights.push([name, [kernel]]);
    weights.push([
      norm,
      ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
        tf.tensor1d(parameter(`${norm}.${part}`, [to])),
      ),
    ]);
    return layers.batchNormalization({ name: norm, epsilon: 1e-5 }).apply(x) as Symbolic;
  };

  let x = relu(convolution(image, 'conv1', 'bn1', [3, 64], 7, 2), 'relu');
  x = layers.zeroPadding2d({ padding: 1, name: 'maxpool.pad' }).apply(x) as Symbolic;
  x = layers.maxPooling2d({ poolSize: 3, strides: 2, name: 'maxpool' }).apply(x) as Symbolic;
  let channels = 64;
  for (const [stage, [width, blocks]] of (
    [
      [64, 3],
      [128, 4],
      [256, 6],
      [512, 3],
    ] as [number, number][]
  ).entries()) {
    for (let block = 0; block < blocks; block++) {
      const name = `layer${stage + 1}.${block}`;
      const strides = block === 0 && stage > 0 ? 2 : 1;
      let y = relu(convolution(x, `${name}.conv1`, `${name}.bn1`, [channels, width], 1), `${name}.relu1`);
      y = relu(convolution(y, `${name}.conv2`, `${name}.bn2`, [width, width], 3, strides), `${name}.relu2`);
      y = convolution(y, `${name}.conv3`, `${name}.bn3`, [width, 4 * width], 1);
      const shortcut =
        block === 0
          ? convolution(x, `${name}.downsample.0`, `${name}.downsample.1`, [channels, 4 * width], 1, strides)
          : x;
      x = relu(layers.add({ name: `${name}.add` }).apply([y, shortcut]) as Symbolic, name);
      channels = 4 * width;
    }
  }
  x = layers.globalAveragePooling2d({ name: 'avgpool' }).apply(x) as Symbolic;
  x = layers.dense({ name: 'fc', units: 1000, kernelInitializer: 'zeros' }).apply(x) as Symbolic;
  const head = tf.tidy(() => tf.transpose(tf.tensor2d(parameter('fc.weight', [1000, 2048]), [1000, 2048])));
  weights.push(['fc', [head, tf.tensor1d(parameter('fc.bias', [1000]))]]);
  const model = tfl.model({ inputs: image, outputs: x, name: 'resnet50' });
  for (const [name, values] of weights) {
    model.getLayer(name).setWeights(values);
    tf.dispose(values);
  }
  return model;
}

/** The rule of ../shared/README.md, seed 0. */
function parameter(name: string, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = new Float32Array(size);
  const scale = scaleOf(name, shape);
  const hash = fnv1a32(name);
  for (let i = 0; i < size; i++) {
    let x = (Math.imul(i, 0x9e3779b1) + hash) >>> 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x85ebca6b);
    x ^= x >>> 13;
    x = Math.imul(x, 0xc2b2ae35);
    x ^= x >>> 16;
    values[i] = scale((x >>> 0) / 2 ** 31 - 1);
  }
  return values;
}

function scaleOf(name: string, shape: readonly number[]): (u: number) => number {
  const fanIn = shape.slice(1).reduce((product, extent) => product * extent, 1);
  if (shape.length === 4) return (u) => u * Math.sqrt(3) * Math.sqrt(2 / fanIn);
  if (shape.length === 2) return (u) => u * Math.sqrt(3) * Math.sqrt(1 / fanIn);
  if (name.endsWith('running_mean')) return (u) => 0.1 * u;
  if (name.endsWith('running_var')) return (u) => 1 + 0.2 * u;
  if (name.endsWith('weight')) return (u) => (name.includes('bn3') ? 0.25 : 1) * (1 + 0.2 * u);
  return (u) => 0.1 * u;
}

function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
