import { CamError, OptionError } from '@hybridcam/core';
import { type NamedModel, type NamedModelOptions, namedModel, weightsWithoutName } from './named-model.ts';
import { filePath, type OpenedModel } from './opened-model.ts';

/** Where TensorFlow.js computes. `wasm` and `cpu` are JavaScript packages, `node` is tfjs-node with its native library. */
export type TfjsDevice = (typeof tfjsDevices)[number];
export const tfjsDevices = ['wasm', 'cpu', 'node'] as const;

export interface OpenTfjsOptions extends NamedModelOptions {
  readonly device: TfjsDevice;
  readonly name: string | undefined;
}

/** The package that brings a device, and the name under which it registers. */
const BACKENDS: Readonly<Record<TfjsDevice, { readonly module: string; readonly backend: string }>> = {
  wasm: { module: '@tensorflow/tfjs-backend-wasm', backend: 'wasm' },
  cpu: { module: '@tensorflow/tfjs-backend-cpu', backend: 'cpu' },
  node: { module: '@tensorflow/tfjs-node', backend: 'tensorflow' },
};

/**
 * A `model.json`, or a model known by name, on TensorFlow.js, which is imported only now: it is an optional peer, so that who does not
 * use it does not install it.
 *
 * @throws CamError `RUNTIME` naming the packages to install; what `namedModel` and `loadTfjsModelFile` throw
 */
export async function openTfjsModel(
  source: string | URL | Uint8Array,
  { device, name, ...options }: OpenTfjsOptions,
): Promise<OpenedModel> {
  if (source instanceof Uint8Array) {
    throw new OptionError('loadModel: expected a model.json or a name for the runtime tfjs; received bytes.');
  }
  const known = typeof source === 'string' ? await namedModel(source, options) : undefined;
  if (known === undefined && options.weights !== undefined) throw weightsWithoutName(options.weights, source);
  const { module, backend } = BACKENDS[device];
  try {
    const tf = await import('@tensorflow/tfjs-core');
    await import(module);
    if (!(await tf.setBackend(backend))) throw new Error(`its backend "${backend}" does not start`);
    await import('@hybridcam/tfjs');
  } catch (cause) {
    throw missingRuntime(module, cause);
  }
  if (known !== undefined) return builtModel(known, name ?? String(source));
  const { loadTfjsModelFile } = await import('@hybridcam/tfjs/node');
  const model = await loadTfjsModelFile(filePath(source), {
    signal: options.signal,
    ...(name === undefined ? {} : { name }),
  });
  return { model, labels: undefined, preprocessing: undefined, weights: undefined };
}

async function builtModel(known: NamedModel, name: string): Promise<OpenedModel> {
  const [{ createTfjsModel }, { layersModel }] = await Promise.all([
    import('@hybridcam/tfjs'),
    import('@hybridcam/zoo/tfjs'),
  ]);
  const { network, parameters, labels, preprocessing, weights } = known;
  const built = layersModel(network, parameters);
  const model = await createTfjsModel(built, { name });
  const dispose = async (): Promise<void> => {
    await model.dispose();
    built.dispose();
  };
  return { model: { ...model, dispose }, labels, preprocessing, weights };
}

function missingRuntime(module: string, cause: unknown): CamError {
  const packages = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-converter'];
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new CamError(
    'RUNTIME',
    `loadModel: expected TensorFlow.js with ${module}; it does not load (${reason}). Install: npm install ${[...packages, module].join(' ')}`,
    { cause },
  );
}
