// Maps of the tfjs form of a network against those of its ONNX form in ONNX Runtime, for every method, picture and backend.
//
//   node tooling/reference/tfjs/parity.mjs [--network mobilenet_v2|scenes]
//                                          [--backend wasm,cpu,tensorflow,chromium:wasm,chromium:webgl,chromium:webgpu]
//                                          [--pictures 20] [--many 20] [--every-channel 20] [--keep FILE] [--write]
//
// --many: for how many of the pictures the methods run that take many passes; --every-channel: ablation at the middle layer, which
// takes hundreds. --keep: what is found goes line by line into the file, and a run that finds it there takes only what is missing.
// --write: one table per backend in RESULTS.md beside this script. Exit code 1 where a map is beyond its tolerance and no rounding at
// a kink explains it. mobilenet_v2 needs ../shared; tensorflow needs tooling/tfjs-node/build.mjs.
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { scenesParityNetwork } from './scenes-network.mjs';
import { withTestSources } from './with-test-sources.mjs';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'mobilenet_v2' },
    backend: { type: 'string', default: 'wasm' },
    pictures: { type: 'string', default: '20' },
    many: { type: 'string', default: '20' },
    'every-channel': { type: 'string', default: '20' },
    keep: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const results = new URL('./RESULTS.md', import.meta.url);
const count = Number(values.pictures);
let failed = false;

const networks = {
  async mobilenet_v2(load) {
    const { mobilenetV2, photographNames } = await load('/test/parity/mobilenet-v2.ts');
    return mobilenetV2(photographNames(count));
  },
  scenes: (load) => scenesParityNetwork(load, count),
};
if (!Object.hasOwn(networks, values.network)) {
  throw new Error(`--network: expected ${Object.keys(networks).join(' or ')}; received ${values.network}.`);
}

await withTestSources(async (load) => {
  const { runParity } = await load('/test/parity/run-parity.ts');
  const network = await networks[values.network](load);
  await runParity({
    network,
    backends: values.backend.split(','),
    counts: { once: count, many: Number(values.many), 'every-channel': Number(values['every-channel']) },
    earlier: (backend) =>
      keptLines().flatMap((kept) =>
        kept.network === values.network && kept.backend === backend ? kept.report : [],
      ),
    onPicture(backend, report) {
      if (!values.keep) return;
      appendFileSync(values.keep, `${JSON.stringify({ network: values.network, backend, report })}\n`);
    },
    onReport(backend, report) {
      const title = `${values.network} on ${backend}`;
      const text = section(title, report);
      console.log(text);
      for (const complaint of report.complaints) console.log(`  ${complaint}`);
      failed ||= report.complaints.length > 0;
      if (values.write) replaceSection(title, text);
    },
  });
  if (values.network === 'scenes') rmSync(network.tfjs, { recursive: true });
});
process.exit(failed ? 1 : 0);

function keptLines() {
  if (!values.keep || !existsSync(values.keep)) return [];
  return readFileSync(values.keep, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function section(heading, { rows, flips, complaints }) {
  const table = rows.map(
    ({ title, pictures, worst, tolerance }) =>
      `| ${title} | ${pictures} | ${worst.toExponential(1)} | ${tolerance.toExponential(0)} |`,
  );
  const notes = flips.map(({ title, picture, difference, differenceWithoutFlips, kinks }) => {
    const where = kinks.map(
      ({ layer, flipped, farthest, others }) =>
        `${flipped} of ${layer} (${farthest.toExponential(1)} apart; its other activations up to ${others.toExponential(1)})`,
    );
    return (
      `${title}, ${picture}: ${difference.toExponential(1)}; with the activations on the same side ` +
      `${differenceWithoutFlips.toExponential(1)}. On different sides: ${where.join(', ')}.`
    );
  });
  return [
    `## ${heading}`,
    '',
    '| method @ layer | pictures | largest difference | tolerance |',
    '| --- | --: | --: | --: |',
    ...table,
    '',
    ...notes.flatMap((note) => [note, '']),
    complaints.length === 0 ? 'Nothing else is beyond its tolerance.' : `${complaints.length} unexplained.`,
    '',
  ].join('\n');
}

/** All other tables stay. */
function replaceSection(heading, text) {
  const [head, ...sections] = readFileSync(results, 'utf8').split(/^(?=## )/m);
  const others = sections.filter((other) => !other.startsWith(`## ${heading}\n`));
  writeFileSync(results, [head, ...others, text].join(''));
}
