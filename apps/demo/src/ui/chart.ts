import type { CurvePoints } from '../protocol.ts';
import { percent } from '../text/format.ts';

const svgName = 'http://www.w3.org/2000/svg';
const size = { width: 320, height: 190, left: 42, right: 8, top: 8, bottom: 26 } as const;

/** One chart of curves that grow while they are computed: x is the share of pixels changed, y the probability. */
export interface Chart {
  readonly element: SVGSVGElement;
  show(curves: readonly CurvePoints[]): void;
}

/** Classes instead of styles: the page's policy allows no inline style. */
export function createChart(label: string): Chart {
  const element = make('svg', {
    class: 'chart',
    viewBox: `0 0 ${size.width} ${size.height}`,
    role: 'img',
    'aria-label': label,
  }) as SVGSVGElement;
  for (const share of [0, 0.5, 1]) {
    element.append(
      make('path', { class: 'rule', d: `M${size.left} ${toY(share)}H${size.width - size.right}` }),
    );
    element.append(text(size.left - 6, toY(share) + 4, percent(share).replace(' ', ''), 'end'));
    element.append(
      text(
        toX(share),
        size.height - 8,
        percent(share).replace(' ', ''),
        share === 0 ? 'start' : share === 1 ? 'end' : 'middle',
      ),
    );
  }
  const lines = new Map(
    (['centre', 'random', 'map'] as const).map((subject) => {
      const line = make('polyline', { class: `line ${subject}`, points: '' });
      element.append(line);
      return [subject, line];
    }),
  );
  return {
    element,
    show(curves) {
      for (const [subject, line] of lines) {
        const curve = curves.find((candidate) => candidate.subject === subject);
        const points = curve?.scores.map(
          (score, i) => `${toX(curve.fractions[i]!).toFixed(1)},${toY(score).toFixed(1)}`,
        );
        line.setAttribute('points', points?.join(' ') ?? '');
      }
    },
  };
}

function toX(share: number): number {
  return size.left + share * (size.width - size.left - size.right);
}

function toY(share: number): number {
  return size.height - size.bottom - share * (size.height - size.top - size.bottom);
}

function make(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(svgName, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function text(x: number, y: number, content: string, anchor: string): SVGElement {
  const element = make('text', { x: String(x), y: String(y), 'text-anchor': anchor });
  element.textContent = content;
  return element;
}
