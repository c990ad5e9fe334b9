/**
 * Control characters (terminal escapes among them), and the invisible marks that reorder or hide text: a file or class
 * name with these could recolour the terminal, overwrite a line or pretend to be another name.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const HOSTILE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** `text` on one line with every control and bidirectional character written as `\u{…}`, safe to print on a terminal. */
export function plainText(text: string): string {
  return text.replace(HOSTILE, (character) =>
    character === '\n' || character === '\t' ? ' ' : `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
}

/**
 * `value` as one line of JSON, pure in what a terminal acts on: characters that `JSON.stringify` leaves raw but a terminal
 * obeys are `\uXXXX` escapes. Parsing gives back exactly `value`. Numbers that JSON cannot hold are null.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    HOSTILE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
