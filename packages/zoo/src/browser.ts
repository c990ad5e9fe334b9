export {
  type FetchCheckpointOptions,
  type FetchedCheckpoint,
  fetchCheckpoint,
} from './browser/fetch-checkpoint.ts';
export type { Patience } from './download/download.ts';
export type { DownloadProgress, OnProgress } from './download/progress.ts';
