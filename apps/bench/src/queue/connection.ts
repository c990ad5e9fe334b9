import { CamError, OptionError } from '@hybridcam/core';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

/** All our keys begin with this, so that several projects can share one Redis. */
export const DEFAULT_PREFIX = 'hybridcam';
export const QUEUE_NAME = 'shards';

/** Where the password may stand instead of the command line, which every user of a machine can read. */
export const PASSWORD_VARIABLE = 'HYBRIDCAM_QUEUE_PASSWORD';

/** How long at first: less where an address answers that nobody is there, which is seldom a matter of time. */
const FIRST_CONTACT_MS = { refused: 10_000, silent: 30_000 };
/** A connection that was made and says nothing for so long is made anew: the network may have been cut before Redis' first word. */
const FIRST_WORD_MS = 4_000;
/** Refusals that waiting does not change. */
const FINAL = /WRONGPASS|NOAUTH|NOPERM|certificate/;
const HEARTBEAT_MS = 10_000;

/**
 * A connection for BullMQ from `redis://` or `rediss://`, password and database included. Once it has been made it reconnects for as long
 * as it takes: a Redis that restarts costs time, not results.
 * @throws OptionError for another kind of address; CamError NETWORK when nothing lets us in at first, with the reason
 */
export async function connectNow(address: string): Promise<Redis> {
  const url = queueUrl(address);
  const connection = new Redis(url.href, {
    // BullMQ's own requirement for blocking commands.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(200 * attempt, 5000),
  });
  // ioredis prints errors that nobody listens to; BullMQ reports and retries.
  connection.on('error', () => {});
  let reason = 'no answer';
  let refused = false;
  const ready = await new Promise<boolean>((resolve) => {
    const started = Date.now();
    let connectedAt = Number.POSITIVE_INFINITY;
    connection.on('connect', () => {
      connectedAt = Date.now();
    });
    const watch = setInterval(() => {
      if (connection.status === 'connect' && Date.now() - connectedAt > FIRST_WORD_MS) {
        connectedAt = Number.POSITIVE_INFINITY;
        connection.disconnect(true);
      }
      if (Date.now() - started < FIRST_CONTACT_MS[refused ? 'refused' : 'silent']) return;
      clearInterval(watch);
      resolve(false);
    }, 250);
    connection.once('ready', () => {
      clearInterval(watch);
      resolve(true);
    });
    connection.on('error', (error: Error) => {
      reason = error.message || reason;
      refused = true;
      if (!FINAL.test(reason)) return;
      clearInterval(watch);
      resolve(false);
    });
  });
  if (ready) {
    keepAlive(connection);
    await selectDatabase(connection, url);
    return connection;
  }
  connection.disconnect();
  throw new CamError(
    'NETWORK',
    `--queue: expected a Redis at ${url.hostname}:${url.port || 6379}; none let us in (${reason}).`,
  );
}

/**
 * Asked once more in our own words: ioredis goes on in database 0 where the server has none of that number.
 * @throws OptionError
 */
async function selectDatabase(connection: Redis, { pathname, hostname }: URL): Promise<void> {
  const database = Number(pathname.slice(1));
  try {
    await connection.select(database);
  } catch (cause) {
    connection.disconnect();
    throw new OptionError(
      `--queue: expected a database that the Redis at ${hostname} has; received ${database} (${(cause as Error).message}).`,
      { cause },
    );
  }
}

/** A connection that answers no ping is dead, though nobody told us: a router forgot it, or the network was cut. It is made anew. */
function keepAlive(connection: Redis): void {
  let answered = true;
  const timer = setInterval(() => {
    // While it is being made there is nothing to end; `connect` is made, but not let in yet.
    if (connection.status !== 'ready' && connection.status !== 'connect') return;
    if (!answered) connection.disconnect(true);
    answered = false;
    connection.ping().then(
      () => {
        answered = true;
      },
      () => {},
    );
  }, HEARTBEAT_MS);
  timer.unref();
  connection.on('ready', () => {
    answered = true;
  });
  connection.once('end', () => clearInterval(timer));
}

/** @throws OptionError, which never repeats a password */
function queueUrl(address: string): URL {
  const rule = '--queue: expected redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE] or rediss://…';
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new OptionError(`${rule}; received what is no address.`);
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw new OptionError(`${rule}; received "${url.protocol}//…".`);
  if (url.hostname === '') throw new OptionError(`${rule}; received none after "${url.protocol}//".`);
  if (!/^(\/\d{0,9})?$/.test(url.pathname))
    throw new OptionError(`${rule}, the database a number; received "${url.pathname.slice(0, 80)}".`);
  const password = process.env[PASSWORD_VARIABLE];
  if (password !== undefined && url.password === '') url.password = encodeURIComponent(password);
  return url;
}

/** @throws OptionError for a prefix that would split keys or print badly */
export function queuePrefix(flag: string | undefined): string {
  if (flag === undefined) return DEFAULT_PREFIX;
  if (/^[\w.:{}-]{1,64}$/.test(flag)) return flag;
  throw new OptionError(
    `--queue-prefix: expected 1 to 64 of letters, digits and . : { } - _; received ${JSON.stringify(flag.slice(0, 80))}.`,
  );
}

/** The queue of a prefix; `connection` stays the caller's to end. */
export function openQueue(connection: Redis, prefix: string): Queue {
  const queue = new Queue(QUEUE_NAME, {
    connection,
    prefix,
    // BullMQ writes every result into its stream of events a second time; nobody here reads that.
    streams: { events: { maxLen: 16 } },
  });
  queue.on('error', () => {});
  return queue;
}
