import * as ort from 'onnxruntime-node';

export interface SessionCount {
  /** Sessions that were made and not released. */
  readonly sessions: number;
  /** Tensors that runs gave and nobody disposed of: on a GPU they would stay there. */
  readonly tensors: number;
  restore(): void;
}

type Session = Awaited<ReturnType<typeof ort.InferenceSession.create>>;

/** Counts what onnxruntime-node holds, for whoever imports it in this process. */
export function countSessions(): SessionCount {
  const create = ort.InferenceSession.create;
  let [sessions, tensors] = [0, 0];
  const counted = async (...args: unknown[]): Promise<Session> => {
    const session = await (create as (...args: unknown[]) => Promise<Session>).apply(
      ort.InferenceSession,
      args,
    );
    sessions++;
    const { release, run } = session;
    let open = true;
    session.release = async () => {
      if (open) sessions--;
      open = false;
      await release.call(session);
    };
    session.run = async (...given: unknown[]) => {
      const results = await (run as (...args: unknown[]) => ReturnType<Session['run']>).apply(session, given);
      for (const tensor of new Set(Object.values(results))) {
        tensors++;
        const dispose = tensor.dispose.bind(tensor);
        let held = true;
        tensor.dispose = () => {
          if (held) tensors--;
          held = false;
          dispose();
        };
      }
      return results;
    };
    return session;
  };
  ort.InferenceSession.create = counted as typeof create;
  return {
    get sessions() {
      return sessions;
    },
    get tensors() {
      return tensors;
    },
    restore: () => {
      ort.InferenceSession.create = create;
    },
  };
}
