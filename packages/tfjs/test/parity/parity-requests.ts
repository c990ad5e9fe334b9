import { type ExplainRequest, type MethodCall, type MethodName, methodNames, methods } from '@hybridcam/core';

/** One layer under the names it has in the two forms of MobileNetV2. */
export interface LayerPair {
  readonly onnx: string;
  readonly tfjs: string;
}

export const LAST: LayerPair = { onnx: 'layers.51', tfjs: 'conv_51_relu6' };
export const MIDDLE: LayerPair = { onnx: 'layers.39', tfjs: 'conv_39_relu6' };

/** The activations between the middle layer and the scores: all of the network's kinks that a gradient there meets. */
export const KINKS: readonly LayerPair[] = [40, 42, 43, 45, 46, 48, 49, 51].map((i) => ({
  onnx: `layers.${i}`,
  tfjs: `${i % 3 === 1 ? 'dw' : 'conv'}_${i}_relu6`,
}));

export interface ParityRequest {
  readonly title: string;
  readonly onnx: ExplainRequest;
  readonly tfjs: ExplainRequest;
  /** Largest difference allowed between two maps of maximum 1. */
  readonly tolerance: number;
  /** Whether the network, or what lies behind the layer, runs more than once. */
  readonly many: boolean;
}

/** Fewer runs than the defaults, which would take hours over twenty photographs and ask nothing more of an adapter. */
const SETTINGS: Partial<Record<MethodName, MethodCall['settings']>> = {
  'smooth-grad-cam-plus-plus': { draws: 2 },
  'score-cam': { channels: 8 },
  'ss-cam': { channels: 4, draws: 2 },
  'is-cam': { channels: 4, points: 2 },
  rise: { masks: 16 },
  occlusion: { window: 112, stride: 56 },
};

/** Every method at the last layer, every one that does without a linear head at the middle one. */
export const parityRequests: readonly ParityRequest[] = methodNames.flatMap((name) => {
  const { layers, needs, forwards, elsewhere } = methods[name];
  const settings = SETTINGS[name];
  const method = settings === undefined ? name : { name, settings };
  const request = (
    at: string,
    of: (form: keyof LayerPair) => ExplainRequest,
    tolerance: number,
    many = forwards === 'many',
  ) => ({ title: `${name}${at}`, onnx: of('onnx'), tfjs: of('tfjs'), tolerance, many });
  if (layers === 0) return [request('', () => ({ method }), 1e-4)];
  if (layers === 2) {
    return [
      request(' @ last × middle', (form) => ({ method, targetLayer: [LAST[form], MIDDLE[form]] }), 1e-2),
    ];
  }
  const last = request(' @ last', (form) => ({ method, targetLayer: LAST[form] }), 1e-4);
  if (needs === 'head' && elsewhere === undefined) return [last];
  const middle = (form: keyof LayerPair) => ({ method, targetLayer: MIDDLE[form] });
  return [last, request(' @ middle', middle, 1e-2, forwards === 'many' || elsewhere === 'tail')];
});
