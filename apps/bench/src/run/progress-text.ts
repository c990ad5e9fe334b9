import type { RunProgress } from './run-evaluation.ts';

/** `37/200 scene-000036 · 4.1 images/s · 40 s left` */
export function progressText({ done, total, name, skipped, failed }: RunProgress, elapsedMs: number): string {
  const worked = done - skipped;
  const rate = worked / (elapsedMs / 1000);
  const rateText = rate >= 1 ? `${rate.toFixed(1)} images/s` : `${(1 / rate).toFixed(1)} s per image`;
  const parts = [`${done}/${total}`, name];
  if (worked > 0) parts.push(rateText, `${duration((total - done) / rate)} left`);
  if (skipped > 0) parts.push(`${skipped} done before`);
  if (failed > 0) parts.push(`${failed} failed`);
  return parts.join(' · ');
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
