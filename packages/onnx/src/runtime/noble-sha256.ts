// Alone, so that bundlers leave the library's other hashes behind: of a dynamic import they keep everything.
export { sha256 } from '@noble/hashes/sha2.js';
