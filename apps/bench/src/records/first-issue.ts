import type { z } from 'zod';

/** Characters of a place or a value that a message repeats: both are a stranger's. */
const LONGEST_PLACE = 120;
const LONGEST_VALUE = 80;

/** Where a payload breaks the schema first, and what is there: short, whatever it is. */
export function firstIssue(error: z.ZodError, payload: unknown): string {
  const { path, message } = error.issues[0]!;
  const value = path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], payload);
  const received = typeof value === 'object' && value !== null ? 'an object' : String(value);
  const place = path.join('.').slice(0, LONGEST_PLACE) || 'payload';
  return `${place}: ${message.slice(0, 200)} (${received.slice(0, LONGEST_VALUE)})`;
}
