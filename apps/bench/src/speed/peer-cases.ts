import { CamError, explain, type NdArray, pack } from '@hybridcam/core';
import type { SpeedCase, SpeedResult } from './interleave.ts';
import type { PyTorchPeer } from './pytorch-peer.ts';
import type { SpeedSubject } from './speed-subject.ts';

/** One layer explained by us, by the notebook and by the leanest autograd, all in the same rounds; milliseconds are medians. */
export interface PeerLayer {
  readonly layer: string;
  /** Of ours and of PyTorch, the untouched model alone. */
  readonly forward: number;
  readonly torchForward: number;
  readonly explain: number;
  readonly notebook: number;
  /** The notebook's map, and its second forward pass for the class and its confidence, which ours tells in the one pass. */
  readonly loop: number;
  readonly lean: number;
  /** notebook ÷ explain = algorithm × engine: medians over rounds. */
  readonly gain: number;
  /** loop ÷ explain, likewise. */
  readonly loopGain: number;
  /** notebook ÷ lean, both in PyTorch. */
  readonly algorithm: number;
  /** lean ÷ explain: the least each engine needs for the same map. */
  readonly engine: number;
}

export interface PeerSpeed {
  readonly torch: string;
  readonly threads: number;
  /** Our threads wait awake between runs, as both libraries' do by default. */
  readonly spin: boolean;
  readonly layers: readonly PeerLayer[];
}

/** The scores of two float32 engines on the same weights differ by rounding only. */
const TOLERANCE = 1e-3;

/** @throws CamError RUNTIME unless the peer computes the same scores: another network would be timed */
export async function assertSameScores(
  { model }: SpeedSubject,
  peer: PyTorchPeer,
  input: NdArray<Float32Array>,
): Promise<void> {
  const pass = await model.forward(input);
  const ours = pack(pass.logits);
  pass.dispose();
  const { logits } = await peer.check(model.defaultLayer);
  const scale = ours.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = logits.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
  if (logits.length === ours.length && difference <= TOLERANCE * scale) return;
  throw new CamError(
    'RUNTIME',
    `speed: expected the same scores from PyTorch on the same weights; they differ by ${(difference / scale).toPrecision(2)} of the largest.`,
  );
}

/** The cases of one layer, the forward pass of the untouched model first. */
export function peerCases(
  { model, plainForward }: SpeedSubject,
  peer: PyTorchPeer,
  input: NdArray<Float32Array>,
  layer: string,
): SpeedCase[] {
  return [
    { name: 'forward', batch: 1, run: plainForward(input) },
    { name: 'explain', layer, batch: 1, run: () => explain(model, input, { targetLayer: layer }) },
    { name: 'torch forward', batch: 1, timesItself: true, run: () => peer.time({ task: 'forward' }) },
    {
      name: 'notebook',
      layer,
      batch: 1,
      timesItself: true,
      run: () => peer.time({ task: 'notebook', layer }),
    },
    { name: 'loop', layer, batch: 1, timesItself: true, run: () => peer.time({ task: 'loop', layer }) },
    { name: 'lean', layer, batch: 1, timesItself: true, run: () => peer.time({ task: 'lean', layer }) },
  ];
}

/** @param results of `peerCases`, in their order */
export function peerLayer(layer: string, results: readonly SpeedResult[]): PeerLayer {
  const [forward, explained, torchForward, notebook, loop, lean] = results as [
    SpeedResult,
    SpeedResult,
    SpeedResult,
    SpeedResult,
    SpeedResult,
    SpeedResult,
  ];
  return {
    layer,
    forward: forward.median,
    torchForward: torchForward.median,
    explain: explained.median,
    notebook: notebook.median,
    loop: loop.median,
    lean: lean.median,
    gain: notebook.ratio / explained.ratio,
    loopGain: loop.ratio / explained.ratio,
    algorithm: notebook.ratio / lean.ratio,
    engine: lean.ratio / explained.ratio,
  };
}
