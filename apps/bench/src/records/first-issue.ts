import type { z } from 'zod';

/** Where a payload breaks the schema first, and what is there: short, whatever it is. */
export function firstIssue(error: z.ZodError, payload: unknown): string {
  const { path, message } = error.issues[0]!;
  const value = path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], payload);
  const received = typeof value === 'object' && value !== null ? 'an object' : String(value).slice(0, 80);
  return `${path.join('.') || 'payload'}: ${message.slice(0, 200)} (${received})`;
}
