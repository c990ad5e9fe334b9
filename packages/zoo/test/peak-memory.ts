import { readFileSync } from 'node:fs';

/**
 * The most physical memory this process has had, in bytes. On Linux `resourceUsage().maxRSS` of a child begins at what its parent had,
 * which would hide anything smaller; `VmHWM` begins with the program.
 */
export function peakMemory(): number {
  if (process.platform !== 'linux') return 1024 * process.resourceUsage().maxRSS;
  return 1024 * Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
}
