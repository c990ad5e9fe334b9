/**
 * Lower-case hex SHA-256. Node's own hash where there is one: Web Crypto copies its input, which for a model is another hundred
 * megabytes at the worst moment. Pages have Web Crypto, unless they are not secure contexts, which alone fetch a hash written in JavaScript.
 */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const { crypto, process } = globalThis as Runtime;
  // Asked of the process rather than imported: this module also runs where there is no Node.
  const node = process?.getBuiltinModule?.('node:crypto');
  if (node) return node.createHash('sha256').update(bytes).digest('hex');
  const digest = crypto?.subtle
    ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    : (await import('./noble-sha256.ts')).sha256(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Runtime {
  readonly crypto?: { readonly subtle?: Subtle };
  readonly process?: { getBuiltinModule?(name: 'node:crypto'): NodeCrypto | undefined };
}

interface Subtle {
  digest(algorithm: string, data: Uint8Array): Promise<ArrayBuffer>;
}

interface NodeCrypto {
  createHash(algorithm: string): { update(data: Uint8Array): { digest(encoding: 'hex'): string } };
}
