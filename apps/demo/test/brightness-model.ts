import { writeModel } from '@hybridcam/onnx';

/** Three classes, one per colour channel, behind a strided mean: small, but with every part of a real classifier. */
export function brightnessModel(): Uint8Array {
  const kernel = new Float32Array(3 * 3 * 4 * 4);
  for (let c = 0; c < 3; c++) kernel.fill(1 / 16, (c * 3 + c) * 16, (c * 3 + c + 1) * 16);
  return writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'image', dataType: 'float32', shape: ['batch', 3, 32, 32] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: ['batch', 3] }],
      nodes: [
        {
          opType: 'Conv',
          name: '/features/Conv',
          inputs: ['image', 'kernel'],
          outputs: ['mean'],
          attributes: { strides: [4, 4], kernel_shape: [4, 4] },
        },
        { opType: 'Relu', name: '/features/Relu', inputs: ['mean'], outputs: ['map'] },
        { opType: 'GlobalAveragePool', inputs: ['map'], outputs: ['pooled'] },
        { opType: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
        { opType: 'Gemm', inputs: ['flat', 'weight', 'bias'], outputs: ['logits'] },
      ],
      initializers: [
        { name: 'kernel', dims: [3, 3, 4, 4], dataType: 'float32', data: kernel },
        {
          name: 'weight',
          dims: [3, 3],
          dataType: 'float32',
          data: Float32Array.of(3, -1, -1, -1, 3, -1, -1, -1, 3),
        },
        { name: 'bias', dims: [3], dataType: 'float32', data: Float32Array.of(0, 0.1, 0.2) },
      ],
    },
  });
}
