import type { Parameter } from '../network/network.ts';

/** PyTorch's [out, in, height, width] as TensorFlow's [height, width, in, out]. */
export function convolutionKernel({ shape, data }: Parameter): Parameter {
  const [outChannels, inChannels, height, width] = shape as [number, number, number, number];
  const cells = height * width;
  const values = new Float32Array(data.length);
  for (let out = 0, from = 0; out < outChannels; out++) {
    for (let channel = 0; channel < inChannels; channel++) {
      for (let cell = 0; cell < cells; cell++, from++) {
        values[(cell * inChannels + channel) * outChannels + out] = data[from]!;
      }
    }
  }
  return { shape: [height, width, inChannels, outChannels], data: values };
}

/** PyTorch's depthwise [channels · multiplier, 1, height, width] as [height, width, channels, multiplier]. */
export function depthwiseKernel({ shape, data }: Parameter, multiplier: number): Parameter {
  const [outChannels, , height, width] = shape as [number, number, number, number];
  const cells = height * width;
  const values = new Float32Array(data.length);
  for (let out = 0, from = 0; out < outChannels; out++) {
    for (let cell = 0; cell < cells; cell++, from++) values[cell * outChannels + out] = data[from]!;
  }
  return { shape: [height, width, outChannels / multiplier, multiplier], data: values };
}

/** [out, in] as [in, out]. */
export function denseKernel({ shape, data }: Parameter): Parameter {
  const [outFeatures, inFeatures] = shape as [number, number];
  const values = new Float32Array(data.length);
  for (let out = 0, from = 0; out < outFeatures; out++) {
    for (let i = 0; i < inFeatures; i++, from++) values[i * outFeatures + out] = data[from]!;
  }
  return { shape: [inFeatures, outFeatures], data: values };
}
