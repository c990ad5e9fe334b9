import type { SpeedResult } from './interleave.ts';
import type { PeakMemory } from './peak-memory.ts';
import type { PyTorchTimes } from './pytorch-peer.ts';
import type { SpeedRuntime } from './speed-subject.ts';

export interface SpeedReport {
  readonly model: string;
  readonly node: string;
  /** Each by itself; its ratios are to its own forward pass. */
  readonly runtimes: readonly RuntimeSpeed[];
  readonly memory?: PeakMemory;
  readonly pytorch?: PyTorchTimes;
}

export interface RuntimeSpeed {
  readonly runtime: SpeedRuntime;
  /** With its version. */
  readonly library: string;
  readonly results: readonly SpeedResult[];
}

/** For a terminal of 80 columns. */
export function speedText({ model, node, runtimes, memory, pytorch }: SpeedReport): string {
  const [first] = runtimes as [RuntimeSpeed];
  const parts = [
    `${model}, Node ${node}`,
    `median of ${first.results[0]!.rounds} interleaved rounds; × its own forward pass of the untouched model`,
    ...runtimes.flatMap(runtimeLines),
  ];
  if (memory) {
    const [path, bytes, explained] = [memory.path, memory.bytes, memory.explain].map((value) =>
      value.toFixed(0),
    );
    parts.push(
      '',
      `  peak memory: plain ${path} MB (from bytes ${bytes}), explain ${explained} MB, ${memory.ratio.toFixed(2)} ×`,
    );
  }
  if (pytorch) parts.push('', ...pytorchLines(pytorch, first));
  return `${parts.join('\n')}\n`;
}

const WIDTH = 50;

function runtimeLines({ library, results }: RuntimeSpeed): string[] {
  const width = Math.min(WIDTH, Math.max(...results.map(({ name }) => name.length)));
  return [
    '',
    library,
    ...results.map(({ name, median, ratio }) => {
      const title = name.length > width ? `${name.slice(0, width - 1)}…` : name.padEnd(width);
      const time = median.toFixed(median < 10 ? 2 : 1).padStart(8);
      return `  ${title} ${time} ms ${ratio.toFixed(3).padStart(8)} ×`;
    }),
  ];
}

function pytorchLines(pytorch: PyTorchTimes, { results }: RuntimeSpeed): string[] {
  const [forward, explained] = results.map(({ median }) => median) as [number, number];
  const { notebook, lean, torch, threads } = pytorch;
  return [
    `  PyTorch ${torch}, ${threads} threads: forward ${pytorch.forward.toFixed(1)} ms,`,
    `  notebook ${notebook.toFixed(1)} ms, lean autograd ${lean.toFixed(1)} ms`,
    `  against the notebook's algorithm: ${(notebook / explained).toFixed(1)} × faster,`,
    `  of which algorithm ${(notebook / pytorch.forward / (explained / forward)).toFixed(1)} × and engine ${(pytorch.forward / forward).toFixed(1)} ×`,
  ];
}
