// node explain.mjs scenes-cam.onnx picture.png
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';

const [model, picture] = process.argv.slice(2);
const [size, mean, std] = [96, 0.5, 0.5]; // as the network was trained
const pixels = await sharp(picture).resize(size, size).removeAlpha().raw().toBuffer();
const plane = size * size;
const input = Float32Array.from(
  { length: 3 * plane },
  (_, i) => (pixels[(i % plane) * 3 + Math.floor(i / plane)] / 255 - mean) / std,
);

const session = await ort.InferenceSession.create(model);
const { logits, cam } = await session.run({ input: new ort.Tensor('float32', input, [1, 3, size, size]) });

const [, height, width] = cam.dims;
console.log(`class ${logits.data.indexOf(Math.max(...logits.data))}, map ${height}x${width}`);
for (let y = 0; y < height; y++) {
  console.log(Array.from(cam.data.slice(y * width, (y + 1) * width), (value) => value.toFixed(2)).join(' '));
}
