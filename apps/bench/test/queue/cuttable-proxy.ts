import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** A TCP proxy that plays a network: while it is cut, bytes go nowhere and nobody is told. */
export interface CuttableProxy {
  readonly port: number;
  /** Connections stay open and silent for good; new ones are accepted and silent too. */
  cut(): void;
  /** New connections work again. The old ones stay silent, as after a router that forgot them. */
  mend(): void;
  close(): Promise<void>;
}

export async function startProxy(target: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>();
  let open = true;
  let forgotten = new WeakSet<Socket>();
  const server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => {}).on('close', () => sockets.delete(near));
    if (!open) return;
    const far = dial(target, '127.0.0.1');
    sockets.add(far);
    const end = () => {
      if (forgotten.has(near)) return;
      near.destroy();
      far.destroy();
    };
    far
      .on('error', () => {})
      .on('close', () => {
        sockets.delete(far);
        end();
      });
    near.on('close', () => far.destroy());
    near.on('data', (bytes) => !forgotten.has(near) && far.write(bytes));
    far.on('data', (bytes) => !forgotten.has(near) && near.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      open = false;
      forgotten = new WeakSet(sockets);
    },
    mend() {
      open = true;
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}
