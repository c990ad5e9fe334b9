import { type Colormap, colorIndex } from './colormap.ts';
import { areRising, expectOption } from './expect-option.ts';
import { formatNumber } from './format-number.ts';
import { fillRectangle, strokeRectangle } from './paint/paint.ts';
import { filledImage, type RgbaImage } from './rgba-image.ts';
import { drawText, measureText } from './text/draw-text.ts';
import { wrapText } from './text/wrap-text.ts';
import { type ThemeName, themes } from './theme.ts';
import { roundTicks } from './ticks.ts';

/** The colour scale of a picture in the units of its map. */
export interface Scale {
  readonly colormap: Colormap;
  /** Value at the first colour: the raw map's, not the normalised one's. */
  readonly low: number;
  /** Value at the last colour. */
  readonly high: number;
  /** What is measured, and in what, for example `evidence (logits)`. Default: no title. */
  readonly title?: string;
}

export interface LegendOptions {
  /** Pixels, text included. Default: 240. */
  readonly width?: number;
  /** Size of the text in pixels. Default: 13. */
  readonly fontSize?: number;
  readonly theme?: ThemeName;
}

/**
 * A colour bar with its title, its values at both ends exactly and round values between them.
 * @throws OptionError unless low < high, both finite, and the width is a whole number ≥ 40
 * @example legend({ colormap: viridis, low: 0, high: 17.9, title: 'evidence (logits)' })
 */
export function legend(scale: Scale, options: LegendOptions = {}): RgbaImage {
  const { width = 240, fontSize = 13, theme: themeName = 'light' } = options;
  const { colormap, low, high, title } = scale;
  expectOption(areRising(low, high), 'legend', 'finite low < high', `${low} and ${high}`);
  expectOption(
    Number.isInteger(width) && width >= 40,
    'legend',
    'a width in whole pixels, at least 40',
    width,
  );
  const theme = themes[themeName];
  const pad = Math.ceil(fontSize * 0.2);
  const lineHeight = Math.round(fontSize * 1.35);
  const titleLines = !title ? [] : wrapText(title, fontSize, width - 2 * pad);
  const barTop = titleLines.length * lineHeight + Math.round(fontSize * 0.3);
  const barHeight = Math.round(fontSize * 0.85);
  const tickLength = Math.round(fontSize * 0.25);
  const height = barTop + barHeight + tickLength + lineHeight;
  const picture = filledImage(width, height, theme.background);
  titleLines.forEach((line, i) => {
    drawText(picture, line, pad, i * lineHeight + fontSize, { size: fontSize, color: theme.text });
  });
  const barWidth = width - 2 * pad;
  for (let x = 0; x < barWidth; x++) {
    const entry = 3 * colorIndex((x + 0.5) / barWidth, colormap.quantize);
    for (let y = barTop; y < barTop + barHeight; y++) {
      picture.data.set(colormap.table.subarray(entry, entry + 3), 4 * (y * width + pad + x));
    }
  }
  const [red, green, blue] = theme.text;
  strokeRectangle(picture, { left: pad, top: barTop, width: barWidth, height: barHeight }, [
    red,
    green,
    blue,
    70,
  ]);
  drawTicks();
  return picture;

  /** The ends first, then round values between them as far as they have room. */
  function drawTicks(): void {
    const baseline = barTop + barHeight + tickLength + Math.round(fontSize * 0.95);
    const taken: (readonly [number, number])[] = [];
    const between = roundTicks(low, high, barWidth / (fontSize * 4.5));
    for (const value of [low, high, ...(low < 0 && high > 0 ? [0] : []), ...between]) {
      const x = pad + ((value - low) / (high - low)) * (barWidth - 1);
      const text = formatNumber(value);
      const textWidth = measureText(text, fontSize);
      const left = Math.min(width - textWidth - pad / 2, Math.max(pad / 2, x - textWidth / 2));
      const room = fontSize * 0.6;
      if (taken.some(([from, to]) => left < to + room && left + textWidth > from - room)) continue;
      taken.push([left, left + textWidth]);
      const tick = { left: Math.round(x), top: barTop + barHeight, width: 1, height: tickLength };
      fillRectangle(picture, tick, theme.muted);
      drawText(picture, text, left, baseline, { size: fontSize, color: theme.muted });
    }
  }
}
