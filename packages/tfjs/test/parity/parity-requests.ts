import { type ExplainRequest, type MethodCall, type MethodName, methodNames, methods } from '@hybridcam/core';

/** One layer under the names it has in the two forms of a network. */
export interface LayerPair {
  readonly onnx: string;
  readonly tfjs: string;
}

export interface ParityRequest {
  readonly title: string;
  readonly onnx: ExplainRequest;
  readonly tfjs: ExplainRequest;
  /** Largest difference allowed between two maps of maximum 1. */
  readonly tolerance: number;
  readonly stage: Stage;
}

/** What a method costs: one pass, tens of passes of the network, or a pass of its rest for every channel of a layer in the middle. */
export type Stage = 'once' | 'many' | 'every-channel';

export const stages: readonly Stage[] = ['once', 'many', 'every-channel'];

/** Fewer runs than the defaults, which would take hours over twenty photographs and ask nothing more of an adapter. */
const settingsFor = (side: number): Partial<Record<MethodName, MethodCall['settings']>> => ({
  'smooth-grad-cam-plus-plus': { draws: 2 },
  'score-cam': { channels: 8 },
  'ss-cam': { channels: 4, draws: 2 },
  'is-cam': { channels: 4, points: 2 },
  rise: { masks: 16 },
  occlusion: { window: side / 2, stride: side / 4 },
});

export interface ParityLayers {
  readonly last: LayerPair;
  readonly middle: LayerPair;
}

/** Every method of layers and runs at the last layer, every one that does without a linear head at the middle one. */
export function parityRequests({ last, middle }: ParityLayers, side: number): readonly ParityRequest[] {
  const allSettings = settingsFor(side);
  return methodNames.flatMap((name) => {
    const { layers, needs, forwards, elsewhere } = methods[name];
    const settings = allSettings[name];
    const method = settings === undefined ? name : { name, settings };
    const request = (
      at: string,
      of: (form: keyof LayerPair) => ExplainRequest,
      tolerance: number,
      stage: Stage = forwards === 'many' ? 'many' : 'once',
    ) => ({ title: `${name}${at}`, onnx: of('onnx'), tfjs: of('tfjs'), tolerance, stage });
    // TensorFlow.js hands out no parts of the whole network.
    if (needs === 'shares' || needs === 'attention' || needs === 'blocks') return [];
    if (layers === 0) return [request('', () => ({ method }), 1e-4)];
    if (layers === 2) {
      return [
        request(' @ last × middle', (form) => ({ method, targetLayer: [last[form], middle[form]] }), 1e-2),
      ];
    }
    const atLast = request(' @ last', (form) => ({ method, targetLayer: last[form] }), 1e-4);
    if (needs === 'head' && elsewhere === undefined) return [atLast];
    const ofMiddle = (form: keyof LayerPair) => ({ method, targetLayer: middle[form] });
    return [atLast, request(' @ middle', ofMiddle, 1e-2, elsewhere === 'tail' ? 'every-channel' : undefined)];
  });
}
