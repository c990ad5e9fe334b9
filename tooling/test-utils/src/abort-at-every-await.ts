import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

export interface AbortOptions<T> {
  /** Gives back what a run that was not refused holds, such as a model. */
  readonly release?: (value: T) => unknown;
  /** What an untouched run must give again after each that was aborted. Default: not compared. */
  readonly digest?: (value: T) => unknown;
  /** Throws where an aborted run left something that this file cannot see: a session, a tensor, a file. */
  readonly check?: () => unknown;
  /** More places than this are sampled evenly. Default: each is tried. */
  readonly most?: number;
  /** How a refusal looks. Default: an error of code ABORTED whose `cause` is the signal's reason. */
  readonly isRefusal?: (error: unknown, reason: unknown) => boolean;
}

export interface AbortReport {
  /** How often an untouched run was resumed: every continuation of a promise and every callback of its own. */
  readonly awaits: number;
  /** At how many of them the signal was fired. */
  readonly tried: number;
  readonly refused: number;
  /** Of each run that ended as if nothing had happened, how often it was resumed after the signal: there it no longer looked at it. */
  readonly late: readonly number[];
}

const REASON = new Error('abortAtEveryAwait');
/**
 * For how many turns of the event loop, and milliseconds between them, what an aborted run has begun may still end by itself: a hash on
 * another thread, a closing file. Turns and not time, because those of a busy machine are longer.
 */
const [GRACE_TURNS, TURN_MS] = [400, 5];

/**
 * Runs an asynchronous operation once untouched, counting how often it is resumed, and then once for each of these: there its signal is
 * fired just as it begins to wait again. It must reject with the signal's reason or end as usual, reject nothing unseen, and leave no listener
 * on the signal, no timer, no request, no open file, and nothing that `check` knows of. Then an untouched run must still work.
 *
 * Not told apart by this file: a run that ignores its signal. Look at `late`.
 *
 * @example
 * const report = await abortAtEveryAwait((signal) => loadModel('scenes', { signal }), { release: (model) => model.dispose() });
 * expect(report.late.length).toBeLessThan(3);
 */
export async function abortAtEveryAwait<T>(
  operation: (signal: AbortSignal) => Promise<T>,
  options: AbortOptions<T> = {},
): Promise<AbortReport> {
  const {
    check = () => {},
    digest = () => undefined,
    release = () => {},
    most = Number.POSITIVE_INFINITY,
  } = options;
  const isRefusal = options.isRefusal ?? isAborted;
  const unseen: unknown[] = [];
  const onUnseen = (error: unknown): void => void unseen.push(error);
  process.on('unhandledRejection', onUnseen);

  const untouched = async (): Promise<{ awaits: number; found: unknown }> => {
    const run = await runCounting(operation, undefined);
    if ('error' in run.outcome) throw run.outcome.error;
    const found = digest(run.outcome.value);
    await release(run.outcome.value);
    return { awaits: run.awaits, found };
  };
  const nothingLeft = async (signal: AbortSignal | undefined, before: Held, where: string): Promise<void> => {
    for (let turn = 0; ; turn++) {
      const left = [...moreThan(held(), before), ...listenersOf(signal)];
      if (left.length === 0) break;
      if (turn === GRACE_TURNS) throw new Error(`${where}: left behind ${left.join(', ')}.`);
      await wait(TURN_MS);
    }
    await wait(0);
    if (unseen.length > 0)
      throw new Error(`${where}: a rejection that nobody handled.`, { cause: unseen[0] });
    await check();
  };

  try {
    // The first fills caches and loads modules; the second is what the later ones are like.
    await untouched();
    const { awaits, found } = await untouched();
    const before = held();
    const late: number[] = [];
    let [refused, tried] = [0, 0];
    const step = Math.max(1, awaits / most);
    for (let at = 0; ; at += step) {
      const place = Math.round(at);
      const where = `aborted at await ${place} of ${awaits}`;
      const { outcome, fired, signal, awaits: resumed } = await runCounting(operation, place);
      if ('value' in outcome) {
        await release(outcome.value);
        await nothingLeft(signal, before, where);
        // Beyond its end: every place was tried. How often a run is resumed differs by the pieces in which files and answers come.
        if (!fired) break;
        late.push(resumed - place);
      } else {
        if (!fired || !isRefusal(outcome.error, REASON)) {
          throw new Error(`${where}: expected a refusal with the signal's reason.`, { cause: outcome.error });
        }
        refused++;
        await nothingLeft(signal, before, where);
        if (options.digest && !isDeepStrictEqual((await untouched()).found, found)) {
          throw new Error(`${where}: the next run gives something else.`);
        }
      }
      tried++;
      if (place > 20 * awaits + 1000) throw new Error(`${where}: no end.`);
    }
    if (!isDeepStrictEqual((await untouched()).found, found))
      throw new Error('the last run gives something else.');
    return { awaits, tried, refused, late };
  } finally {
    process.off('unhandledRejection', onUnseen);
  }
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** One run; its signal fires once it has been resumed `at` times, 0 being before its first wait is over, and never for undefined. */
async function runCounting<T>(
  operation: (signal: AbortSignal) => Promise<T>,
  at: number | undefined,
): Promise<{ outcome: Outcome<T>; awaits: number; fired: boolean; signal: AbortSignal }> {
  const controller = new AbortController();
  const own = new AsyncLocalStorage<true>();
  let awaits = 0;
  let ended = false;
  const hook = createHook({
    // What belongs to the run inherits its store: other tests' and the runner's turns do not count.
    after: () => {
      if (ended || own.getStore() !== true) return;
      if (++awaits === at) controller.abort(REASON);
    },
  });
  hook.enable();
  try {
    const running = own.run(true, () => operation(controller.signal));
    if (at === 0) controller.abort(REASON);
    const outcome = await running.then(
      (value): Outcome<T> => ({ value }),
      (error: unknown): Outcome<T> => ({ error }),
    );
    ended = true;
    return { outcome, awaits, fired: controller.signal.aborted, signal: controller.signal };
  } finally {
    hook.disable();
  }
}

/** What this process holds, counted by kind. */
type Held = ReadonlyMap<string, number>;

function held(): Held {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const open = openFiles();
  if (open !== undefined) counts.set('open file', open);
  return counts;
}

function openFiles(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    // Not every system tells.
    return undefined;
  }
}

function moreThan(now: Held, before: Held): string[] {
  return [...now].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 ? [`${more} × ${kind}`] : [];
  });
}

function listenersOf(signal: AbortSignal | undefined): string[] {
  const count = signal === undefined ? 0 : getEventListeners(signal, 'abort').length;
  return count === 0 ? [] : [`${count} × listener of the signal`];
}

function isAborted(error: unknown, reason: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'ABORTED' && error.cause === reason;
}
