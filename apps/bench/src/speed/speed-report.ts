import type { SpeedResult } from './interleave.ts';
import type { PeakMemory } from './peak-memory.ts';
import type { PeerLayer, PeerSpeed } from './peer-cases.ts';
import type { SpeedRuntime } from './speed-subject.ts';

export interface SpeedReport {
  readonly model: string;
  readonly node: string;
  /** Each by itself; its ratios are to its own forward pass. */
  readonly runtimes: readonly RuntimeSpeed[];
  readonly memory?: PeakMemory;
  readonly pytorch?: PeerSpeed;
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
    const megabytes = (value: number): string => `${value.toFixed(0)} MB`;
    parts.push(
      '',
      `  peak memory: plain ${megabytes(memory.path)} (from bytes ${megabytes(memory.bytes)}), explain ${megabytes(memory.explain)}, ${memory.ratio.toFixed(2)} ×`,
      `  with a photograph: plain ${megabytes(memory.photograph)}, hybridcam ${megabytes(memory.explainPhotograph)}, ${memory.photographRatio.toFixed(2)} ×`,
    );
  }
  if (pytorch) parts.push('', ...pytorchLines(pytorch));
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

function pytorchLines({ torch, threads, spin, layers }: PeerSpeed): string[] {
  const [{ forward, torchForward }] = layers as readonly [PeerLayer];
  const count = threads === 1 ? '1 thread' : `${threads} threads`;
  return [
    `PyTorch ${torch}: same machine, weights, picture and rounds, ${count} each`,
    `  between runs ${spin ? "threads spin as by both libraries' defaults" : "our threads sleep, PyTorch's do as by its default"}`,
    `  forward: ours ${time(forward)} ms, PyTorch ${time(torchForward)} ms`,
    ...layers.flatMap(({ layer, explain, notebook, loop, lean, gain, loopGain, algorithm, engine }) => [
      `  ${layer}: notebook ${time(notebook)} ms, lean autograd ${time(lean)} ms, ours ${time(explain)} ms`,
      `    ${times(gain)} the notebook's speed = algorithm ${times(algorithm)} · engine ${times(engine)}`,
      `    its loop over images (map, then a forward pass for class and confidence):`,
      `    ${time(loop)} ms, ${times(loopGain)}; ours tells all three in its one pass`,
    ]),
  ];
}

function time(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 10 ? 2 : 1);
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}
