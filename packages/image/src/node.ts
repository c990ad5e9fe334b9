export { type DecodeOptions, defaultMaxPixels } from './decode-options.ts';
export { decode } from './node/decode.ts';
