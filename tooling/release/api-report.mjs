// `pnpm api`: writes the public surface of every package, entry by entry, to api/*.api.md. `pnpm api:check` fails where the surface is
// another than the one written there, so that no public change goes unseen. Needs `pnpm build` before.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { publishedPackages } from './published-packages.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const reports = path.join(root, 'api');
const check = process.argv.includes('--check');

/** API Extractor brings a compiler of its own, which reads the declarations as a user's would. */
const overrideTsconfig = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    types: [],
    strict: true,
    skipLibCheck: true,
  },
  include: ['packages/*/dist/**/*.d.ts'],
};
const SILENT = { default: { logLevel: 'none' } };

const entries = publishedPackages(root).flatMap(({ name, folder, manifest }) =>
  Object.entries(manifest.exports)
    .filter(([entry]) => entry !== './package.json')
    .map(([entry, { types }]) => ({
      report: [name.replace(/^@hybridcam\//, ''), ...entry.split('/').slice(1)].join('.'),
      folder,
      types: path.join(folder, types),
    })),
);

const scratch = mkdtempSync(path.join(tmpdir(), 'hybridcam-api-'));
mkdirSync(reports, { recursive: true });
const configs = entries.map(({ report, folder, types }) => ({
  report,
  config: ExtractorConfig.prepare({
    configObject: {
      mainEntryPointFilePath: types,
      projectFolder: root,
      compiler: { overrideTsconfig },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: reports,
        reportTempFolder: scratch,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: SILENT,
        extractorMessageReporting: SILENT,
        tsdocMessageReporting: SILENT,
      },
      newlineKind: 'lf',
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: path.join(folder, 'package.json'),
  }),
}));
const compilerState = CompilerState.create(configs[0].config, {
  additionalEntryPoints: entries.slice(1).map(({ types }) => types),
});
const messageCallback = (message) => {
  message.handled = true;
};

const changed = [];
for (const { report, config } of configs) {
  const { apiReportChanged } = Extractor.invoke(config, {
    compilerState,
    localBuild: !check,
    messageCallback,
  });
  const file = path.join(reports, `${report}.api.md`);
  if (apiReportChanged || (check && !existsSync(file))) changed.push(report);
}
const known = new Set(configs.map(({ report }) => `${report}.api.md`));
const stale = readdirSync(reports).filter((file) => !known.has(file));
for (const report of check ? changed : []) console.error(difference(report));
rmSync(scratch, { recursive: true, force: true });

if (!check) {
  for (const file of stale) rmSync(path.join(reports, file));
  console.log(
    `${entries.length} entries; ${changed.length === 0 ? 'nothing changed' : `changed: ${changed.join(', ')}`}`,
  );
} else if (changed.length + stale.length > 0) {
  console.error(
    'The public surface is another than api/ says. If that is meant, run `pnpm api` and commit what it writes.',
  );
  if (stale.length > 0) console.error(`No entry is behind: ${stale.join(', ')}`);
  process.exitCode = 1;
}

/** The lines that went and came, enough to see what changed. */
function difference(report) {
  const read = (folder) => {
    const file = path.join(folder, `${report}.api.md`);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  };
  const before = read(reports);
  const after = read(scratch);
  const lines = [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
  return `${report}\n${lines.slice(0, 40).join('\n')}`;
}
