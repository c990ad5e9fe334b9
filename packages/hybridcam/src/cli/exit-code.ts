import { CamError, type CamErrorCode } from '@hybridcam/core';
import { plainText } from './plain-text.ts';

/** All done; something failed (images that could be explained were); the command as typed cannot be run; Ctrl-C. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

const USAGE: ReadonlySet<CamErrorCode> = new Set(['OPTION', 'LAYER_NOT_FOUND', 'CLASS_NOT_FOUND']);

/** The exit code for an error that ends the whole command. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof CamError)) return EXIT.failed;
  if (error.code === 'ABORTED') return EXIT.interrupted;
  return USAGE.has(error.code) ? EXIT.usage : EXIT.failed;
}

/** Code and message for a person or a program: one line, no stack trace, nothing a terminal would act on. */
export function errorFacts(error: unknown): { code: CamErrorCode | 'UNEXPECTED'; message: string } {
  if (error instanceof CamError) return { code: error.code, message: oneLine(error.message) };
  return { code: 'UNEXPECTED', message: oneLine(error instanceof Error ? error.message : String(error)) };
}

/** What stderr gets for an error. The stack is for us: `HYBRIDCAM_DEBUG=1`. */
export function errorText(error: unknown, debug: boolean): string {
  const { code, message } = errorFacts(error);
  const bug = code === 'UNEXPECTED' ? ' This is a bug in hybridcam: HYBRIDCAM_DEBUG=1 shows where.' : '';
  const stack = debug && error instanceof Error ? `${error.stack}\n` : '';
  return `error: ${plainText(message)}${bug}\n${stack}`;
}

function oneLine(message: string): string {
  return message.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}
