export interface Watchdog {
  /** A case begins. */
  begin(seed: number): void;
  end(): void;
  stop(): Promise<void>;
}

export function startWatchdog(limits: {
  readonly processorMs: number;
  readonly clockMs: number;
}): Promise<Watchdog>;
