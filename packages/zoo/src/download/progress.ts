/** What a download says about itself, at most ten times a second and once at the end of each phase. */
export interface DownloadProgress {
  readonly fileName: string;
  /** `wait`: another process downloads the same file; `verify`: the hash is taken. */
  readonly phase: 'wait' | 'download' | 'verify';
  readonly loadedBytes: number;
  /** undefined while nobody has said. */
  readonly totalBytes: number | undefined;
  /** Over the last seconds; undefined before there is anything to tell. */
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

export type OnProgress = (progress: DownloadProgress) => void;

/** Milliseconds that the rate looks back, and the least between two reports. */
const WINDOW = 5000;
const INTERVAL = 100;

/** Turns "so many bytes are here now" into progress with rate and time left. `clock` in milliseconds. */
export function progressMeter(
  fileName: string,
  report: OnProgress | undefined,
  clock: () => number = () => performance.now(),
): (phase: DownloadProgress['phase'], loadedBytes: number, totalBytes: number | undefined) => void {
  let samples: { readonly at: number; readonly loaded: number }[] = [];
  let phaseNow: DownloadProgress['phase'] | undefined;
  let reported = Number.NEGATIVE_INFINITY;
  return (phase, loadedBytes, totalBytes) => {
    if (report === undefined) return;
    const at = clock();
    if (phase !== phaseNow || loadedBytes < (samples.at(-1)?.loaded ?? 0)) samples = [];
    const begun = phase !== phaseNow;
    phaseNow = phase;
    if (!begun && at - reported < INTERVAL && loadedBytes !== totalBytes) return;
    reported = at;
    samples = [...samples.filter((sample) => at - sample.at <= WINDOW), { at, loaded: loadedBytes }];
    const [first] = samples;
    const elapsed = (at - first!.at) / 1000;
    const rate = elapsed > 0 ? (loadedBytes - first!.loaded) / elapsed : undefined;
    const left = totalBytes !== undefined && rate ? (totalBytes - loadedBytes) / rate : undefined;
    report({ fileName, phase, loadedBytes, totalBytes, bytesPerSecond: rate, secondsLeft: left });
  };
}
