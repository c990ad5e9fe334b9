/**
 * Measures on held-out scenes what must hold before any map is judged. Exits with 1 when a gate fails.
 *
 *   node tooling/scenes/gates.mjs main [FILE.safetensors] [--count 2000]
 *   node tooling/scenes/gates.mjs confounded FILE.safetensors
 *   node tooling/scenes/gates.mjs balanced FILE.safetensors
 *
 * Without a file: the network that the package carries. Run `pnpm build` first.
 */
import { parseArgs } from 'node:util';
import {
  heldOutSeed,
  renderScene,
  sampleScene,
  sceneClasses,
  withMovedMark,
  withoutObject,
  withSwappedBackground,
} from '@hybridcam/scenes';
import { openSession, readNetwork } from './network-session.mjs';

const { values, positionals } = parseArgs({
  options: { count: { type: 'string', default: '2000' } },
  allowPositionals: true,
});
const [kind = 'main', path] = positionals;
const count = Number(values.count);
const classes = sceneClasses.length;
const network = await readNetwork(path);
const session = await openSession(network);
const rows = [];
let failed = false;

function gate(what, value, rule, holds) {
  failed ||= !holds;
  rows.push([what, value.toFixed(4), rule, holds ? 'holds' : 'FAILS']);
}

/** The held-out scenes, one class after the other, and what the network says of each after a change. */
const specs = Array.from({ length: count }, (_, i) =>
  sampleScene({
    seed: heldOutSeed + i,
    className: sceneClasses[i % classes],
    ...(kind === 'main' ? {} : { kind: 'clever-hans', variant: kind }),
  }),
);
async function predictions(change) {
  const answers = [];
  for (let start = 0; start < count; start += 100) {
    const scenes = specs.slice(start, start + 100).map((spec, i) => renderScene(change(spec, start + i)));
    answers.push(...(await session.predict(scenes)));
  }
  return answers;
}
const share = (holds) => specs.filter((_, i) => holds(i)).length / count;

const truth = specs.map((_, i) => i % classes);
const plain = await predictions((spec) => spec);
gate(
  'accuracy',
  share((i) => plain[i] === truth[i]),
  '≥ 0.98',
  share((i) => plain[i] === truth[i]) >= 0.98,
);

if (kind === 'main') {
  const removed = await predictions((spec) => withoutObject(spec));
  const guess = share((i) => removed[i] === truth[i]);
  const spread = 3 * Math.sqrt((1 / classes) * (1 - 1 / classes) * (1 / count));
  gate(
    'accuracy without the object',
    guess,
    `1/${classes} ± ${spread.toFixed(4)}`,
    Math.abs(guess - 1 / classes) <= spread,
  );
  const swapped = await predictions((spec, i) => withSwappedBackground(spec, heldOutSeed + i));
  const kept = share((i) => swapped[i] === plain[i]);
  gate('same prediction before another background', kept, '≥ 0.98', kept >= 0.98);
} else {
  const other = (i) => (specs[i].mark.classIndex + 1 + (i % (classes - 1))) % classes;
  const moved = await predictions((spec, i) => withMovedMark(spec, { classIndex: other(i) }));
  const flips = share((i) => moved[i] !== plain[i]);
  if (kind === 'confounded') gate('flips when the mark changes', flips, '≥ 0.95', flips >= 0.95);
  else gate('flips when the mark changes', flips, '≤ 0.02', flips <= 0.02);
  rows.push(['prediction follows the mark', share((i) => moved[i] === other(i)).toFixed(4), '', '']);
  const carried = await predictions((spec, i) =>
    withMovedMark(spec, { corner: otherCorner(spec.mark.corner, i) }),
  );
  const same = share((i) => carried[i] === plain[i]);
  rows.push(['same prediction with the mark in another corner', same.toFixed(4), '', '']);
  const bare = await predictions((spec) => ({ ...spec, mark: null }));
  rows.push(['accuracy without a mark', share((i) => bare[i] === truth[i]).toFixed(4), '', '']);
}

function otherCorner(corner, i) {
  const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'].filter((name) => name !== corner);
  return corners[i % corners.length];
}

console.log(`${kind} network, SHA-256 ${network.sha256}, ${count} held-out scenes\n`);
console.log('| gate | measured | rule | |\n|---|---|---|---|');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
process.exitCode = failed ? 1 : 0;
