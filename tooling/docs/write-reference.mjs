import { rmSync } from 'node:fs';
import path from 'node:path';
import { Application } from 'typedoc';
import { publishedPackages } from '../release/published-packages.mjs';

/** Writes docs/reference: a page per entry point, from the comments of the sources. */
export async function writeReference(root) {
  const out = path.join(root, 'docs/reference');
  const entryPoints = publishedPackages(root).flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports)
      .filter(([entry]) => entry !== './package.json')
      .map(([, target]) => path.join(folder, target['@hybridcam/source'])),
  );
  const application = await Application.bootstrapWithPlugins({
    entryPoints,
    out,
    plugin: ['typedoc-plugin-markdown'],
    tsconfig: path.join(import.meta.dirname, 'tsconfig.json'),
    basePath: path.join(root, 'packages'),
    readme: 'none',
    // Our own compiler checks the types; this one only reads them.
    skipErrorChecking: true,
    excludeExternals: true,
    excludePrivate: true,
    // Re-exports point to the one page that documents a thing.
    excludeReferences: true,
    sourceLinkTemplate: 'https://github.com/hybridcam/hybridcam/blob/main/{path}#L{line}',
    gitRevision: 'main',
    disableGit: true,
    router: 'module',
    entryFileName: 'index',
    useHTMLAnchors: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    logLevel: 'Warn',
    validation: { notExported: false, invalidLink: true, notDocumented: false },
    treatValidationWarningsAsErrors: true,
  });
  const project = await application.convert();
  if (!project) throw new Error('writeReference: typedoc could not read the sources.');
  // Pages by the names that users import: "onnx/src/autodiff" is "@hybridcam/onnx/autodiff".
  for (const entry of project.children ?? []) {
    entry.name = entry.name.replace(/^(?!hybridcam\/)/, '@hybridcam/').replace(/\/src(?=\/|$)/, '');
  }
  application.validate(project);
  rmSync(out, { recursive: true, force: true });
  await application.generateOutputs(project);
  if (application.logger.hasErrors()) {
    throw new Error('writeReference: typedoc reported errors; see above.');
  }
}
