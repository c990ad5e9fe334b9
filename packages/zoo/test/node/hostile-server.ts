import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CheckpointFile } from '../../src/index.ts';

/** What a request is answered with; `from` is the first byte asked for. */
export type Behaviour = (context: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly content: Uint8Array;
  readonly from: number;
  /** 0 for the first request. */
  readonly count: number;
}) => void;

export interface HostileServer {
  readonly url: string;
  readonly file: CheckpointFile;
  readonly content: Uint8Array;
  /** Ranges asked for, in order; 0 for none. */
  readonly froms: number[];
  /** Bytes of bodies that were sent. */
  readonly sent: () => number;
  close(): Promise<void>;
}

/** Bytes that no compressor and no coincidence reproduces; the same at each call. */
export function randomBytes(count: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** A server on the loopback interface that serves one file in the way it is told. */
export async function hostileServer(behave: Behaviour, size = 300_000): Promise<HostileServer> {
  const content = randomBytes(size);
  const froms: number[] = [];
  let sent = 0;
  const server = createServer((request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const write = response.write.bind(response);
    response.write = ((chunk: Uint8Array, ...rest: []) => {
      sent += chunk.length;
      return write(chunk, ...rest);
    }) as typeof response.write;
    response.on('error', () => {});
    const count = froms.push(from) - 1;
    behave({ request, response, content, from, count });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    file: checkpointFile(content, url),
    content,
    froms,
    sent: () => sent,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function checkpointFile(content: Uint8Array, url: string): CheckpointFile {
  return {
    fileName: 'model-00000000.pth',
    url: `${url}/model-00000000.pth`,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    license: 'none',
    terms: 'none',
  };
}

/** A good answer: the range that was asked for, with true headers. */
export const serve: Behaviour = ({ response, content, from }) => {
  if (from >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': content.length - from,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  });
  response.write(content.subarray(from));
  response.end();
};

/** As good, and gone after so many bytes. */
export function dropAfter(bytes: number): Behaviour {
  return ({ response, content, from }) => {
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': content.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    });
    response.write(content.subarray(from, from + bytes));
    setTimeout(() => response.destroy(), 20);
  };
}
