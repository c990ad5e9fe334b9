import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { command } from './command.mjs';

/** Compilers a user may have: the oldest our declarations are held to, and the newest there is. */
const TYPESCRIPTS = { oldest: '5.2.2', newest: '7.0.2' };
const RUNTIMES = { 'onnxruntime-node': '1.30.0', 'onnxruntime-web': '1.30.0' };
const TENSORFLOW = ['tfjs-core', 'tfjs-layers', 'tfjs-converter', 'tfjs-backend-cpu', 'tfjs-backend-wasm'];
const TENSORFLOW_VERSION = '4.22.0';
const VITE = '8.3.8';
const NODE_TYPES = '20.19.25';

/**
 * Projects of people who have never seen this repository, made of what the registry gives them, each one thing they would do.
 * @param {{ scratch: string, registry: string, packages: import('./published-packages.mjs').PublishedPackage[] }} where
 * @returns {[title: string, run: () => Promise<void>][]} in order: the last ones build on the project before
 */
export function strangers({ scratch, registry, packages }) {
  const version = (name) => packages.find((entry) => entry.name === name).manifest.version;
  const ours = (name) =>
    name === 'hybridcam' ? `${registry}hybridcam/-/${version(name)}.tgz` : version(name);
  const main = path.join(scratch, 'front-door');

  const project = async (folder, dependencies, scripts = ['--ignore-scripts']) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, '.npmrc'), `@hybridcam:registry=${registry}\n`);
    const manifest = { name: 'stranger', private: true, type: 'module', dependencies };
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
    await command(
      'npm',
      ['install', ...scripts, '--no-audit', '--no-fund', '--fetch-retries=5', '--loglevel=error'],
      {
        cwd: folder,
      },
    );
  };
  const alone = (name, scripts) => async () => {
    const folder = path.join(scratch, `alone-${name}`);
    await project(folder, { [`@hybridcam/${name}`]: version(`@hybridcam/${name}`) });
    for (const script of scripts) {
      copyFileSync(path.join(import.meta.dirname, 'strangers', script), path.join(folder, script));
      await command('node', [script], { cwd: folder });
    }
  };

  return [
    ['core alone, with own arrays, as a module and through require', alone('core', ['core.mjs', 'core.cjs'])],
    ['metrics alone, with a made-up score', alone('metrics', ['metrics.mjs'])],
    ['viz alone', alone('viz', ['viz.mjs'])],
    [
      'npm install hybridcam, npx hybridcam scenes and explain',
      async () => {
        await project(main, { hybridcam: ours('hybridcam') });
        await command('npx', ['--no', 'hybridcam', 'scenes', '--count', '2', '--out', 'scenes'], {
          cwd: main,
        });
        const explained = await command(
          'npx',
          ['--no', 'hybridcam', 'explain', 'scenes', '--model', 'scenes', '--json'],
          { cwd: main },
        );
        const lines = explained
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
        if (lines.length !== 2 || lines.some((line) => line.status !== 'ok')) {
          throw new Error(`hybridcam explain --json answered\n${explained}`);
        }
      },
    ],
    [
      'npx hybridcam from nothing: an empty folder and an empty cache',
      async () => {
        const folder = path.join(scratch, 'empty');
        mkdirSync(folder);
        const env = {
          ...process.env,
          'npm_config_@hybridcam:registry': registry,
          npm_config_cache: path.join(scratch, 'empty-cache'),
          npm_config_ignore_scripts: 'true',
          npm_config_fetch_retries: '5',
        };
        const start = ['--yes', `--package=${ours('hybridcam')}`, 'hybridcam'];
        await command('npx', [...start, 'scenes', '--count', '1', '--out', 'scenes'], { cwd: folder, env });
        if (!readdirSync(path.join(folder, 'scenes')).some((file) => file.endsWith('.png')))
          throw new Error('npx hybridcam scenes wrote no picture.');
      },
    ],
    [
      'npm install hybridcam with install scripts, told not to fetch CUDA',
      async () => {
        const folder = path.join(scratch, 'with-scripts');
        await project(folder, { hybridcam: ours('hybridcam') }, [
          '--ignore-scripts=false',
          '--onnxruntime-node-install=skip',
        ]);
        await command('npx', ['--no', 'hybridcam', 'doctor', '--model', 'scenes'], { cwd: folder });
      },
    ],
    [
      'everything installed together',
      () =>
        project(main, {
          ...Object.fromEntries(packages.map(({ name }) => [name, ours(name)])),
          ...RUNTIMES,
          ...Object.fromEntries(TENSORFLOW.map((name) => [`@tensorflow/${name}`, TENSORFLOW_VERSION])),
          ...Object.fromEntries(
            Object.entries(TYPESCRIPTS).map(([age, number]) => [
              `typescript-${age}`,
              `npm:typescript@${number}`,
            ]),
          ),
          '@types/node': NODE_TYPES,
          vite: VITE,
        }),
    ],
    [
      'require of core, image, metrics, onnx, viz and hybridcam from CommonJS',
      async () => {
        copyFileSync(path.join(import.meta.dirname, 'strangers/require.cjs'), path.join(main, 'require.cjs'));
        await command('node', ['require.cjs'], { cwd: main });
      },
    ],
    ['the snippet of every README', () => readmeSnippets(main, packages)],
    ...Object.keys(TYPESCRIPTS).flatMap((age) =>
      ['nodenext', 'bundler'].map((resolution) => [
        `TypeScript ${TYPESCRIPTS[age]}, ${resolution}: every declaration`,
        () => declarations(main, packages, age, resolution),
      ]),
    ),
    ['a Vite build for production', () => page(main)],
  ];
}

/** Compiles and runs the first `ts` block of each installed README, beside the files that the snippets name. */
async function readmeSnippets(folder, packages) {
  await command('npx', ['--no', 'hybridcam', 'scenes', '--count', '1', '--out', 'one'], { cwd: folder });
  writeFileSync(
    path.join(folder, 'inputs.mjs'),
    `import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { sceneClasses } from '@hybridcam/scenes';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
writeFileSync('model.onnx', await scenesOnnxModel());
writeFileSync('labels.txt', sceneClasses.join('\\n'));
copyFileSync('one/' + readdirSync('one').find((name) => name.endsWith('.png')), 'cat.jpg');
`,
  );
  await command('node', ['inputs.mjs'], { cwd: folder });
  const files = packages.map(({ name }) => {
    const readme = readFileSync(path.join(folder, 'node_modules', name, 'README.md'), 'utf8');
    const block = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
    if (!block) throw new Error(`${name}: README.md has no ts block.`);
    const file = `readme-${name.replace(/^@hybridcam\//, '')}.ts`;
    writeFileSync(path.join(folder, file), `${block}\nexport {};\n`);
    return file;
  });
  await compile(folder, 'newest', { module: 'nodenext', outDir: 'readme', types: ['node'] }, files);
  for (const file of files)
    await command('node', [path.join('readme', file.replace(/ts$/, 'js'))], { cwd: folder });
}

/** Type-checks every entry point of every package, the declarations themselves included. */
async function declarations(folder, packages, age, resolution) {
  const entries = packages.flatMap(({ name, manifest }) =>
    Object.keys(manifest.exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => path.posix.join(name, entry)),
  );
  const file = `declarations-${age}-${resolution}.ts`;
  const lines = entries.map((entry, i) => `import * as m${i} from '${entry}';\nexport { m${i} };`);
  writeFileSync(path.join(folder, file), `${lines.join('\n')}\n`);
  const module = resolution === 'nodenext' ? 'nodenext' : 'esnext';
  await compile(folder, age, { module, moduleResolution: resolution, noEmit: true, types: ['node'] }, [file]);
}

async function compile(folder, age, options, files) {
  const config = `tsconfig-${files[0]}.json`;
  const compilerOptions = {
    target: 'es2022',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    strict: true,
    ...options,
  };
  writeFileSync(path.join(folder, config), JSON.stringify({ compilerOptions, files }, null, 2));
  try {
    await command('node', [`node_modules/typescript-${age}/bin/tsc`, '-p', config], { cwd: folder });
  } catch (error) {
    // Declarations of others that do not compile (TensorFlow.js' do not) are theirs; ours must, also where a user checks all of them.
    const ours = error.message
      .split('\n')
      .filter((line) => /^(node_modules\/(@hybridcam\/|hybridcam\/)|[^/\s]+\.ts\()/.test(line));
    if (ours.length > 0) throw new Error(ours.join('\n'));
  }
}

/** Builds a page that imports the browser's side of every package. */
async function page(folder) {
  copyFileSync(path.join(import.meta.dirname, 'strangers/page.mjs'), path.join(folder, 'page.mjs'));
  writeFileSync(path.join(folder, 'index.html'), '<script type="module" src="/page.mjs"></script>\n');
  await command('node', ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'], { cwd: folder });
}
