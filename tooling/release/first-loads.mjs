// The second half of `pnpm sizes`: what a page downloads before its first explanation, without what it fetches later if it is asked for.
// Needs `pnpm build` before.
import path from 'node:path';
import { firstLoad } from './first-load.mjs';

const root = path.resolve(import.meta.dirname, '../..');
/** Budgets in bytes. Core's is what `explain` needs with the hybrid; docs/limits.md says what it is made of. */
const imports = [
  {
    name: 'core: explain with the hybrid (ndarray included)',
    package: 'core',
    import: '{ explain }',
    most: 8_000,
  },
  {
    name: 'onnx: a model',
    package: 'onnx',
    import: '{ createOnnxModel }',
    ignore: ['@hybridcam/core', 'onnxruntime-common'],
    most: 30_000,
  },
  {
    name: 'viz: an overlay as a PNG',
    package: 'viz',
    import: '{ overlay, viridis, encodePng }',
    ignore: ['@hybridcam/core', 'fflate'],
    most: 6_400,
  },
  {
    name: 'viz: a labelled sheet over α as a PNG',
    package: 'viz',
    import: '{ alphaSheet, viridis, encodePng }',
    ignore: ['@hybridcam/core', 'fflate'],
    most: 11_600,
  },
  {
    name: 'viz: a figure of pictures and overlays as a PNG',
    package: 'viz',
    import: '{ resultSheet, overlay, jet, encodePng }',
    ignore: ['@hybridcam/core', 'fflate'],
    most: 11_900,
  },
  {
    name: 'viz: curves as SVG',
    package: 'viz',
    import: '{ curveSvg }',
    ignore: ['@hybridcam/core', 'fflate'],
    most: 2_600,
  },
];

console.log('\nFirst loads, minified and compressed with brotli');
for (const { name, package: folder, most, ...entry } of imports) {
  const { first, later } = await firstLoad({
    ...entry,
    path: path.join(root, 'packages', folder, 'dist/index.js'),
  });
  const text = `${name}: ${(first / 1000).toFixed(1)} kB of ${most / 1000} kB, ${(later / 1000).toFixed(1)} kB on demand`;
  if (first <= most) console.log(`  ${text}`);
  else {
    console.error(`  ${text}: over the budget`);
    process.exitCode = 1;
  }
}
