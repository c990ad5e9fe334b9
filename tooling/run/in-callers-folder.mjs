// node tooling/run/in-callers-folder.mjs SCRIPT [arguments]
// A script of the root package.json runs in the root, wherever it was typed; its user's paths mean the folder they are in. pnpm and
// npm leave that folder in INIT_CWD.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [script] = process.argv.splice(2, 1);
const url = pathToFileURL(path.resolve(script));
// Now the arguments stand where SCRIPT expects them, as if it had been called itself.
process.argv[1] = path.resolve(script);
// For --device node: where tooling/tfjs-node/build.mjs has put tfjs-node.
const tfjsNode = path.resolve('tooling/tfjs-node/.cache');
if (existsSync(tfjsNode)) process.env.HYBRIDCAM_TFJS_NODE ??= tfjsNode;
const { INIT_CWD: callersFolder } = process.env;
if (callersFolder) process.chdir(callersFolder);
await import(url.href);
