import { tensorPickle } from '../../../packages/zoo/test/checkpoint/tensor-pickle.ts';
import { storedZip } from '../../../packages/zoo/test/stored-zip.ts';

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];
const bits = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (37 * i) & 255);

/** Bytes of an element by the name of PyTorch's storage. */
const STORAGES = {
  Float: 4,
  Half: 2,
  BFloat16: 2,
  Double: 8,
  Long: 8,
  Int: 4,
  Short: 2,
  Char: 1,
  Byte: 1,
  Bool: 1,
};

/** Pickles of tensors in a storage of eight bytes, with every opcode that is read; `checkpointOf` makes checkpoints of them. */
export function torchPickles(): Uint8Array[] {
  return [everyOpcode(), tensorPickle('Float', [2], [1], 2), tensorPickle('Half', [2, 2], [1, 2], 4)].map(
    (pickle) => Uint8Array.from(pickle),
  );
}

export function checkpointOf(pickle: Uint8Array): Uint8Array {
  return storedZip({ 'a/data.pkl': pickle, 'a/data/0': bits(8) });
}

/** Checkpoints of PyTorch: a tensor of each type, tensors that do not lie in row-major order, and zip64. */
export function torchCheckpoints(): Uint8Array[] {
  const of = (pickle: number[], storage: Uint8Array): Uint8Array =>
    storedZip({
      'a/data.pkl': Uint8Array.from(pickle),
      'a/byteorder': Uint8Array.from(ascii('little')),
      'a/data/0': storage,
    });
  return [
    ...Object.entries(STORAGES).map(([type, size]) =>
      of(tensorPickle(type, [2, 3], [3, 1], 6), bits(6 * size)),
    ),
    of(tensorPickle('Float', [2, 3], [1, 2], 6), bits(24)),
    of(tensorPickle('Half', [3, 2], [1, 3], 6), bits(12)),
    of(tensorPickle('Float', [4, 2], [0, 1], 2), bits(8)),
    of(tensorPickle('Float', [0, 2], [2, 1], 2), bits(8)),
    zip64({ 'a/data.pkl': Uint8Array.from(tensorPickle('Float', [2], [1], 2)), 'a/data/0': bits(8) }),
  ];
}

/** Archives that are no checkpoints of tensors. */
export function notTorch(): Uint8Array[] {
  const data = Uint8Array.from(tensorPickle('Float', [2], [1], 2));
  const of = (pickle: number[], more: Record<string, Uint8Array> = {}): Uint8Array =>
    storedZip({ 'a/data.pkl': Uint8Array.from(pickle), 'a/data/0': bits(8), ...more });
  return [
    of([...data], { 'a/constants.pkl': bits(1) }),
    of([...data], { 'a/byteorder': Uint8Array.from(ascii('big')) }),
    of([...data], { 'b/data.pkl': data }),
    of([0x80, 2, 0x5d, 0x2e]),
    of([0x80, 2, 0x7d, 0x2e]),
    of([0x80, 2, 0x63, ...ascii('os\nsystem\n'), 0x2e]),
    of(tensorPickle('Float', [9, 9, 9], [0, 0, 0], 2)),
    of(tensorPickle('Float', [5], [1], 2)),
    storedZip({ 'a/data.pkl': data }),
  ];
}

/** Bytes of an element by the name in a safetensors header. */
const DTYPES = {
  ...{ BOOL: 1, U8: 1, I8: 1, I16: 2, U16: 2, F16: 2, BF16: 2 },
  ...{ I32: 4, U32: 4, F32: 4, I64: 8, U64: 8, F64: 8 },
};

/** A safetensors file with a tensor of each of these types. Default: all. */
export function safetensorsOf(
  dtypes: readonly (keyof typeof DTYPES)[] = Object.keys(DTYPES) as (keyof typeof DTYPES)[],
): Uint8Array {
  let end = 0;
  const tensors = dtypes.map((dtype) => {
    const start = end;
    end += 3 * DTYPES[dtype];
    return [dtype, { dtype, shape: [3, 1], data_offsets: [start, end] }];
  });
  const header = ascii(JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(tensors) }));
  return Uint8Array.from([...little(header.length, 8), ...header, ...bits(end)]);
}

/** Wrapped under `state_dict`, protocol 4, as no single torch.save would: once everything that the reader knows. */
function everyOpcode(): number[] {
  const text = (value: string): number[] => [0x8c, ascii(value).length, ...ascii(value)];
  const [mark, none, yes, no] = [0x28, 0x4e, 0x88, 0x89];
  const tensor = [
    ...[...text('torch._utils'), ...text('_rebuild_tensor_v2'), 0x93, 0x72, 7, 1, 0, 0, mark],
    ...[
      mark,
      ...text('storage'),
      0x63,
      ...ascii('torch\nFloatStorage\n'),
      ...text('0'),
      ...text('cpu'),
      0x4b,
      2,
      0x74,
      0x51,
    ],
    ...[
      0x4b,
      0,
      0x4b,
      2,
      0x85,
      0x4b,
      1,
      0x85,
      no,
      0x63,
      ...ascii('collections\nOrderedDict\n'),
      0x29,
      0x52,
      0x74,
      0x52,
    ],
  ];
  const parameter = [0x63, ...ascii('torch._utils\n_rebuild_parameter\n'), ...tensor, yes, none, 0x87, 0x52];
  const pickle = [
    ...[0x7d, 0x94, mark],
    ...[
      ...text('epoch'),
      0x8a,
      2,
      0x10,
      0x27,
      ...text('below'),
      0x8a,
      1,
      0xff,
      ...text('half'),
      0x4d,
      1,
      2,
      ...text('int'),
      0x4a,
      0,
      0,
      1,
      0,
    ],
    ...[...text('rate'), 0x47, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a],
    ...[
      ...text('list'),
      0x5d,
      0x71,
      3,
      mark,
      yes,
      no,
      none,
      0x65,
      0x4b,
      1,
      0x61,
      ...text('again'),
      0x68,
      3,
      ...text('once more'),
      0x6a,
      3,
      0,
      0,
      0,
    ],
    ...[...text('pair'), 0x4b, 1, 0x4b, 2, 0x86, 0x4b, 5, 0x58, 1, 0, 0, 0, ...ascii('k')],
    ...[...text('state_dict'), 0x63, ...ascii('collections\nOrderedDict\n'), 0x29, 0x52, mark],
    ...[...text('w'), ...tensor, ...text('p'), ...parameter, 0x75, ...text('one'), none, 0x73, 0x7d, 0x62],
    ...[0x75, 0x2e],
  ];
  return [0x80, 4, 0x95, ...little(pickle.length, 8), ...pickle];
}

/** The archive that `storedZip` makes, with every number where archives of more than four gigabytes have it. */
function zip64(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const full = little(0xffffffff, 4);
  const local: number[] = [];
  const directory: number[] = [];
  for (const [name, data] of Object.entries(entries)) {
    const sizes = [...little(data.length, 8), ...little(data.length, 8)];
    const facts = [...little(0, 12), ...full, ...full, ...little(name.length, 2)];
    // Behind a field of another kind.
    const extra = [
      ...little(2, 2),
      ...little(1, 2),
      0,
      ...little(1, 2),
      ...little(24, 2),
      ...sizes,
      ...little(local.length, 8),
    ];
    directory.push(...little(0x02014b50, 4), ...little(0x002d_002d, 4), ...facts, ...little(extra.length, 2));
    directory.push(...little(3, 2), ...little(0, 8), ...full, ...ascii(name), ...extra, ...ascii('new'));
    local.push(...little(0x04034b50, 4), ...little(45, 2), ...facts, ...little(20, 2), ...ascii(name));
    local.push(...little(1, 2), ...little(16, 2), ...sizes, ...data);
  }
  const count = Object.keys(entries).length;
  const end = local.length + directory.length;
  return Uint8Array.from([
    ...[...local, ...directory],
    ...[...little(0x06064b50, 4), ...little(44, 8), ...little(0x002d_002d, 4), ...little(0, 8)],
    ...[...little(count, 8), ...little(count, 8), ...little(directory.length, 8), ...little(local.length, 8)],
    ...[...little(0x07064b50, 4), ...little(0, 4), ...little(end, 8), ...little(1, 4)],
    ...[
      ...little(0x06054b50, 4),
      ...little(0, 4),
      ...little(0xffff_ffff, 4),
      ...full,
      ...full,
      ...little(0, 2),
    ],
  ]);
}

function little(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256);
}
