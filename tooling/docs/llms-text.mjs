import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const HEAD = `# hybridcam

> Class activation maps (Grad-CAM, LayerCAM, Hybrid Grad-LayerCAM and relatives) for any ONNX or TensorFlow.js image classifier, in Node
> and in the browser, equal to PyTorch's numbers, with metrics that say how far a map can be trusted.

Install: \`npm install hybridcam\`. ESM, Node >= 20.19. In three lines:

\`\`\`ts
import { explain, hybrid, loadModel } from 'hybridcam';
const model = await loadModel('model.onnx', { labels: 'labels.txt' });
const e = await explain(model, 'cat.jpg', { method: hybrid({ alpha: 0.7 }) }); // e.cam, e.saliencyMap, e.status, e.record, e.overlay()
\`\`\`
`;

/**
 * The guide for language models (llmstxt.org): a list of pages with their first sentences, and all pages in one text.
 * @param {string} docs folder of the Markdown pages
 * @returns {{ index: string, full: string }}
 */
export function llmsText(docs) {
  const pages = readdirSync(docs, { recursive: true })
    .map((file) => file.split(path.sep).join('/'))
    .filter(
      (file) => file.endsWith('.md') && file !== 'index.md' && !/^(reference|node_modules|dist)\//.test(file),
    )
    .sort()
    .map((file) => {
      const text = readFileSync(path.join(docs, file), 'utf8').replace(/^---\n[\s\S]*?\n---\n/, '');
      const [, title = file] = /^# (.+)$/m.exec(text) ?? [];
      const [, first = ''] = /^# .+\n+((?!```)[^#|<\n][^\n]*(?:\n[^\n#|<]+)*)/m.exec(text) ?? [];
      const sentence = /^[\s\S]*?[.?](?=\s|$)/.exec(first)?.[0] ?? first;
      return {
        file,
        text,
        line: `- [${title}](${file.replace(/\.md$/, '.html')}): ${sentence.replaceAll('\n', ' ')}`,
      };
    });
  const section = (title, test) =>
    `## ${title}\n\n${pages
      .filter(({ file }) => test(file))
      .map(({ line }) => line)
      .join('\n')}\n`;
  const isMethod = (file) => file.startsWith('methods/');
  return {
    index: [HEAD, section('Guide', (file) => !isMethod(file)), section('Methods', isMethod)].join('\n'),
    full: [HEAD, ...pages.map(({ text }) => text.trim())].join('\n\n---\n\n'),
  };
}
