/** Text in lines that all fit, as `wrapText` breaks them. */
export function breakLines(
  text: string,
  fits: (line: string) => boolean,
  maxLines: number = Number.POSITIVE_INFINITY,
): string[] {
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
