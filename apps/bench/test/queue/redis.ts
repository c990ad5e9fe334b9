import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A Redis of the test's own, with an append-only file, that can be stopped and started on the same port. */
export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** SIGKILL, then a new process on the same files. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestRedisOptions {
  readonly password?: string;
  /** A folder of `testCertificate`: TLS only. */
  readonly certificate?: string;
}

export const redisServer: string | undefined = [
  '/usr/bin/redis-server',
  '/usr/local/bin/redis-server',
  '/usr/bin/valkey-server',
].find((file) => existsSync(file));

export async function startRedis({ password, certificate }: TestRedisOptions = {}): Promise<TestRedis> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-redis-'));
  const port = await freePort();
  const flags = [
    ['--bind', '127.0.0.1'],
    ['--dir', folder],
    ['--appendonly', 'yes'],
    ['--appendfsync', 'always'],
    ['--save', ''],
    ...(password === undefined ? [] : [['--requirepass', password]]),
    ...(certificate === undefined
      ? [['--port', String(port)]]
      : [
          ['--port', '0'],
          ['--tls-port', String(port)],
          ['--tls-cert-file', path.join(certificate, 'cert.pem')],
          ['--tls-key-file', path.join(certificate, 'key.pem')],
          ['--tls-auth-clients', 'no'],
        ]),
  ].flat();
  let child: ChildProcess;
  const start = async () => {
    child = spawn(redisServer!, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      let log = '';
      child.stdout!.on('data', (text) => {
        log += text;
        if (log.includes('Ready to accept connections')) resolve();
      });
      child.once('exit', () => reject(new Error(`redis-server ended: ${log}`)));
    });
  };
  const stop = () =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  await start();
  const user = password === undefined ? '' : `:${password}@`;
  return {
    port,
    url: `${certificate === undefined ? 'redis' : 'rediss'}://${user}127.0.0.1:${port}`,
    async restart() {
      await stop();
      await start();
    },
    stop,
  };
}

/** key.pem and cert.pem for 127.0.0.1, made by openssl; undefined where there is none. */
export function testCertificate(): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-tls-'));
  const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', path.join(folder, 'key.pem'), '-out', path.join(folder, 'cert.pem')];
  try {
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
      { stdio: 'ignore' },
    );
  } catch {
    return undefined;
  }
  return folder;
}

/** A free port below those that the system hands out to outgoing connections, so that it is still free a moment later. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(12_000 * Math.random());
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
