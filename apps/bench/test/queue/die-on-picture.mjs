// node --import die-on-picture.mjs, with DIE_ON_PICTURE=SHA256: a process whose image decoder brings it down when it gets the bytes of that
// hash, as a native library with a defect does. What is patched is sharp's native part; the code under test is as it is shipped.
import { createHash } from 'node:crypto';
import Module from 'node:module';

const load = Module._load;
Module._load = function patched(request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  if (!/^@img\/sharp-.*\/sharp\.node$/.test(request)) return loaded;
  return {
    ...loaded,
    pipeline(options, callback) {
      const bytes = options.input.buffer;
      if (createHash('sha256').update(bytes).digest('hex') === process.env.DIE_ON_PICTURE)
        process.kill(process.pid, 'SIGKILL');
      return loaded.pipeline(options, callback);
    },
  };
};
