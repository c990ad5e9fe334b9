import { OptionError } from '@hybridcam/core';

/** A TCP port from a flag, 0 for any that is free. @throws OptionError */
export function portValue(flag: string, value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port <= 65_535) return port;
  throw new OptionError(`${flag}: expected a port from 0 to 65535; received ${JSON.stringify(value)}.`);
}
