declare module 'virtual:shipped-explanation' {
  /** JSON of a `ShippedExplanation`, its arrays packed (pack-arrays.ts). */
  const json: string;
  export default json;
}
