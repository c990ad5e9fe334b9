import type { OrtRuntime, OrtSession, OrtSessionOptions, OrtTensor } from '../ort.ts';
import type { NodeCopy, NodeDescription } from '../proto/graph-description.ts';
import { appendToModel } from '../proto/write-onnx.ts';
import { orRuntimeError } from './runtime-error.ts';

type AddedNode = NodeDescription | NodeCopy;

/** Sessions of one model that differ in the inner tensors they give out. */
export interface ForwardSessions {
  /**
   * Values of the named tensors, outputs or inner ones, for one input; `nodes` compute those that the file does not have. Not to be called
   * while a run is under way.
   */
  run(
    feeds: Readonly<Record<string, OrtTensor>>,
    fetches: readonly string[],
    nodes?: readonly AddedNode[],
  ): Promise<ReadonlyMap<string, OrtTensor>>;
  release(): Promise<void>;
}

export interface ForwardSessionsOptions {
  readonly ort: OrtRuntime;
  readonly bytes: Uint8Array;
  /** What the file itself gives out. */
  readonly outputs: readonly string[];
  /** Inner tensors that every session gives out. */
  readonly taps: readonly string[];
  readonly sessionOptions: OrtSessionOptions;
}

/** Each session holds the weights once more, so few are kept: the default one and the last two others used. */
const MAX_EXTRA_SESSIONS = 2;

/**
 * Makes the default session now, and others when inner tensors are asked for that it does not give out. The first of those takes the
 * default one's place, which is made again when it is asked for.
 */
export async function createForwardSessions(options: ForwardSessionsOptions): Promise<ForwardSessions> {
  const { ort, bytes, outputs, taps, sessionOptions } = options;
  const create = (inner: Iterable<string>, nodes: readonly AddedNode[] = []): Promise<OrtSession> =>
    orRuntimeError('createOnnxModel', () => {
      const added = [...new Set(inner)].filter((name) => !outputs.includes(name));
      const model =
        added.length === 0
          ? bytes
          : appendToModel(bytes, { nodes, outputs: added.map((name) => ({ name })) });
      return ort.InferenceSession.create(model, sessionOptions);
    });
  let standard: OrtSession | undefined = await create(taps);
  const { outputNames } = standard;
  const extra: OrtSession[] = [];
  const sessionFor = async (
    fetches: readonly string[],
    nodes: readonly AddedNode[] | undefined,
  ): Promise<OrtSession> => {
    const within = (names: readonly string[]): boolean => fetches.every((name) => names.includes(name));
    if (within(outputNames)) {
      standard ??= await create(taps);
      return standard;
    }
    const at = extra.findIndex((session) => within(session.outputNames));
    // Who explains an inner layer often wants nothing else: the weights are not held twice before they are asked for twice.
    if (extra.length === 0) await retire();
    const [session = await create([...taps, ...fetches], nodes)] = at < 0 ? [] : extra.splice(at, 1);
    extra.push(session);
    while (extra.length > MAX_EXTRA_SESSIONS) await extra.shift()!.release();
    return session;
  };
  const retire = async (): Promise<void> => {
    const session = standard;
    standard = undefined;
    await session?.release();
  };
  return {
    run: async (feeds, fetches, nodes) => {
      const session = await sessionFor(fetches, nodes);
      const values = await orRuntimeError('forward', () => session.run(feeds, [...fetches]));
      return new Map(fetches.map((name) => [name, values[name] as OrtTensor]));
    },
    release: async () => {
      await retire();
      for (const session of extra.splice(0)) await session.release();
    },
  };
}
