import { CamError, OptionError } from '@hybridcam/core';
import { Redis } from 'ioredis';

/** All our keys begin with this, so that several projects can share one Redis. */
export const DEFAULT_PREFIX = 'hybridcam';
export const QUEUE_NAME = 'shards';

/**
 * A connection for BullMQ from `redis://` or `rediss://`, password and database included. It reconnects for as long as it takes: a Redis
 * that restarts costs time, not results.
 * @throws OptionError for another kind of address
 */
export function connect(url: string): Redis {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new OptionError(`--queue: expected redis://HOST[:PORT] or rediss://…; received "${url}".`);
  }
  if (parsed.protocol !== 'redis:' && parsed.protocol !== 'rediss:') {
    throw new OptionError(`--queue: expected redis:// or rediss://; received "${parsed.protocol}//".`);
  }
  const connection = new Redis(url, {
    // BullMQ's own requirement for blocking commands.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(200 * attempt, 5000),
  });
  // Without a listener ioredis prints; BullMQ reports and retries.
  connection.on('error', () => {});
  return connection;
}

const FIRST_CONTACT_MS = 10_000;

/** As `connect`, but a Redis that cannot be reached at all is an error, not a wait. */
export async function connectNow(url: string): Promise<Redis> {
  const connection = connect(url);
  if (connection.status === 'ready') return connection;
  const outcome = await new Promise<'ready' | 'late'>((resolve) => {
    const timer = setTimeout(() => resolve('late'), FIRST_CONTACT_MS);
    connection.once('ready', () => {
      clearTimeout(timer);
      resolve('ready');
    });
  });
  if (outcome === 'ready') return connection;
  connection.disconnect();
  const { hostname, port } = new URL(url);
  throw new CamError(
    'NETWORK',
    `--queue: expected a Redis at ${hostname}:${port || 6379}; none answered within 10 s. Is it running, and is the password right?`,
  );
}
