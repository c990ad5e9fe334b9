// ffmpeg -i clip.mp4 -vf scale=640:360 -f rawvideo -pix_fmt rgba - | node explain-frames.mjs MODEL.onnx 640 360 OUT_FOLDER
// Follows one class, the best of the first frame, through a clip: an overlay per frame, 0001.png and so on.
import path from 'node:path';
import { explain, loadModel, pack } from 'hybridcam';

const [modelFile, ...rest] = process.argv.slice(2);
const [width, height] = rest.map(Number);
const folder = rest[2];
const model = await loadModel(modelFile);

let classIndex = 'top1';
let brightest = 0;
let number = 0;
for await (const data of frames(process.stdin, width * height * 4)) {
  number++;
  const explanation = await explain(
    model,
    { data, width, height },
    // Grad-CAM's raw map is in logits, so that one colour means the same evidence in every frame. (The hybrids have no unit.)
    { classIndex, method: 'grad-cam', normalize: 'none' },
  );
  if (number === 1) {
    classIndex = explanation.classIndex;
    brightest = pack(explanation.cam).reduce((a, b) => Math.max(a, b), Number.MIN_VALUE);
  }
  const name = `${String(number).padStart(4, '0')}.png`;
  await explanation.overlay({ range: [0, brightest] }).save(path.join(folder, name));
  console.log(`${name}: class ${classIndex}, ${explanation.status}`);
}
await model.dispose();

/** Cuts a stream into pieces of one size; what is left at the end is no whole frame. */
async function* frames(stream, size) {
  let frame = new Uint8ClampedArray(size);
  let filled = 0;
  for await (const chunk of stream) {
    for (let offset = 0; offset < chunk.length; ) {
      const part = chunk.subarray(offset, offset + size - filled);
      frame.set(part, filled);
      filled += part.length;
      offset += part.length;
      if (filled < size) continue;
      yield frame;
      frame = new Uint8ClampedArray(size);
      filled = 0;
    }
  }
}
