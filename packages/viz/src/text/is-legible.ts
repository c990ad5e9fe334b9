import { shapeText } from './shape-text.ts';

/** Whether `drawText` shows all of a text as letters, none by its code point. */
export function isLegible(text: string): boolean {
  return !shapeText(text).codePoints;
}
