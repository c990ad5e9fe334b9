import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { writeModel } from '../../src/index.ts';
import type { OrtRuntime, OrtSession } from '../../src/ort.ts';
import { createForwardSessions } from '../../src/runtime/forward-sessions.ts';

/** y = −(|x|) with the inner tensors a = |x|, b = √a and c = e^a. */
const bytes = writeModel({
  opsets: { '': 17 },
  graph: {
    name: 'inner',
    inputs: [{ name: 'x', dataType: 'float32', shape: [2] }],
    outputs: [{ name: 'y', dataType: 'float32', shape: [2] }],
    nodes: [
      { opType: 'Abs', inputs: ['x'], outputs: ['a'] },
      { opType: 'Sqrt', inputs: ['a'], outputs: ['b'] },
      { opType: 'Exp', inputs: ['a'], outputs: ['c'] },
      { opType: 'Neg', inputs: ['a'], outputs: ['y'] },
    ],
  },
});
const feeds = { x: new ort.Tensor('float32', Float32Array.of(-4, 1), [2]) };

/** The runtime, and the outputs of every session that is alive. */
function counted() {
  const alive = new Set<OrtSession>();
  const runtime = {
    Tensor: ort.Tensor,
    InferenceSession: {
      async create(model: Uint8Array, options: object) {
        const session = await ort.InferenceSession.create(model, options);
        const release = session.release.bind(session);
        session.release = () => {
          alive.delete(session);
          return release();
        };
        alive.add(session);
        return session;
      },
    },
  } as unknown as OrtRuntime;
  return { runtime, outputs: () => [...alive].map(({ outputNames }) => outputNames.join()).sort() };
}

describe('createForwardSessions', () => {
  test('inner tensors take the place of the default session, which comes back when asked for', async () => {
    const { runtime, outputs } = counted();
    const sessions = await createForwardSessions({
      ort: runtime,
      bytes,
      outputs: ['y'],
      taps: ['a'],
      sessionOptions: {},
    });
    const values = async (...names: string[]) =>
      [...(await sessions.run(feeds, names))].map(([name, { data }]) => [name, ...(data as Float32Array)]);

    expect(await values('y', 'a')).toEqual([
      ['y', -4, -1],
      ['a', 4, 1],
    ]);
    expect(outputs()).toEqual(['y,a']);
    expect(await values('b')).toEqual([['b', 2, 1]]);
    expect(outputs()).toEqual(['y,a,b']);
    expect(await values('y')).toEqual([['y', -4, -1]]);
    expect(outputs()).toEqual(['y,a', 'y,a,b']);
    await values('c');
    await values('b', 'c');
    expect(outputs()).toEqual(['y,a', 'y,a,b,c', 'y,a,c']);
    await sessions.release();
    expect(outputs()).toEqual([]);
  });

  test('nodes that compute what the file does not have are added where it is asked for', async () => {
    const { runtime, outputs } = counted();
    const sessions = await createForwardSessions({
      ort: runtime,
      bytes,
      outputs: ['y'],
      taps: [],
      sessionOptions: {},
    });
    const doubled = { opType: 'Add', inputs: ['a', 'a'], outputs: ['twice'] };
    const values = await sessions.run(feeds, ['y', 'twice'], [doubled]);
    expect([...values.get('twice')!.data]).toEqual([8, 2]);
    expect(outputs()).toEqual(['y,twice']);
    await sessions.run(feeds, ['twice'], [doubled]);
    expect(outputs()).toEqual(['y,twice']);
    await sessions.release();
  });
});
