import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A redis-server of the script's own, with an append-only file, in a temporary folder. `stop()` ends it; `info()` is INFO as an object. */
export async function ownRedis() {
  const port = 20_000 + Math.floor(12_000 * Math.random());
  const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-redis-'));
  const flags = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', ''];
  const server = spawn('redis-server', flags.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    let log = '';
    server.stdout.on('data', (text) => {
      log += text;
      if (log.includes('Ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`redis-server ended: ${log}`)));
  });
  stopWithUs(server);
  return {
    url: `redis://127.0.0.1:${port}`,
    info: () =>
      Object.fromEntries(
        execFileSync('redis-cli', ['-p', String(port), 'info'])
          .toString()
          .split('\r\n')
          .filter((line) => line.includes(':'))
          .map((line) => line.split(':')),
      ),
    stop: () => server.kill(),
  };
}

/** Ends a child process when this one ends, Ctrl-C and SIGTERM included. */
export function stopWithUs(child) {
  process.once('exit', () => child.kill('SIGKILL'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
}
