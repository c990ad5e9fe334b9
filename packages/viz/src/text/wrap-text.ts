import { breakLines } from './break-lines.ts';
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
  return breakLines(text, (line) => measureText(line, size) <= width, maxLines);
}
