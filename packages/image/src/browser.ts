export { decode } from './browser/decode.ts';
export { type DecodeOptions, defaultMaxPixels } from './decode-options.ts';
