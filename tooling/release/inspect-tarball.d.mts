export function inspectTarball(
  tarball: string,
  scratch: string,
  budget: { packed: number; extra?: string[] },
): Promise<{ problems: string[]; packed: number; unpacked: number }>;
