import { NonFiniteError, ShapeError } from '@hybridcam/core';
import { areRising, expectOption } from '../expect-option.ts';
import { formatNumber } from '../format-number.ts';
import { roundTicks } from '../ticks.ts';
import { chartStyle, seriesColor } from './chart-style.ts';
import { escapeXml } from './escape-xml.ts';

/** One line of a chart. All arrays have one length, at least two. */
export interface Curve {
  readonly name: string;
  /** In rising order. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Lower and upper edge of a band around the line, for example a confidence interval. Default: no band. */
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
  /** For a baseline or control. Default: false. */
  readonly dashed?: boolean;
  /** Which of the eight colours, from 0: the same line may keep its colour in several charts. Default: its place in the list. */
  readonly series?: number;
}

export interface CurveSvgOptions {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Default: from the smallest to the largest x. */
  readonly xRange?: readonly [low: number, high: number];
  /** Default: round numbers around all values and bands. */
  readonly yRange?: readonly [low: number, high: number];
  /** CSS pixels. Default: 520 × 340; the picture scales with its container. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * A line chart with bands, axes and a legend, as one SVG element: for an HTML page or a file of its own.
 *
 * No scripts, no outside resources, all text escaped. Colours are CSS variables with light and dark defaults.
 *
 * @throws OptionError without curves, or on a range that does not rise; ShapeError when lengths differ; NonFiniteError
 * @example curveSvg([{ name: 'hybrid', x: [0, 0.5, 1], y: [0, 0.4, 0.9] }], { yLabel: 'probability' })
 */
export function curveSvg(curves: readonly Curve[], options: CurveSvgOptions = {}): string {
  const { title, xLabel, yLabel, width = 520, height = 340 } = options;
  checkCurves(curves);
  const xRange = checkRange('xRange', options.xRange ?? bounds(curves.map(({ x }) => x)));
  const yRange = checkRange(
    'yRange',
    options.yRange ?? rounded(bounds(curves.flatMap(({ y, low, high }) => [y, low ?? [], high ?? []]))),
  );
  const yTicks = roundTicks(...yRange, 5);
  const legend = legendRows(curves, width - 24);
  const top = 14 + (title ? 22 : 0) + legend.length * 20;
  const left = 20 + (yLabel ? 18 : 0) + Math.max(...yTicks.map((tick) => textWidth(formatNumber(tick))));
  const plot = { left, top, right: width - 16, bottom: height - 28 - (xLabel ? 20 : 0) };
  expectOption(
    plot.right - plot.left >= 40 && plot.bottom - plot.top >= 40,
    'curveSvg',
    'room for a plot of 40 × 40',
    `${width} × ${height} in all`,
    ' Enlarge it or name fewer curves.',
  );
  const xTicks = roundTicks(...xRange, (plot.right - plot.left) / 70);
  const toX = (x: number): number =>
    plot.left + ((x - xRange[0]) / (xRange[1] - xRange[0])) * (plot.right - plot.left);
  const toY = (y: number): number =>
    plot.bottom - ((y - yRange[0]) / (yRange[1] - yRange[0])) * (plot.bottom - plot.top);
  const line = (x: ArrayLike<number>, y: ArrayLike<number>): string =>
    Array.from(y, (value, i) => `${px(toX(x[i]!))},${px(toY(value))}`).join(' ');
  const label = title ?? [yLabel, 'against', xLabel].filter((part) => part !== undefined).join(' ');
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="hc-chart" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" height="${px(height)}" role="img" aria-label="${escapeXml(label)}" style="max-width:100%;height:auto">`,
    `<style>${chartStyle}</style>`,
    title ? text(plot.left, 20, title, 'hc-t', 'start', ' font-weight="600" font-size="14"') : '',
    ...legend.flatMap((row, r) =>
      row.map((entry) => legendEntry(entry, plot.left, (title ? 36 : 14) + r * 20)),
    ),
  ];
  for (const tick of yTicks) {
    parts.push(`<path class="hc-g" d="M${px(plot.left)} ${px(toY(tick))}H${px(plot.right)}"/>`);
    parts.push(text(plot.left - 8, toY(tick) + 4, formatNumber(tick), 'hc-m', 'end'));
  }
  for (const tick of xTicks) {
    parts.push(`<path class="hc-a" d="M${px(toX(tick))} ${px(plot.bottom)}v5"/>`);
    parts.push(text(toX(tick), plot.bottom + 19, formatNumber(tick), 'hc-m', 'middle'));
  }
  parts.push(`<path class="hc-a" d="M${px(plot.left)} ${px(plot.bottom)}H${px(plot.right)}"/>`);
  // A nested svg clips to the plot without an id, which could clash with another chart's on the same page.
  const [w, h] = [px(plot.right - plot.left), px(plot.bottom - plot.top)];
  parts.push(
    `<svg x="${px(plot.left)}" y="${px(plot.top)}" width="${w}" height="${h}" viewBox="${px(plot.left)} ${px(plot.top)} ${w} ${h}" overflow="hidden">`,
  );
  curves.forEach(({ x, low, high, series }, i) => {
    if (!low || !high) return;
    const back = line(Array.from(x).reverse(), Array.from(low).reverse());
    parts.push(
      `<polygon points="${line(x, high)} ${back}" style="fill:${seriesColor(series ?? i)}" fill-opacity="0.16"/>`,
    );
  });
  curves.forEach(({ x, y, dashed, series }, i) => {
    const dashes = dashed ? ' stroke-dasharray="5 4"' : '';
    parts.push(
      `<polyline points="${line(x, y)}" style="stroke:${seriesColor(series ?? i)}" fill="none" stroke-width="2" stroke-linejoin="round"${dashes}/>`,
    );
  });
  parts.push('</svg>');
  if (xLabel) parts.push(text((plot.left + plot.right) / 2, height - 10, xLabel, 'hc-t', 'middle'));
  if (yLabel) {
    const middle = (plot.top + plot.bottom) / 2;
    parts.push(text(16, middle, yLabel, 'hc-t', 'middle', ` transform="rotate(-90 16 ${px(middle)})"`));
  }
  return `${parts.join('')}</svg>`;
}

interface LegendEntry {
  readonly name: string;
  readonly series: number;
  readonly dashed: boolean;
  readonly offset: number;
}

/** The curves' names in rows that fit the width. */
function legendRows(curves: readonly Curve[], width: number): LegendEntry[][] {
  const rows: LegendEntry[][] = [];
  let offset = Number.POSITIVE_INFINITY;
  curves.forEach(({ name, dashed = false, series }, index) => {
    const needed = 28 + textWidth(name) + 18;
    if (offset + needed > width) {
      rows.push([]);
      offset = 0;
    }
    rows.at(-1)!.push({ name, series: series ?? index, dashed, offset });
    offset += needed;
  });
  return rows;
}

function legendEntry({ name, series, dashed, offset }: LegendEntry, left: number, y: number): string {
  const start = left + offset;
  const dashes = dashed ? ' stroke-dasharray="5 4"' : '';
  const sample = `<path d="M${px(start)} ${px(y)}h22" style="stroke:${seriesColor(series)}" stroke-width="2.5"${dashes}/>`;
  return sample + text(start + 28, y + 4, name, 'hc-t', 'start');
}

function text(x: number, y: number, content: string, kind: string, anchor: string, more = ''): string {
  return `<text class="${kind}" x="${px(x)}" y="${px(y)}" text-anchor="${anchor}"${more}>${escapeXml(content)}</text>`;
}

/** About what a page's own 12-pixel font needs; the true width is known only where it is shown. */
function textWidth(content: string): number {
  return [...content].length * 6.8;
}

function px(value: number): string {
  return String(Number(value.toFixed(2)));
}

function bounds(lists: readonly ArrayLike<number>[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      low = Math.min(low, list[i]!);
      high = Math.max(high, list[i]!);
    }
  }
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** Widened to whole steps of the ticks. */
function rounded([low, high]: readonly [number, number]): [number, number] {
  const [first = low, second = high] = roundTicks(low, high, 5);
  const step = Math.abs(second - first) || high - low;
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}

function checkRange(name: string, range: readonly [number, number]): readonly [number, number] {
  expectOption(
    areRising(...range),
    'curveSvg',
    `${name} to be two finite numbers in rising order`,
    `[${range}]`,
  );
  return range;
}

function checkCurves(curves: readonly Curve[]): void {
  expectOption(curves.length > 0, 'curveSvg', 'at least one curve', 'none');
  for (const { name, x, y, low, high, series = 0 } of curves) {
    expectOption(
      Number.isInteger(series) && series >= 0,
      'curveSvg',
      `series of "${name}" as a whole number from 0`,
      series,
    );
    const lists = [x, y, low, high].filter((list) => list !== undefined);
    if (
      lists.some((list) => list.length !== x.length) ||
      x.length < 2 ||
      (low === undefined) !== (high === undefined)
    ) {
      throw new ShapeError(
        `curveSvg: expected x and y (and both low and high, or neither) of one length ≥ 2 in "${name}"; received lengths ${lists.map((list) => list.length).join(', ')}.`,
      );
    }
    if (!lists.every((list) => Array.from(list).every(Number.isFinite))) {
      throw new NonFiniteError(`curveSvg: expected finite numbers in "${name}"; received NaN or infinity.`);
    }
  }
}
