export type JsonRecord = Readonly<Record<string, unknown>>;

/** The value where it is a JSON object, else undefined. */
export function recordOf(value: unknown): JsonRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonRecord)
    : undefined;
}
