import { expect, it } from 'vitest';
import { downloadText } from '../../src/cli/download-text.ts';

it('downloadText says phase, bytes, rate and time left as far as they are known', () => {
  const state = { fileName: 'a.pth', phase: 'download', loadedBytes: 34.5e6, totalBytes: 102.5e6 } as const;
  expect(downloadText({ ...state, bytesPerSecond: 5.1e6, secondsLeft: 13.2 })).toBe(
    'downloading a.pth: 34.5 of 102.5 MB, 5.1 MB/s, 14 s left',
  );
  expect(
    downloadText({ ...state, totalBytes: undefined, bytesPerSecond: undefined, secondsLeft: undefined }),
  ).toBe('downloading a.pth: 34.5 MB');
  expect(downloadText({ ...state, bytesPerSecond: 1e5, secondsLeft: 680 })).toMatch(/12 min left$/);
  expect(downloadText({ ...state, phase: 'verify', bytesPerSecond: 1, secondsLeft: 1 })).toBe(
    'verifying a.pth: 34.5 of 102.5 MB',
  );
  expect(
    downloadText({ ...state, phase: 'wait', bytesPerSecond: undefined, secondsLeft: undefined }),
  ).toMatch(/another process/);
});
