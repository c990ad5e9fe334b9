/**
 * Colours of the charts as CSS variables, so that a page may set its own: `--hc-text`, `--hc-muted`, `--hc-grid`,
 * `--hc-1` … `--hc-8`. The defaults follow the reader's light or dark setting; the series' colours are Okabe and Ito's,
 * told apart under colour vision deficiencies. Everything is scoped to `.hc-chart`: a chart put inline into a page styles
 * only itself.
 */
export const chartStyle: string = [
  '.hc-chart{font-family:system-ui,sans-serif;font-size:12px}',
  '.hc-chart .hc-t{fill:var(--hc-text,#1b1f24)}',
  '.hc-chart .hc-m{fill:var(--hc-muted,#5c636d)}',
  '.hc-chart .hc-g{stroke:var(--hc-grid,#d9dde2);fill:none}',
  '.hc-chart .hc-a{stroke:var(--hc-muted,#5c636d);fill:none}',
  '@media (prefers-color-scheme:dark){',
  '.hc-chart .hc-t{fill:var(--hc-text,#e7eaee)}',
  '.hc-chart .hc-m{fill:var(--hc-muted,#96a0ac)}',
  '.hc-chart .hc-g{stroke:var(--hc-grid,#3a414b)}',
  '.hc-chart .hc-a{stroke:var(--hc-muted,#96a0ac)}',
  '}',
].join('');

const seriesColors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#8c8c8c', '#b3a000'];

/** The colour of series `index`, repeating after eight. */
export function seriesColor(index: number): string {
  const i = index % seriesColors.length;
  return `var(--hc-${i + 1},${seriesColors[i]})`;
}
