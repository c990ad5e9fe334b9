import { type ArrayView, type ClassMaps, type LinearHead, pack, ShapeError, view } from '@hybridcam/core';
import type { OrtRuntime, OrtSessionOptions } from './ort.ts';
import { writeModel } from './proto/write-onnx.ts';
import { quietSessionOptions } from './runtime/quiet-session-options.ts';
import { orRuntimeError } from './runtime/runtime-error.ts';

/** The evidence for and against every class, computed by the runtime. */
export interface ClassMapsSession {
  /** `activations` [channels, height, width]. @throws ShapeError when they are not the head's */
  run(activations: ArrayView): Promise<ClassMaps>;
  dispose(): Promise<void>;
}

/**
 * `allClassMaps` of core as a small model of its own: the two matrix products run in ONNX Runtime, 1000 classes in a few
 * milliseconds, about as long whether activations are sparse or not.
 *
 * P = ReLU(W)·A / (height·width) and N = ReLU(−W)·A / (height·width), in float32 (core sums in float64).
 * @throws CamError RUNTIME
 * @example
 * const maps = await createClassMaps(ort, pass.linearHead('last')!);
 * const { positive, negative } = await maps.run(pass.activations('last').pick(0));
 */
export async function createClassMaps(
  ort: OrtRuntime,
  head: LinearHead,
  sessionOptions?: OrtSessionOptions,
): Promise<ClassMapsSession> {
  const [classes, channels] = head.weights.shape as [number, number];
  const output = (name: string) => ({ name, dataType: 'float32', shape: [classes, 'cells'] }) as const;
  const bytes = writeModel({
    opsets: { '': 17 },
    graph: {
      name: 'class-maps',
      inputs: [{ name: 'activations', dataType: 'float32', shape: [channels, 'cells'] }],
      outputs: [output('positive'), output('negative')],
      nodes: [
        { opType: 'Relu', inputs: ['weights'], outputs: ['favourable'] },
        { opType: 'Neg', inputs: ['weights'], outputs: ['opposite'] },
        { opType: 'Relu', inputs: ['opposite'], outputs: ['adverse'] },
        { opType: 'MatMul', inputs: ['favourable', 'activations'], outputs: ['positive'] },
        { opType: 'MatMul', inputs: ['adverse', 'activations'], outputs: ['negative'] },
      ],
      initializers: [
        { name: 'weights', dims: [classes, channels], dataType: 'float32', data: pack(head.weights) },
      ],
    },
  });
  const session = await orRuntimeError('createClassMaps', () =>
    ort.InferenceSession.create(bytes, quietSessionOptions(sessionOptions)),
  );
  return {
    run: async (activations) => {
      const [own, height, width] = activations.shape as [number, number, number];
      if (activations.shape.length !== 3 || own !== channels) {
        throw new ShapeError(
          `createClassMaps: expected activations [${channels}, height, width]; received [${activations.shape.join(', ')}].`,
        );
      }
      const cells = height * width;
      const scaled = pack(activations).map((value) => value / cells);
      const feeds = { activations: new ort.Tensor('float32', scaled, [channels, cells]) };
      const result = await orRuntimeError('createClassMaps', () => session.run(feeds));
      const maps = (name: string) => view(result[name]!.data as Float32Array, [classes, height, width]);
      return { positive: maps('positive'), negative: maps('negative') };
    },
    dispose: () => session.release(),
  };
}
