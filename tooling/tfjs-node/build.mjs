// Builds @tensorflow/tfjs-node 4.22.0 against the TensorFlow library of a Python wheel, into a cache folder outside the
// lockfile. Its own install script downloads from a host that many networks cannot reach, and no package manager here runs
// install scripts; the library it wants lies in every tensorflow-cpu wheel.
//
//   node tooling/tfjs-node/build.mjs                        fetch the wheel with pip (270 MB), unpack what is needed (0.9 GB)
//   node tooling/tfjs-node/build.mjs --tensorflow DIR       use an installed site-packages/tensorflow
//
// Needs g++ with C++17 and Node's own headers (include/node beside bin/node, as in every release archive). Linux x64.
// Where the result goes: tooling/tfjs-node/.cache, or HYBRIDCAM_TFJS_NODE.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const VERSION = '4.22.0';
const TENSORFLOW = '2.21.0';
const { values } = parseArgs({ options: { tensorflow: { type: 'string' } } });
const cache = path.resolve(process.env.HYBRIDCAM_TFJS_NODE ?? path.join(import.meta.dirname, '.cache'));
const run = (command, args, options = {}) => execFileSync(command, args, { stdio: 'inherit', ...options });

mkdirSync(cache, { recursive: true });
writeFileSync(path.join(cache, 'package.json'), JSON.stringify({ private: true, type: 'commonjs' }));
run(
  'npm',
  [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    `@tensorflow/tfjs-node@${VERSION}`,
  ],
  {
    cwd: cache,
  },
);

const tensorflow = values.tensorflow ? path.resolve(values.tensorflow) : unpackWheel();
const home = path.join(cache, 'node_modules/@tensorflow/tfjs-node');
const library = path.join(home, 'deps/lib');
rmSync(library, { recursive: true, force: true });
mkdirSync(library, { recursive: true });
for (const [name, target] of [
  ['libtensorflow_cc.so.2', 'libtensorflow_cc.so.2'],
  ['libtensorflow.so', 'libtensorflow_cc.so.2'],
  ['libtensorflow.so.2.9.1', 'libtensorflow_cc.so.2'],
  ['libtensorflow_framework.so.2', 'libtensorflow_framework.so.2'],
  ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'],
]) {
  const source = path.join(tensorflow, target);
  if (!existsSync(source)) throw new Error(`${source} is missing: is this the tensorflow folder of a wheel?`);
  symlinkSync(source, path.join(library, name));
}

const headers = path.join(path.dirname(process.execPath), '../include/node');
if (!existsSync(path.join(headers, 'node_api.h')))
  throw new Error(`Node's headers are missing: ${headers}/node_api.h.`);
const output = path.join(home, 'lib/napi-v8/tfjs_binding.node');
mkdirSync(path.dirname(output), { recursive: true });
const sources = readdirSync(path.join(home, 'binding')).filter((name) => name.endsWith('.cc'));
run('g++', [
  '-std=c++17',
  '-O2',
  '-fPIC',
  '-shared',
  '-DNAPI_VERSION=8',
  `-I${headers}`,
  `-I${path.join(tensorflow, 'include')}`,
  ...sources.map((name) => path.join(home, 'binding', name)),
  `-L${library}`,
  '-ltensorflow',
  '-ltensorflow_framework',
  `-Wl,-rpath,${library}`,
  '-Wl,-rpath,$ORIGIN/../../deps/lib',
  '-o',
  output,
]);
console.log(`built ${path.relative(process.cwd(), output)}`);

function unpackWheel() {
  const folder = path.join(cache, 'wheel');
  if (!existsSync(path.join(folder, 'tensorflow/libtensorflow_cc.so.2'))) {
    mkdirSync(folder, { recursive: true });
    run('python3', ['-m', 'pip', 'download', `tensorflow-cpu==${TENSORFLOW}`, '--no-deps', '--dest', folder]);
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
    run('python3', ['-m', 'zipfile', '-e', path.join(folder, wheel), folder]);
    rmSync(path.join(folder, wheel));
  }
  return path.join(folder, 'tensorflow');
}
