import { measureText } from './draw-text.ts';

/**
 * Text in lines of at most `width` pixels: broken at line breaks and spaces (not at no-break spaces), in long words also after
 * `-`, `_`, `/` and `.` (not that of a number), at last anywhere; what does not fit into `maxLines` ends in an ellipsis.
 */
export function wrapText(
  text: string,
  size: number,
  width: number,
  maxLines: number = Number.POSITIVE_INFINITY,
): string[] {
  const fits = (line: string): boolean => measureText(line, size) <= width;
  const lines: string[] = [];
  for (const paragraph of text.split(/\r?\n/)) {
    let line = '';
    for (const piece of paragraph.match(
      /[^\S\u00a0]+|(?:\u00a0|(?<=\d)\.(?=\d)|[^\s\-_/.])+[-_/.]*|[-_/.]+/g,
    ) ?? []) {
      if (fits((line + piece).trimEnd())) {
        line += piece;
        continue;
      }
      if (line.trim() !== '') lines.push(line.trimEnd());
      line = piece.trimStart();
      while (!fits(line)) {
        const head = longestPrefix(line, fits);
        lines.push(head);
        line = line.slice(head.length);
      }
    }
    lines.push(line.trimEnd());
  }
  if (lines.length <= maxLines) return lines;
  const last = `${lines[maxLines - 1]} ${lines[maxLines]}`;
  return [...lines.slice(0, maxLines - 1), `${longestPrefix(last, (head) => fits(`${head}…`)).trimEnd()}…`];
}

/** At least one character, so that wrapping always ends. */
function longestPrefix(text: string, fits: (text: string) => boolean): string {
  let prefix = '';
  for (const character of text) {
    if (prefix !== '' && !fits(prefix + character)) break;
    prefix += character;
  }
  return prefix;
}
