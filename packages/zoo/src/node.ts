export type { Patience } from './download/download.ts';
export type { DownloadProgress, OnProgress } from './download/progress.ts';
export { cacheFolder, type Environment } from './node/cache-folders.ts';
export {
  type FetchCheckpointOptions,
  type FetchedCheckpoint,
  fetchCheckpoint,
} from './node/fetch-checkpoint.ts';
export { type LoadCheckpointOptions, type LoadedCheckpoint, loadCheckpoint } from './node/load-checkpoint.ts';
