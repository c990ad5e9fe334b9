const LONGEST = 400;

/** What an error says, cut where it lists a whole network or repeats a damaged file. */
export function errorSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
