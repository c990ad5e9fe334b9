// node explain.mjs MODEL.onnx PICTURE [LABELS.txt]
// Explains the two best classes of a picture and writes one overlay each: top1.png, top2.png.
import { explainMany, hybrid, loadModel, statusSentences } from 'hybridcam';

const [modelFile, pictureFile, labels] = process.argv.slice(2);
const model = await loadModel(modelFile, { labels });

// One forward pass serves both classes.
const requests = ['top1', 'top2'].map((classIndex) => ({ classIndex, method: hybrid({ alpha: 0.7 }) }));
const explanations = await explainMany(model, pictureFile, requests);

for (const [i, explanation] of explanations.entries()) {
  const { index, label, probability } = explanation.record.class;
  console.log(`${label ?? `class ${index}`}: ${(100 * probability).toFixed(1)} %`);
  // A map can be empty for a good reason; the status is the reason.
  if (explanation.status !== 'ok') console.log(`  ${statusSentences[explanation.status]}`);
  await explanation.overlay().save(`top${i + 1}.png`);
}
await model.dispose();
