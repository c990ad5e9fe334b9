import type { CallName, Calls, Reply, Request } from './protocol.ts';

/** What the worker refused, with the code of the CamError it came from. */
export class WorkerError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'WorkerError';
    this.code = code;
  }
}

export interface CallOptions<Name extends CallName> {
  readonly onProgress?: (value: Calls[Name]['progress']) => void;
  readonly signal?: AbortSignal;
  readonly transfer?: Transferable[];
}

export interface Client {
  call<Name extends CallName>(
    name: Name,
    params: Calls[Name]['params'],
    options?: CallOptions<Name>,
  ): Promise<Calls[Name]['result']>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  progress?: ((value: never) => void) | undefined;
}

/** The page's end of the protocol: calls become promises. A worker that dies rejects all of them, one that never started also later ones. */
export function createClient(worker: Worker): Client {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let isStarted = false;
  let whyNotStarted: string | undefined;
  const failAll = (message: string): void => {
    for (const { reject } of waiting.values()) reject(new WorkerError('RUNTIME', message));
    waiting.clear();
  };
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    isStarted = true;
    const call = waiting.get(data.id);
    if (!call) return;
    if (data.kind === 'progress') {
      call.progress?.(data.value as never);
      return;
    }
    waiting.delete(data.id);
    if (data.kind === 'result') call.resolve(data.value);
    else call.reject(new WorkerError(data.code, data.message));
  };
  worker.onerror = ({ message }) => {
    if (!isStarted) {
      const reason = message ? ` (${message})` : '';
      whyNotStarted = `The part of the page that runs it could not be loaded${reason}: the connection may be cut, or something may block its files.`;
    }
    failAll(whyNotStarted ?? (message || 'The worker has stopped.'));
  };
  worker.onmessageerror = () => failAll('A message of the worker could not be read.');
  return {
    call(name, params, { onProgress, signal, transfer = [] } = {}) {
      if (whyNotStarted !== undefined) return Promise.reject(new WorkerError('RUNTIME', whyNotStarted));
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, progress: onProgress });
        worker.postMessage({ id, name, params } satisfies Request, transfer);
        signal?.addEventListener('abort', () => worker.postMessage({ id, name: 'cancel' } satisfies Request));
      });
    },
  };
}
