/** Why WebGPU cannot be used here, in words; undefined where it can. */
export async function whyNoWebGpu(): Promise<string | undefined> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<object | null> } };
  if (!gpu) return 'this browser has no WebGPU';
  const adapter = await gpu.requestAdapter().catch(() => null);
  return adapter ? undefined : 'WebGPU finds no graphics adapter here';
}
