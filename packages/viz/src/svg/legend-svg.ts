import { areRising, expectOption } from '../expect-option.ts';
import { formatNumber } from '../format-number.ts';
import type { Scale } from '../legend.ts';
import { roundTicks } from '../ticks.ts';
import { chartStyle } from './chart-style.ts';
import { escapeXml } from './escape-xml.ts';

/**
 * The colour scale as one SVG element, for pages: like `legend`, with the page's own fonts and light or dark colours.
 * @throws OptionError unless low < high, both finite, and the width leaves room (≥ 60)
 * @example legendSvg({ colormap: viridis, low: 0, high: 17.9, title: 'evidence (logits)' })
 */
export function legendSvg(scale: Scale, { width = 240 }: { readonly width?: number } = {}): string {
  const { colormap, low, high, title } = scale;
  expectOption(
    areRising(low, high) && width >= 60,
    'legendSvg',
    'finite low < high and a width ≥ 60',
    `${low}, ${high} and ${width}`,
  );
  const [pad, barHeight] = [2, 12];
  const top = title ? 22 : 2;
  const barWidth = width - 2 * pad;
  const steps = 64;
  const bars = Array.from({ length: steps }, (_, i) => {
    const entry = 3 * Math.round((i / (steps - 1)) * 255);
    const color = [...colormap.table.subarray(entry, entry + 3)]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');
    // Each bar reaches under the next one, so that no seam shows at any zoom.
    const x = pad + (i * barWidth) / steps;
    return `<path fill="#${color}" d="M${x.toFixed(2)} ${top}H${(width - pad).toFixed(2)}v${barHeight}H${x.toFixed(2)}z"/>`;
  });
  const inner = roundTicks(low, high, width / 60).filter((tick) => {
    const share = (tick - low) / (high - low);
    return share * width > 45 && (1 - share) * width > 45;
  });
  const labels = [low, ...inner, high].map((value, i, all) => {
    const x = pad + ((value - low) / (high - low)) * barWidth;
    const anchor = i === 0 ? 'start' : i === all.length - 1 ? 'end' : 'middle';
    const tick = `<path class="hc-a" d="M${x.toFixed(2)} ${top + barHeight}v4"/>`;
    return `${tick}<text class="hc-m" x="${x.toFixed(2)}" y="${top + barHeight + 17}" text-anchor="${anchor}">${formatNumber(value)}</text>`;
  });
  const heading = title ? `<text class="hc-t" x="${pad}" y="14">${escapeXml(title)}</text>` : '';
  const name = escapeXml(`${title || 'scale'}: ${formatNumber(low)} to ${formatNumber(high)}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" class="hc-chart" viewBox="0 0 ${width} ${top + barHeight + 22}" width="${width}" height="${top + barHeight + 22}" role="img" aria-label="${name}"><style>${chartStyle}</style>${heading}${bars.join('')}${labels.join('')}</svg>`;
}
