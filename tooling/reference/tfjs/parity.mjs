// Maps of the tfjs form of MobileNetV2 against those of its ONNX form in ONNX Runtime, for every method, photograph and backend.
//
//   node tooling/reference/tfjs/parity.mjs [--backend wasm,cpu,tensorflow,chromium:wasm,chromium:webgl,chromium:webgpu]
//                                          [--photographs 20] [--many 20] [--write]
//
// --many: for how many of the photographs the methods run that take many passes. --write: one table per backend in
// RESULTS.md beside this script. Exit code 1 where a map is beyond its tolerance and no rounding at a kink explains it. Needs ../shared;
// tensorflow needs tooling/tfjs-node/build.mjs.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withTestSources } from './with-test-sources.mjs';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'wasm' },
    photographs: { type: 'string', default: '20' },
    many: { type: 'string', default: '20' },
    write: { type: 'boolean', default: false },
  },
});
const results = new URL('./RESULTS.md', import.meta.url);
let failed = false;

await withTestSources(async (load) => {
  const { runParity } = await load('/test/parity/run-parity.ts');
  await runParity({
    backends: values.backend.split(','),
    photographs: Number(values.photographs),
    many: Number(values.many),
    onReport(backend, report, seconds) {
      const text = section(backend, report);
      console.log(`${text}\n${seconds.toFixed(0)} s\n`);
      for (const complaint of report.complaints) console.log(`  ${complaint}`);
      failed ||= report.complaints.length > 0;
      if (values.write) replaceSection(backend, text);
    },
  });
});
process.exit(failed ? 1 : 0);

function section(backend, { rows, flips, complaints }) {
  const table = rows.map(
    ({ title, photographs, worst, tolerance }) =>
      `| ${title} | ${photographs} | ${worst.toExponential(1)} | ${tolerance.toExponential(0)} |`,
  );
  const notes = flips.map(({ title, photograph, difference, differenceWithoutFlips, kinks }) => {
    const where = kinks.map(
      ({ layer, flipped, farthest, others }) =>
        `${flipped} of ${layer} (${farthest.toExponential(1)} apart; its other activations up to ${others.toExponential(1)})`,
    );
    return (
      `${title}, ${photograph}: ${difference.toExponential(1)}; with the activations on the same side ` +
      `${differenceWithoutFlips.toExponential(1)}. On different sides: ${where.join(', ')}.`
    );
  });
  return [
    `## ${backend}`,
    '',
    '| method @ layer | photographs | largest difference | tolerance |',
    '| --- | --: | --: | --: |',
    ...table,
    '',
    ...notes.flatMap((note) => [note, '']),
    complaints.length === 0 ? 'Nothing else is beyond its tolerance.' : `${complaints.length} unexplained.`,
    '',
  ].join('\n');
}

/** Other backends' tables stay. */
function replaceSection(backend, text) {
  const [head, ...sections] = readFileSync(results, 'utf8').split(/^(?=## )/m);
  const others = sections.filter((other) => !other.startsWith(`## ${backend}\n`));
  writeFileSync(results, [head, ...others, text].join(''));
}
