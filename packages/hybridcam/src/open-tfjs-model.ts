import { OptionError, throwIfAborted } from '@hybridcam/core';
import { type NamedModel, type NamedModelOptions, namedModel, weightsWithoutName } from './named-model.ts';
import { filePath, type OpenedModel } from './opened-model.ts';
import { startTfjsDevice, type TfjsDevice } from './start-tfjs-device.ts';

export interface OpenTfjsOptions extends NamedModelOptions {
  readonly device: TfjsDevice;
  readonly name: string | undefined;
}

/**
 * A `model.json`, or a model known by name, on TensorFlow.js, which is imported only now: it is an optional peer, so that who does not
 * use it does not install it.
 *
 * @throws what `startTfjsDevice`, `namedModel` and `loadTfjsModelFile` throw
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
  throwIfAborted(options.signal, 'loadModel');
  await startTfjsDevice(device);
  throwIfAborted(options.signal, 'loadModel');
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
  const model = await createTfjsModel(built, { name }).catch((error: unknown) => {
    built.dispose();
    throw error;
  });
  const dispose = async (): Promise<void> => {
    await model.dispose();
    built.dispose();
  };
  return { model: { ...model, dispose }, labels, preprocessing, weights };
}
