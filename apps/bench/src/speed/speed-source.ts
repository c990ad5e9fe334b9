import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OptionError } from '@hybridcam/core';
import { mobilenetV2, type Network, type Parameters, type ResNetDepth, resnet } from '@hybridcam/zoo';
import { readBytes, readExternalFiles } from 'hybridcam/command-kit';
import { type OnnxFiles, type OnnxSubjectOptions, openOnnxSubject } from './open-onnx-subject.ts';
import { openTfjsSubject, type TfjsSource } from './open-tfjs-subject.ts';
import { randomParameters } from './random-parameters.ts';
import { type SpeedRuntime, type SpeedSubject, speedRuntimes } from './speed-subject.ts';

export const topologies = [
  'resnet18',
  'resnet34',
  'resnet50',
  'resnet101',
  'mobilenet_v2',
  'scenes',
] as const;
export type Topology = (typeof topologies)[number];

/** What is timed: a file of the user's, or a network that is built for each runtime with the same random weights. */
export interface SpeedSource {
  readonly name: string;
  open(runtime: SpeedRuntime, options?: OnnxSubjectOptions): Promise<SpeedSubject>;
  /** The network with its weights; a file has none that could be built elsewhere. */
  readonly build?: () => Promise<BuiltNetwork>;
  /** The path of an ONNX file; a topology is written to `folder`. */
  onnxFile(folder: string): Promise<string>;
}

/** @throws OptionError for a runtime that does not read such files */
export function fileSource(file: string, runtimes: readonly SpeedRuntime[]): SpeedSource {
  const whole = path.resolve(file);
  const base = path.basename(whole);
  const reader = /\.json$/i.test(base) ? 'tfjs' : 'onnx';
  const other = runtimes.find((runtime) => speedRuntimes[runtime].library !== reader);
  if (other !== undefined) {
    throw new OptionError(
      `--runtime: expected runtimes that read ${base} (${reader}-…); received "${other}". A --topology is built for each of them.`,
    );
  }
  const name = base === 'model.json' ? path.basename(path.dirname(whole)) : base;
  return {
    name,
    open: (runtime, options) =>
      openSubject(
        runtime,
        name,
        async () => {
          const bytes = await readBytes(file, 'model');
          return { bytes, externalData: await readExternalFiles(bytes, whole) };
        },
        async () => whole,
        options,
      ),
    onnxFile: async () => whole,
  };
}

export function topologySource(topology: Topology): SpeedSource {
  let built: Promise<BuiltNetwork> | undefined;
  const build = (): Promise<BuiltNetwork> => {
    built ??= buildNetwork(topology);
    return built;
  };
  const name = topology === 'scenes' ? topology : `${topology} (random weights)`;
  const onnx = async (): Promise<Uint8Array> => {
    const { network, parameters } = await build();
    const { writeNetwork } = await import('@hybridcam/zoo/onnx');
    return writeNetwork(network, parameters);
  };
  return {
    name,
    build,
    open: (runtime, options) =>
      openSubject(runtime, name, async () => ({ bytes: await onnx() }), build, options),
    async onnxFile(folder) {
      const file = path.join(folder, `${topology}.onnx`);
      await writeFile(file, await onnx());
      return file;
    },
  };
}

export interface BuiltNetwork {
  readonly network: Network;
  readonly parameters: Parameters;
}

async function buildNetwork(topology: Topology): Promise<BuiltNetwork> {
  if (topology === 'scenes') {
    const { loadScenesNetwork } = await import('@hybridcam/scenes');
    const network = await loadScenesNetwork();
    return { network, parameters: network.parameters };
  }
  const network =
    topology === 'mobilenet_v2'
      ? mobilenetV2()
      : resnet(Number(topology.slice('resnet'.length)) as ResNetDepth);
  return { network, parameters: randomParameters(network) };
}

async function openSubject(
  runtime: SpeedRuntime,
  name: string,
  onnx: () => Promise<OnnxFiles>,
  tfjs: () => Promise<TfjsSource>,
  options: OnnxSubjectOptions = {},
): Promise<SpeedSubject> {
  const place = speedRuntimes[runtime];
  return place.library === 'tfjs'
    ? openTfjsSubject(await tfjs(), name, place.device)
    : openOnnxSubject(await onnx(), name, place.device, options);
}
