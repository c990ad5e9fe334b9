import type { DownloadProgress } from '@hybridcam/zoo/node';

/** One line about a download: `downloading resnet50-0676ba61.pth: 34.5 of 102.5 MB, 5.1 MB/s, 13 s left`. */
export function downloadText(progress: DownloadProgress): string {
  const { fileName, phase, loadedBytes, totalBytes, bytesPerSecond, secondsLeft } = progress;
  if (phase === 'wait') return `waiting for another process that downloads ${fileName}`;
  const total = totalBytes === undefined ? '' : ` of ${megabytes(totalBytes)}`;
  const parts = [`${(loadedBytes / 1e6).toFixed(1)}${total === '' ? ' MB' : total}`];
  if (phase === 'download' && bytesPerSecond !== undefined) parts.push(`${megabytes(bytesPerSecond)}/s`);
  if (phase === 'download' && secondsLeft !== undefined) parts.push(`${duration(secondsLeft)} left`);
  return `${phase === 'verify' ? 'verifying' : 'downloading'} ${fileName}: ${parts.join(', ')}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 100 ? `${whole} s` : `${Math.ceil(whole / 60)} min`;
}
