// The first run in a fresh clone: draws the sample scenes, explains them with the network that comes along, says what to try next.
// Needs `tsc -b packages/hybridcam` before; downloads nothing.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../../packages/hybridcam/dist/cli/main.js';
import { picture } from '../../packages/hybridcam/dist/picture.js';
import { exampleScenes, generateScene } from '../../packages/scenes/dist/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);
const out = 'hybridcam-out';
const scenes = path.join(out, 'scenes');

for (const { name, options } of exampleScenes) {
  await picture(generateScene(options).image).save(path.join(scenes, `${name}.png`));
}

const explain = async (what, ...args) => {
  const code = await main(['explain', what, '--model', 'scenes', '--out', out, ...args]);
  if (code !== 0) process.exit(code);
};
await explain(scenes);
const both = path.join(scenes, 'mushroom-and-butterfly.png');
await explain(both, '--class', 'top2', '--save', 'overlay', '--quiet');
await explain(scenes, '--save', 'sheet', '--alpha', '0,0.3,0.5,0.7,1', '--quiet');
const methods = 'grad-cam,layer-cam,hybrid,cross-layer-hybrid';
await explain(scenes, '--save', 'sheet', '--method', methods, '--quiet');

process.stdout.write(`Look into ${out}:
  sheet.methods.png    every scene, explained by four methods side by side
  sheet.hybrid.png     what the mix alpha does, from LayerCAM to Grad-CAM
  *.overlay.png        one scene each; of the mushroom and the butterfly one per class
  *.record.json        how each map was made

Now your own photograph and model, any ONNX classifier:

  pnpm -s hybridcam explain photo.jpg --model model.onnx --labels labels.txt
  pnpm -s hybridcam layers model.onnx
  pnpm -s hybridcam explain --help

Without pnpm on the machine write npx -y pnpm@12.21.0 in its place.
`);
