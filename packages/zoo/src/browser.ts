export {
  type FetchCheckpointOptions,
  type FetchedCheckpoint,
  fetchCheckpoint,
} from './browser/fetch-checkpoint.ts';
export { keptBytes, readKeptCheckpoint, removeKeptCheckpoint } from './browser/kept-checkpoint.ts';
export type { Patience } from './download/download.ts';
export type { DownloadProgress, OnProgress } from './download/progress.ts';
