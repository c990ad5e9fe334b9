import type { PartialFile } from './partial-file.ts';
import type { Reply, Transport } from './transport.ts';

/** What went wrong with one attempt; another may do better. */
export class AttemptFailed extends Error {
  /** Milliseconds the server asked for. */
  readonly retryAfter: number | undefined;

  constructor(message: string, options: { cause?: unknown; retryAfter?: number | undefined } = {}) {
    super(message, options);
    this.name = 'AttemptFailed';
    this.retryAfter = options.retryAfter;
  }
}

/** What no other attempt at this address will change. */
export class RefusedByServer extends Error {}

export interface ReceiveOptions {
  readonly transport: Transport;
  readonly signal: AbortSignal;
  /** Called before each wait for bytes. */
  readonly alive: () => void;
  /** Called when bytes came: writing them may take its time. */
  readonly busy: () => void;
  readonly expectedBytes: number | undefined;
  /** After the partial file was emptied or had bytes added. */
  readonly onCleared: () => void;
  readonly onBytes: (bytes: Uint8Array, total: number | undefined) => void;
}

/**
 * One request for the rest of a file, appended to what is there. A server that ignores or mangles the range makes it start over; one
 * whose lengths contradict the recorded size or each other is not believed.
 * @throws AttemptFailed, RefusedByServer, or whatever the transport and the disk throw
 */
export async function receive(url: string, partial: PartialFile, options: ReceiveOptions): Promise<void> {
  const from = partial.size;
  options.alive();
  const reply = await options.transport(url, { from, signal: options.signal });
  const restart = async (): Promise<void> => {
    await partial.clear();
    options.onCleared();
  };
  const { status } = reply;
  if (status === 416) {
    if (from > 0 && rangeTotal(reply) === from && options.expectedBytes === undefined) return;
    await restart();
    throw new AttemptFailed(`the server has no bytes from ${from} on`);
  }
  if (status !== 200 && status !== 206) throw refusal(reply);
  const encoding = reply.header('content-encoding');
  if (encoding !== undefined && encoding !== 'identity') {
    throw new AttemptFailed(`the server sent the file encoded (${encoding}), which was not asked for`);
  }
  let total: number | undefined;
  if (status === 206) {
    const range = contentRange(reply);
    if (range === undefined || range.start !== from || from === 0) {
      await restart();
      throw new AttemptFailed(`the server sent another range than the one from byte ${from} on`);
    }
    total = range.total;
  } else {
    if (from > 0) await restart();
    total = contentLength(reply);
  }
  const { expectedBytes } = options;
  if (total !== undefined && expectedBytes !== undefined && total !== expectedBytes) {
    throw new AttemptFailed(`the server announces ${total} bytes instead of ${expectedBytes}: another file`);
  }
  const limit = expectedBytes ?? total;
  for await (const bytes of unbroken(reply.body, partial)) {
    if (options.signal.aborted) throw options.signal.reason;
    if (limit !== undefined && partial.size + bytes.length > limit) {
      await restart();
      throw new AttemptFailed(`the server sent more than ${limit} bytes: another file`);
    }
    options.busy();
    await partial.append(bytes);
    options.onBytes(bytes, limit);
    options.alive();
  }
  if (limit !== undefined && partial.size < limit) {
    throw new AttemptFailed(`the connection ended after ${partial.size} of ${limit} bytes`);
  }
}

/** The body, its end by accident told as such. */
async function* unbroken(body: AsyncIterable<Uint8Array>, partial: PartialFile): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await iterator.next().catch((cause: unknown) => {
        throw new AttemptFailed(`the connection broke after ${partial.size} bytes`, { cause });
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

function refusal(reply: Reply): Error {
  const { status } = reply;
  const message = `the server answered with status ${status}`;
  const temporary = status === 408 || status === 425 || status === 429 || status >= 500;
  if (!temporary) return new RefusedByServer(message);
  const seconds = Number(reply.header('retry-after'));
  return new AttemptFailed(message, { retryAfter: seconds > 0 ? seconds * 1000 : undefined });
}

function contentLength(reply: Reply): number | undefined {
  const text = reply.header('content-length');
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** `bytes 100-199/200`; the total may be `*`. */
function contentRange(reply: Reply): { start: number; total: number | undefined } | undefined {
  const match = /^bytes (\d{1,15})-\d{1,15}\/(?:(\d{1,15})|\*)$/.exec(reply.header('content-range') ?? '');
  return match ? { start: Number(match[1]), total: match[2] ? Number(match[2]) : undefined } : undefined;
}

/** Of an answer 416: `bytes *\/200`. */
function rangeTotal(reply: Reply): number | undefined {
  const match = /^bytes \*\/(\d{1,15})$/.exec(reply.header('content-range') ?? '');
  return match ? Number(match[1]) : undefined;
}
