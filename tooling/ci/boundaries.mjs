// Import directions are a rule of the build, not a habit: arrows point down only, none within a level (ARCHITECTURE.md).
// pnpm's isolation already makes an undeclared sibling unresolvable; this check keeps it from being declared.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What each room may import of ours at run time. Tests may reach further through devDependencies. */
const allowed = {
  '@hybridcam/core': [],
  '@hybridcam/image': ['@hybridcam/core'],
  '@hybridcam/onnx': ['@hybridcam/core'],
  '@hybridcam/tfjs': ['@hybridcam/core'],
  '@hybridcam/scenes': ['@hybridcam/core'],
  '@hybridcam/metrics': ['@hybridcam/core'],
  '@hybridcam/viz': ['@hybridcam/core'],
  '@hybridcam/zoo': ['@hybridcam/core', '@hybridcam/scenes', '@hybridcam/onnx', '@hybridcam/tfjs'],
  hybridcam: [
    '@hybridcam/core',
    '@hybridcam/image',
    '@hybridcam/onnx',
    '@hybridcam/tfjs',
    '@hybridcam/scenes',
    '@hybridcam/metrics',
    '@hybridcam/viz',
    '@hybridcam/zoo',
  ],
};

/**
 * What each room may declare from elsewhere: the last column of ARCHITECTURE.md's table. An app is a user of ours and may take
 * what it needs, except what would go round a room of ours.
 */
const external = {
  '@hybridcam/core': ['ndarray', '@types/ndarray'],
  '@hybridcam/image': ['sharp'],
  '@hybridcam/onnx': ['onnxruntime-common', '@noble/hashes'],
  '@hybridcam/tfjs': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-converter'],
  '@hybridcam/scenes': ['@noble/hashes'],
  '@hybridcam/metrics': [],
  '@hybridcam/viz': ['fflate'],
  '@hybridcam/zoo': ['@noble/hashes', '@tensorflow/tfjs-core', '@tensorflow/tfjs-layers'],
  hybridcam: [
    'onnxruntime-common',
    'onnxruntime-node',
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-layers',
    '@tensorflow/tfjs-converter',
    '@tensorflow/tfjs-backend-cpu',
    '@tensorflow/tfjs-backend-wasm',
  ],
};
/** Each belongs to one room; an app reaches it through that room. */
const ownedByRooms = ['ndarray', 'sharp', 'fflate'];

const importPattern = /(?:from\s+|import\s*\(\s*|import\s+)['"]([^'"]+)['"]/g;
const problems = [];

for (const room of readdirSync('packages')) {
  const manifestPath = path.join('packages', room, 'package.json');
  if (!existsSync(manifestPath)) continue;
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  const permitted = allowed[manifest.name];
  if (!permitted || !external[manifest.name]) {
    problems.push(
      `${manifestPath}: package "${manifest.name}" lacks a row in allowed or external of tooling/ci/boundaries.mjs.`,
    );
    continue;
  }
  const declared = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  };
  for (const name of Object.keys(declared)) {
    if (isOurs(name) && !permitted.includes(name)) {
      problems.push(`${manifestPath}: ${manifest.name} may not depend on ${name}.`);
    }
    if (!isOurs(name) && !external[manifest.name].includes(name)) {
      problems.push(
        `${manifestPath}: ${manifest.name} may not depend on ${name}; a new dependency is a row of ARCHITECTURE.md and of tooling/ci/boundaries.mjs.`,
      );
    }
  }
  for (const entry of readdirSync(path.join('packages', room, 'src'), { recursive: true })) {
    if (!entry.endsWith('.ts')) continue;
    const file = path.join('packages', room, 'src', entry);
    for (const [, specifier] of withoutComments(readFileSync(file, 'utf8')).matchAll(importPattern)) {
      const name = specifier.startsWith('@')
        ? specifier.split('/').slice(0, 2).join('/')
        : specifier.split('/')[0];
      if (isOurs(name) && name !== manifest.name && !permitted.includes(name)) {
        problems.push(`${file}: ${manifest.name} may not import ${name}.`);
      }
      if (isForeign(specifier, name) && !external[manifest.name].includes(name)) {
        problems.push(`${file}: ${manifest.name} may not import ${name}.`);
      }
      if (specifier.startsWith('.') && /(^|\/)\.\.\/\.\.\/[a-z]+\/src/.test(specifier)) {
        problems.push(`${file}: reaches into another package by path (${specifier}).`);
      }
    }
  }
}

for (const app of readdirSync('apps')) {
  const manifestPath = path.join('apps', app, 'package.json');
  if (!existsSync(manifestPath)) continue;
  const { dependencies = {} } = JSON.parse(readFileSync(manifestPath, 'utf8'));
  for (const name of Object.keys(dependencies).filter((entry) => ownedByRooms.includes(entry))) {
    problems.push(`${manifestPath}: an app may not depend on ${name}; the room that owns it serves it.`);
  }
}

/** Examples in comments import what their reader has. */
function withoutComments(source) {
  return source.replace(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, '');
}

function isOurs(name) {
  return name.startsWith('@hybridcam/') || name === 'hybridcam';
}

/** A package from a registry: neither a file of the room, nor Node's, nor ours. */
function isForeign(specifier, name) {
  return !/^[.#]|^node:/.test(specifier) && /^[@a-z][\w@/.-]*$/.test(specifier) && !isOurs(name);
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
