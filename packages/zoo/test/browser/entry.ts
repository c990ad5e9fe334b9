// What the page of the browser test can call.
export { segmentPartial } from '../../src/browser/segment-partial.ts';
export { cacheStore, memoryStore, opfsStore } from '../../src/browser/segment-store.ts';
export { fetchCheckpoint } from '../../src/browser.ts';
