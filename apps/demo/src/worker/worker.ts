import { AbortedError, CamError, type NdArray, OptionError, view } from '@hybridcam/core';
import type { Preprocessed } from '@hybridcam/image';
import type { CallName, Calls, NamedMap, Reply, Request } from '../protocol.ts';
import { isSlow } from '../text/method-facts.ts';
import { compareMethods } from './compare-methods.ts';
import { explainPicture, otherMethod } from './explain-picture.ts';
import { downloadModel, keptModels, removeModel } from './kept-models.ts';
import { localise } from './localise.ts';
import { type OpenModel, openModel } from './open-model.ts';
import { displayed, type OpenPicture, openPicture, pictureFacts } from './open-picture.ts';
import { withPauses } from './with-pauses.ts';

/** The worker holds one model and one picture; the page asks by message (protocol.ts). */

let opened: OpenModel | undefined;
let picture: OpenPicture | undefined;
let prepared: Preprocessed | undefined;
const running = new Map<number, AbortController>();
/** Calls that read the model or the picture, which are not replaced under their hands. */
const readers: ReadonlySet<CallName> = new Set(['compare', 'curves', 'runMethod', 'localise', 'save']);
const reading = new Set<Promise<unknown>>();

type Handlers = {
  readonly [Name in CallName]: (
    params: Calls[Name]['params'],
    context: { readonly signal: AbortSignal; progress(value: Calls[Name]['progress']): void },
  ) => Promise<Calls[Name]['result']>;
};

const handlers: Handlers = {
  async openModel(choice) {
    const next = await openModel(choice);
    await readersSettled();
    await opened?.model.dispose();
    opened = next;
    prepared = undefined;
    return next.facts;
  },
  async openPicture(choice) {
    const next = await openPicture(choice);
    const { facts, prepared: input } = await pictureFacts(next, currentModel().facts.preprocessing);
    await readersSettled();
    picture = next;
    prepared = input;
    return facts;
  },
  async explain(params) {
    const { model, passMs } = currentModel();
    const evidence = await explainPicture(model, currentInput(), params);
    if (isSlow(params.method, evidence.costs)) {
      // The first pass of a session is its slowest; what many of them cost is told by one that is not.
      const { data, shape } = currentInput();
      (await model.forward(view(data.slice(), [...shape]))).dispose();
    }
    return { ...evidence, passMs: passMs() };
  },
  async runMethod(params, { signal, progress }) {
    const { model } = currentModel();
    return otherMethod(withPauses(model), currentInput(), params, params.method, {
      signal,
      onProgress: ({ step, done, total }) => step === 'evaluations' && progress({ done, total }),
    });
  },
  async compare(params, { signal, progress }) {
    const started = performance.now();
    await compareMethods(
      currentModel().model,
      currentInput(),
      params,
      (map: NamedMap) => progress(map),
      signal,
    );
    return { elapsedMs: performance.now() - started };
  },
  async curves(params, { signal, progress }) {
    const { liveCurves } = await import('./live-curves.ts');
    return liveCurves(currentModel().model, currentInput(), params, progress, signal);
  },
  async localise({ map, classIndex }) {
    const { geometry } = currentPrepared();
    const { height, width } = geometry.input;
    return localise(view(map, [height, width]), geometry, picture!.truth, classIndex);
  },
  download: ({ name }, { signal, progress }) => downloadModel(name, signal, progress),
  keptModels,
  removeModel: ({ name }) => removeModel(name),
  async save(params) {
    const { geometry } = currentPrepared();
    const image = displayed(picture!.image);
    const { width, height } = image;
    const { saveFile } = await import('./save-file.ts');
    return saveFile(params, image, { ...geometry, original: { width, height } });
  },
};

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const { id, name } = data;
  if (name === 'cancel') {
    running.get(id)?.abort();
    return;
  }
  const controller = new AbortController();
  running.set(id, controller);
  const handler = handlers[name] as (params: unknown, context: object) => Promise<unknown>;
  const work = handler(data.params, {
    signal: controller.signal,
    progress: (part: unknown) => send({ id, kind: 'progress', value: part }),
  });
  if (readers.has(name)) reading.add(work);
  try {
    send({ id, kind: 'result', value: await work });
  } catch (error) {
    send({ id, kind: 'error', ...errorFacts(error) });
  } finally {
    running.delete(id);
    reading.delete(work);
  }
};

/** The page has cancelled what it can before it asks for another model or picture; the rest is short. */
async function readersSettled(): Promise<void> {
  await Promise.allSettled(reading);
}

function send(reply: Reply): void {
  (self as unknown as { postMessage(message: Reply, transfer: Transferable[]): void }).postMessage(
    reply,
    reply.kind === 'error' ? [] : transferables(reply.value),
  );
}

/** Every buffer and bitmap of an answer moves instead of being copied; answers are built fresh for each call. */
function transferables(value: unknown, found: Set<Transferable> = new Set()): Transferable[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (value instanceof ImageBitmap) found.add(value);
  else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) transferables(part, found);
  }
  return [...found];
}

function errorFacts(error: unknown): { code: string; message: string } {
  if (error instanceof AbortedError) return { code: error.code, message: 'Cancelled.' };
  if (error instanceof CamError) return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  // As Chromium, Firefox and Safari say it.
  if (/dynamically imported module|importing a module script failed/i.test(message)) {
    console.warn(error);
    return {
      code: 'NETWORK',
      message:
        'A part of the page could not be loaded: the connection may be cut, or something may block its files.',
    };
  }
  return { code: 'RUNTIME', message };
}

function currentModel(): OpenModel {
  if (!opened) throw new OptionError('worker: expected an open model; received none. Open one first.');
  return opened;
}

function currentPrepared(): Preprocessed {
  if (!prepared) throw new OptionError('worker: expected an open picture; received none. Open one first.');
  return prepared;
}

function currentInput(): NdArray<Float32Array> {
  return currentPrepared().input;
}
