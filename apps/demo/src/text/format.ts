/** 0.8312 → `83 %`; below a hundredth `0.4 %`, below a thousandth `< 0.1 %`. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value > 0 && value < 0.1) return '< 0.1 %';
  return `${value >= 9.95 || value === 0 ? Math.round(value) : value.toFixed(1)} %`;
}

/** Three figures, with a real minus. */
export function number(value: number): string {
  const magnitude = Math.abs(value);
  const text = magnitude >= 100 ? value.toFixed(0) : magnitude >= 10 ? value.toFixed(1) : value.toFixed(2);
  return text.replace('-', '−');
}

export function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value);
}

export function milliseconds(value: number): string {
  if (value >= 120_000) return `${Math.round(value / 60_000)} min`;
  return value >= 1000
    ? `${(value / 1000).toFixed(value >= 10_000 ? 0 : 1)} s`
    : `${Math.max(1, Math.round(value))} ms`;
}

/** Decimal units, as hubs and file managers count. */
export function bytes(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 0 : 1)} MB`;
  return `${Math.round(value / 1000)} kB`;
}

/** A class as a person says it: without WordNet number, underscores or synonyms. */
export function className(labels: readonly string[] | undefined, index: number): string {
  const label = labels?.[index];
  if (label === undefined) return `class ${index}`;
  const short = label
    .replace(/^n\d{8}[\s_]+/, '')
    .split(',')[0]!
    .replaceAll('_', ' ')
    .trim();
  return short === '' ? label : short;
}

/** What went wrong, for people. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
