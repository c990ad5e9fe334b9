// What an import costs a page, minified and compressed with brotli. Peers, and packages of ours that a page has anyway, are left outside.

/** As a page would be built; what is left outside stays an import and brings no shim for CommonJS. */
const modifyEsbuildConfig = (config) => ({ ...config, format: 'esm' });

const imports = [
  {
    name: 'core: the arrays (ndarray included)',
    path: 'packages/core/dist/index.js',
    import: '{ view, pack }',
    limit: '3.3 kB',
  },
  {
    name: 'core: one method, beyond ndarray',
    path: 'packages/core/dist/index.js',
    import: '{ gradCam }',
    ignore: ['ndarray'],
    limit: '2 kB',
  },
  {
    name: "core: the hybrid and its parents on arrays of one's own (ndarray included)",
    path: 'packages/core/dist/index.js',
    import: '{ gradCam, layerCam, hybridCam, normalize, upsample, view }',
    limit: '8 kB',
  },
  {
    name: 'core: explain with every method (ndarray included)',
    path: 'packages/core/dist/index.js',
    import: '{ explain }',
    limit: '21 kB',
  },
  {
    name: 'core: everything, every citation included',
    path: 'packages/core/dist/index.js',
    import: '*',
    limit: '28 kB',
  },
  {
    name: 'metrics: everything',
    path: 'packages/metrics/dist/index.js',
    import: '*',
    ignore: ['@hybridcam/core'],
    limit: '14 kB',
  },
  {
    name: 'viz: an overlay as a PNG',
    path: 'packages/viz/dist/index.js',
    import: '{ overlay, viridis, encodePng }',
    ignore: ['@hybridcam/core', 'fflate'],
    limit: '6.6 kB',
  },
  {
    name: 'viz: everything, its font included',
    path: 'packages/viz/dist/index.js',
    import: '*',
    ignore: ['@hybridcam/core', 'fflate'],
    limit: '17 kB',
  },
  {
    name: 'onnx: a model, the gradients of all operators included',
    path: 'packages/onnx/dist/index.js',
    import: '{ createOnnxModel }',
    ignore: ['@hybridcam/core', 'onnxruntime-common'],
    limit: '53 kB',
  },
  {
    name: 'onnx: everything, baking included',
    path: 'packages/onnx/dist/index.js',
    import: '*',
    ignore: ['@hybridcam/core', 'onnxruntime-common'],
    limit: '58 kB',
  },
  {
    name: 'tfjs: everything',
    path: 'packages/tfjs/dist/index.js',
    import: '*',
    ignore: [
      '@hybridcam/core',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-layers',
      '@tensorflow/tfjs-converter',
    ],
    limit: '30 kB',
  },
];

export default imports.map((entry) => ({ ...entry, modifyEsbuildConfig }));
