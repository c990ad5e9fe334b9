import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { OptionError } from '@hybridcam/core';
import {
  type Command,
  choiceValue,
  countValue,
  createProgress,
  EXIT,
  type FlagValues,
  listValue,
} from 'hybridcam/command-kit';
import { interleave, interleaveGroups, type SpeedResult } from '../speed/interleave.ts';
import { peakMemory } from '../speed/peak-memory.ts';
import { assertSameScores, type PeerSpeed, peerCases, peerLayer } from '../speed/peer-cases.ts';
import { openPyTorchPeer } from '../speed/pytorch-peer.ts';
import { noiseInput, type SpeedCasesOptions, speedCases, speedParts } from '../speed/speed-cases.ts';
import { type RuntimeSpeed, type SpeedReport, speedText } from '../speed/speed-report.ts';
import {
  type BuiltNetwork,
  fileSource,
  type SpeedSource,
  topologies,
  topologySource,
} from '../speed/speed-source.ts';
import { type SpeedRuntime, speedRuntimes } from '../speed/speed-subject.ts';

const runtimeNames = Object.keys(speedRuntimes) as SpeedRuntime[];

const speedFlags = {
  model: {
    value: 'FILE',
    short: 'm',
    help: 'An ONNX classifier, or a model.json for TensorFlow.js. Default: the topology.',
  },
  topology: {
    value: 'NAME',
    help: `A network built in memory with random weights: ${topologies.join(', ')} (its own weights). Default: resnet50.` as string,
  },
  runtime: {
    value: 'NAME[,NAME…]',
    help: `${runtimeNames.join(', ')}. Default: onnx-node; tfjs-wasm for a model.json.` as string,
  },
  layer: { value: 'NAME[,NAME…]', help: 'Layers beside the default one. Default: none.' },
  batch: {
    value: 'N[,N…]',
    help: 'Images in one pass, timed beside single ones. Default: 4,8 where the model takes any.',
  },
  only: {
    value: 'PART[,PART…]',
    help: `What to time beside the forward pass and one explanation: ${speedParts.join(', ')}. Default: all.` as string,
  },
  rounds: { value: 'N', help: 'Timed rounds; every round runs every case once. Default: 15.' },
  memory: { help: 'Also compare peak memory on onnx-node, in processes of their own.' },
  peer: {
    value: 'pytorch',
    help: "Take turns with a local PyTorch that runs the notebook's algorithm and a lean one on the same network, weights and picture, at every layer; beside onnx-node, for a --topology.",
  },
  spin: {
    help: "With --peer: threads of our sessions spin between runs, as ONNX Runtime's and PyTorch's own do by default. Else ours sleep.",
  },
  python: { value: 'PATH', help: 'Python with torch and numpy. Default: python3.' },
  json: { help: 'One JSON object on stdout.' },
  quiet: { short: 'q', help: 'No progress.' },
} as const;

export const speedCommand: Command<typeof speedFlags> = {
  name: 'speed',
  usage: '[--model FILE | --topology resnet50] [--runtime …] [--layer …]',
  summary: 'What explaining costs, as a ratio to the plain forward pass of the same model.',
  description:
    'Times every case in turn, each after an untimed run of its own, round after round, in one process, and reports medians and ratios to the forward pass of the untouched model in the same runtime with the same options; runtimes one after the other. A machine that does other work bends milliseconds, ratios much less.',
  flags: speedFlags,
  examples: [
    'hybridcam-bench speed --model model.onnx --layer layer3',
    'hybridcam-bench speed --runtime onnx-node,tfjs-wasm --layer layer3.5 --only layers',
    'hybridcam-bench speed --topology resnet50 --memory --peer pytorch',
  ],
  async run(flags, _positionals, { stdout, stderr, signal }) {
    const { source, runtimes, cases, rounds, peer } = speedPlan(flags);
    const progress = createProgress(stderr, { quiet: flags.quiet === true });
    const scratch = await mkdtemp(path.join(tmpdir(), 'hybridcam-speed-'));
    try {
      const measured: RuntimeSpeed[] = [];
      for (const runtime of runtimes) {
        progress.show(`${runtime}: preparing the model`);
        const show = (text: string) => progress.show(`${runtime}: ${text}`);
        measured.push({ runtime, ...(await timeRuntime(source, runtime, cases, rounds, signal, show)) });
      }
      if (flags.memory) progress.show('measuring memory');
      const memory = flags.memory ? await peakMemory(await source.onnxFile(scratch), signal) : undefined;
      const show = (text: string) => progress.show(`PyTorch: ${text}`);
      const pytorch = peer
        ? await timePeer(flags.python ?? 'python3', peer, {
            ...{ source, cases, rounds, scratch, signal, show },
            spin: flags.spin === true,
          })
        : undefined;
      progress.clear();
      const report: SpeedReport = {
        model: source.name,
        node: process.version,
        runtimes: measured,
        ...(memory ? { memory } : {}),
        ...(pytorch ? { pytorch } : {}),
      };
      stdout.write(flags.json ? `${JSON.stringify(report)}\n` : speedText(report));
      return EXIT.done;
    } finally {
      progress.clear();
      await rm(scratch, { recursive: true, force: true });
    }
  },
};

interface SpeedPlan {
  readonly source: SpeedSource;
  readonly runtimes: readonly SpeedRuntime[];
  readonly cases: SpeedCasesOptions;
  readonly rounds: number;
  /** The network that PyTorch is to build too. */
  readonly peer: (() => Promise<BuiltNetwork>) | undefined;
}

/** All flags are read before anything is loaded: a slip should not cost the wait. */
function speedPlan(flags: FlagValues<typeof speedFlags>): SpeedPlan {
  const { model, topology, runtime, layer, batch, only, rounds, peer, spin, memory } = flags;
  if (model !== undefined && topology !== undefined) {
    throw new OptionError('speed: expected --model or --topology; received both.');
  }
  if (spin && peer === undefined) {
    throw new OptionError('--spin: expected --peer, the comparison that it changes; received none.');
  }
  const standard = model !== undefined && /\.json$/i.test(model) ? 'tfjs-wasm' : 'onnx-node';
  const runtimes = listValue('--runtime', runtime ?? standard).map((name) =>
    choiceValue('--runtime', name, runtimeNames),
  );
  if (memory && !runtimes.includes('onnx-node')) {
    throw new OptionError(`--memory: expected the runtime onnx-node; received ${runtimes.join(', ')}.`);
  }
  const source =
    model === undefined
      ? topologySource(choiceValue('--topology', topology ?? 'resnet50', topologies))
      : fileSource(model, runtimes);
  return {
    source,
    peer:
      peer === undefined
        ? undefined
        : peerNetwork(choiceValue('--peer', peer, ['pytorch']), source, runtimes),
    runtimes,
    rounds: countValue('--rounds', rounds ?? '15', 3),
    cases: {
      layers: layer === undefined ? [] : listValue('--layer', layer),
      batches:
        batch === undefined
          ? undefined
          : listValue('--batch', batch).map((text) => countValue('--batch', text)),
      parts:
        only === undefined
          ? speedParts
          : listValue('--only', only).map((part) => choiceValue('--only', part, speedParts)),
    },
  };
}

async function timeRuntime(
  source: SpeedSource,
  runtime: SpeedRuntime,
  cases: SpeedCasesOptions,
  rounds: number,
  signal: AbortSignal,
  show: (text: string) => void,
): Promise<{ library: string; results: SpeedResult[] }> {
  const subject = await source.open(runtime);
  try {
    const { groups, dispose } = await speedCases(subject, cases);
    try {
      const results = await interleaveGroups(groups, {
        rounds,
        warmup: 3,
        signal,
        onRound: (round) => show(round < 0 ? 'warming up' : `round ${round + 1}/${rounds}`),
      });
      return { library: subject.model.identity.runtime, results };
    } finally {
      dispose();
    }
  } finally {
    await subject.dispose();
  }
}

/** @throws OptionError where PyTorch could not build the same network, or nothing runs that may be compared with it */
function peerNetwork(
  peer: string,
  { name, build }: SpeedSource,
  runtimes: readonly SpeedRuntime[],
): () => Promise<BuiltNetwork> {
  if (!build) {
    throw new OptionError(
      `--peer ${peer}: expected a --topology, which is built in PyTorch with the same weights; received ${name}, a file that PyTorch cannot read.`,
    );
  }
  if (!runtimes.includes('onnx-node')) {
    throw new OptionError(
      `--peer ${peer}: expected the runtime onnx-node, native as PyTorch is; received ${runtimes.join(', ')}.`,
    );
  }
  return build;
}

/** Ours and PyTorch's in the same rounds, layer by layer, with as many threads each. */
async function timePeer(
  python: string,
  build: () => Promise<BuiltNetwork>,
  options: {
    readonly source: SpeedSource;
    readonly cases: SpeedCasesOptions;
    readonly rounds: number;
    readonly spin: boolean;
    readonly scratch: string;
    readonly signal: AbortSignal;
    readonly show: (text: string) => void;
  },
): Promise<PeerSpeed> {
  const { source, cases, rounds, spin, scratch, signal, show } = options;
  show('starting');
  const threads = availableParallelism();
  const built = await build();
  const { channels, height, width } = built.network.input;
  const input = noiseInput([1, channels, height, width]);
  const subject = await source.open('onnx-node', { threads, spin });
  try {
    const peer = await openPyTorchPeer(python, built, { input, threads, folder: scratch, signal });
    try {
      await assertSameScores(subject, peer, input);
      const { model } = subject;
      const names = new Set([
        model.defaultLayer,
        ...cases.layers.map((layer) => model.resolveLayer(layer).name),
      ]);
      const layers = [];
      for (const layer of names) {
        const results = await interleave(peerCases(subject, peer, input, layer), {
          rounds,
          warmup: 3,
          signal,
          onRound: (round) => show(`${layer}, ${round < 0 ? 'warming up' : `round ${round + 1}/${rounds}`}`),
        });
        layers.push(peerLayer(layer, results));
      }
      return { torch: peer.torch, threads: peer.threads, spin, layers };
    } finally {
      await peer.close();
    }
  } finally {
    await subject.dispose();
  }
}
