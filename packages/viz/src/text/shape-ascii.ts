import { asciiGlyphs } from './ascii-glyphs.ts';
import { type GlyphShape, glyphShape, shapeOnce, sideBySide, space } from './glyph-shape.ts';
import { entryOf } from './rows.ts';

/** A line of ASCII as `shapeText` shapes it, for our own words: a page that shows no others loads no other glyphs. */
export function shapeAscii(text: string): GlyphShape {
  return sideBySide([...text].map((character) => shapeOnce(character, shapeOf)!));
}

function shapeOf(character: string): GlyphShape {
  const skeleton = entryOf(character, asciiGlyphs);
  return skeleton ? glyphShape(skeleton, character) : space;
}
