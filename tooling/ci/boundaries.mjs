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

const importPattern = /(?:from\s+|import\s*\(\s*|import\s+)['"]([^'"]+)['"]/g;
const problems = [];

for (const room of readdirSync('packages')) {
  const manifestPath = path.join('packages', room, 'package.json');
  if (!existsSync(manifestPath)) continue;
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  const permitted = allowed[manifest.name];
  if (!permitted) {
    problems.push(`${manifestPath}: package "${manifest.name}" has no row in tooling/ci/boundaries.mjs.`);
    continue;
  }
  const declared = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  };
  for (const name of Object.keys(declared)) {
    if ((name.startsWith('@hybridcam/') || name === 'hybridcam') && !permitted.includes(name)) {
      problems.push(`${manifestPath}: ${manifest.name} may not depend on ${name}.`);
    }
  }
  for (const entry of readdirSync(path.join('packages', room, 'src'), { recursive: true })) {
    if (!entry.endsWith('.ts')) continue;
    const file = path.join('packages', room, 'src', entry);
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(importPattern)) {
      const name = specifier.startsWith('@')
        ? specifier.split('/').slice(0, 2).join('/')
        : specifier.split('/')[0];
      if (
        (name.startsWith('@hybridcam/') || name === 'hybridcam') &&
        name !== manifest.name &&
        !permitted.includes(name)
      ) {
        problems.push(`${file}: ${manifest.name} may not import ${name}.`);
      }
      if (specifier.startsWith('.') && /(^|\/)\.\.\/\.\.\/[a-z]+\/src/.test(specifier)) {
        problems.push(`${file}: reaches into another package by path (${specifier}).`);
      }
    }
  }
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
