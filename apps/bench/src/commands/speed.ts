import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OptionError } from '@hybridcam/core';
import { type ResNetDepth, resnet } from '@hybridcam/zoo';
import { writeNetwork } from '@hybridcam/zoo/onnx';
import {
  type Command,
  choiceValue,
  countValue,
  createProgress,
  EXIT,
  listValue,
} from 'hybridcam/command-kit';
import { interleaveGroups, type SpeedResult } from '../speed/interleave.ts';
import { onnxCases } from '../speed/onnx-cases.ts';
import { type PeakMemory, peakMemory } from '../speed/peak-memory.ts';
import { type PyTorchTimes, timePyTorch } from '../speed/pytorch-peer.ts';
import { randomParameters } from '../speed/random-parameters.ts';

const speedFlags = {
  model: { value: 'FILE', short: 'm', help: 'An ONNX classifier. Default: the topology.' },
  topology: {
    value: 'NAME',
    help: 'A network built in memory with random weights: resnet18, resnet34, resnet50, resnet101. Default: resnet50.',
  },
  layer: { value: 'NAME[,NAME…]', help: 'Layers beside the default one. Default: none.' },
  rounds: { value: 'N', help: 'Timed rounds; every round runs every case once. Default: 15.' },
  memory: { help: 'Also compare peak memory, in processes of their own.' },
  peer: { value: 'pytorch', help: "Run the notebook's algorithm in a local PyTorch too." },
  python: { value: 'PATH', help: 'Python with torch and torchvision. Default: python3.' },
  json: { help: 'One JSON object on stdout.' },
  quiet: { short: 'q', help: 'No progress.' },
} as const;

interface SpeedReport {
  readonly model: string;
  readonly runtime: string;
  readonly node: string;
  readonly results: readonly SpeedResult[];
  readonly memory?: PeakMemory;
  readonly pytorch?: PyTorchTimes;
}

export const speedCommand: Command<typeof speedFlags> = {
  name: 'speed',
  usage: '[--model FILE | --topology resnet50] [--layer …] [--peer pytorch]',
  summary: 'What explaining costs, as a ratio to the plain forward pass of the same file.',
  description:
    'Times every case in turn, round after round, in one process, and reports medians and ratios to the forward pass of the untouched file in the same runtime with the same options. A machine that does other work bends milliseconds, ratios much less.',
  flags: speedFlags,
  examples: [
    'hybridcam-bench speed --model model.onnx --layer layer3',
    'hybridcam-bench speed --topology resnet50 --memory --peer pytorch',
  ],
  async run(flags, _positionals, { stdout, stderr, signal }) {
    if (flags.model !== undefined && flags.topology !== undefined) {
      throw new OptionError('speed: expected --model or --topology; received both.');
    }
    const rounds = countValue('--rounds', flags.rounds ?? '15', 3);
    if (flags.peer !== undefined) choiceValue('--peer', flags.peer, ['pytorch']);
    const layers = flags.layer === undefined ? [] : listValue('--layer', flags.layer);
    const progress = createProgress(stderr, { quiet: flags.quiet === true });
    const scratch = await mkdtemp(path.join(tmpdir(), 'hybridcam-speed-'));
    try {
      progress.show('preparing the model');
      const topology = choiceValue('--topology', flags.topology ?? 'resnet50', [
        'resnet18',
        'resnet34',
        'resnet50',
        'resnet101',
      ]);
      const file = flags.model ?? (await buildTopology(topology, scratch));
      const bytes = new Uint8Array(await readFile(file));
      process.env['ORT_DISABLE_TELEMETRY'] = '1';
      const ort = await import('onnxruntime-node');
      const name = flags.model === undefined ? `${topology} (random weights)` : path.basename(file);
      const subject = await onnxCases(bytes, name, ort, layers);
      const results = await interleaveGroups(subject.groups, {
        rounds,
        warmup: 3,
        signal,
        onRound: (round) => progress.show(round < 0 ? 'warming up' : `round ${round + 1}/${rounds}`),
      });
      const { runtime } = subject.model.identity;
      await subject.dispose();
      if (flags.memory) progress.show('measuring memory');
      const memory = flags.memory ? await peakMemory(path.resolve(file), signal) : undefined;
      if (flags.peer) progress.show('timing PyTorch');
      const network =
        flags.model === undefined ? topology : /mobilenet/i.test(name) ? 'mobilenet_v2' : topology;
      const pytorch = flags.peer
        ? await timePyTorch(flags.python ?? 'python3', network, rounds, signal)
        : undefined;
      progress.clear();
      const report: SpeedReport = {
        model: name,
        runtime,
        node: process.version,
        results,
        ...(memory ? { memory } : {}),
        ...(pytorch ? { pytorch } : {}),
      };
      stdout.write(flags.json ? `${JSON.stringify(report)}\n` : speedText(report));
      return EXIT.done;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
};

async function buildTopology(name: string, folder: string): Promise<string> {
  const network = resnet(Number(name.slice('resnet'.length)) as ResNetDepth);
  const file = path.join(folder, `${name}.onnx`);
  await writeFile(file, writeNetwork(network, randomParameters(network)));
  return file;
}

function speedText({ model, runtime, node, results, memory, pytorch }: SpeedReport): string {
  const width = Math.min(48, Math.max(...results.map(({ name }) => name.length)));
  const lines = results.map(
    ({ name, median, ratio }) =>
      `  ${name.length > width ? `${name.slice(0, width - 1)}…` : name.padEnd(width)} ${median.toFixed(median < 10 ? 2 : 1).padStart(8)} ms ${ratio.toFixed(3).padStart(8)} ×`,
  );
  const head = `${model}, ${runtime}, Node ${node}\nmedian of ${results[0]!.rounds} interleaved rounds; × the forward pass of the untouched file\n`;
  const parts = [head, ...lines];
  if (memory) {
    parts.push(
      '',
      `  peak memory: plain ${memory.path.toFixed(0)} MB (from bytes ${memory.bytes.toFixed(0)}), explain ${memory.explain.toFixed(0)} MB, ${memory.ratio.toFixed(2)} ×`,
    );
  }
  if (pytorch) {
    const ours = results[1]!.median;
    const forward = results[0]!.median;
    parts.push(
      '',
      `  PyTorch ${pytorch.torch}, ${pytorch.threads} threads: forward ${pytorch.forward.toFixed(1)} ms, notebook ${pytorch.notebook.toFixed(1)} ms, lean autograd ${pytorch.lean.toFixed(1)} ms`,
      `  against the notebook's algorithm: ${(pytorch.notebook / ours).toFixed(1)} × faster,`,
      `  of which algorithm ${(pytorch.notebook / pytorch.forward / (ours / forward)).toFixed(1)} × and engine ${(pytorch.forward / forward).toFixed(1)} ×`,
    );
  }
  return `${parts.join('\n')}\n`;
}
