import { fetchCheckpoint } from '../../src/node.ts';

/** A process that fetches the file described by its argument and prints where it came from. */
const file = JSON.parse(process.argv[2]!);
const patience = { attempts: 3, retryDelay: 1, stallTimeout: 5000 };
fetchCheckpoint(file, { patience }).then(
  ({ source }) => console.log(source),
  (error) => {
    console.error(`${error.code ?? ''} ${error.message}`);
    process.exitCode = 1;
  },
);
