const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];
const int32 = (n: number): number[] => [0x4a, n & 255, (n >> 8) & 255, (n >> 16) & 255, n >> 24];

/** The pickle of `{ w: tensor }` as PyTorch writes it, of storage "0"; offset 0. */
export function tensorPickle(
  storageType: string,
  shape: readonly number[],
  stride: readonly number[],
  storageElements: number,
): number[] {
  return [
    ...[0x80, 2, 0x7d, 0x58, 1, 0, 0, 0, ...ascii('w')],
    ...[0x63, ...ascii('torch._utils\n_rebuild_tensor_v2\n'), 0x28],
    ...[0x28, 0x58, 7, 0, 0, 0, ...ascii('storage'), 0x63, ...ascii(`torch\n${storageType}Storage\n`)],
    ...[0x58, 1, 0, 0, 0, ...ascii('0'), 0x58, 3, 0, 0, 0, ...ascii('cpu')],
    ...[...int32(storageElements), 0x74, 0x51],
    ...[0x4b, 0, 0x28, ...shape.flatMap(int32), 0x74, 0x28, ...stride.flatMap(int32), 0x74],
    ...[0x89, 0x63, ...ascii('collections\nOrderedDict\n'), 0x29, 0x52, 0x74, 0x52, 0x73, 0x2e],
  ];
}
