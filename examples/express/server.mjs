// node server.mjs MODEL.onnx [LABELS.txt]
// curl --data-binary @cat.jpg -H 'content-type: image/jpeg' 'localhost:3000/explain?class=tabby' > overlay.png
import { fileURLToPath } from 'node:url';
import express from 'express';
import { CamError, explain, hybrid, loadModel } from 'hybridcam';

/** Errors that the caller can mend; all others are the server's. */
const CALLERS = new Set(['IMAGE_FORMAT', 'LIMIT', 'CLASS_NOT_FOUND', 'LAYER_NOT_FOUND', 'OPTION']);

/** @param {import('hybridcam').LoadedModel} model one model, loaded once, for all requests */
export function explainServer(model) {
  const app = express();
  app.post('/explain', express.raw({ type: 'image/*', limit: '20mb' }), async (request, response) => {
    const left = new AbortController();
    response.on('close', () => left.abort());
    try {
      const explanation = await explain(model, request.body, {
        classIndex: String(request.query.class ?? 'top1'),
        method: hybrid({ alpha: 0.7 }),
        signal: left.signal,
      });
      response.set('x-status', explanation.status).type('png').send(explanation.overlay().toPng());
    } catch (error) {
      if (left.signal.aborted) return;
      if (!(error instanceof CamError) || !CALLERS.has(error.code)) throw error;
      response.status(400).json({ code: error.code, message: error.message });
    }
  });
  return app;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [modelFile, labels] = process.argv.slice(2);
  explainServer(await loadModel(modelFile, { labels })).listen(3000, '127.0.0.1');
}
