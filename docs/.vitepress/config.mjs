import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitepress';

const root = path.resolve(import.meta.dirname, '../..');
const docs = path.join(root, 'docs');
const REPOSITORY = 'https://github.com/hybridcam/hybridcam';

/** The first heading of a page. */
function title(file) {
  return /^# (.+)$/m.exec(readFileSync(path.join(docs, file), 'utf8'))?.[1] ?? file;
}

/** Pages of a folder, by title, index first. */
function pagesOf(folder) {
  if (!existsSync(path.join(docs, folder))) return [];
  return readdirSync(path.join(docs, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.posix.join(folder, file))
    .map((file) => ({ text: title(file), link: `/${file.replace(/(index)?\.md$/, '')}` }))
    .sort(
      (a, b) => Number(b.link.endsWith('/')) - Number(a.link.endsWith('/')) || a.text.localeCompare(b.text),
    );
}

const page = (file) => ({ text: title(`${file}.md`), link: `/${file}` });

/** Links out of docs/ work in the repository; on the site they lead there. A file that does not exist stops the build. */
function linkToRepository(href, from) {
  if (/^(https?:|mailto:|#|\/)/.test(href)) return href;
  const [file] = href.split('#');
  const target = path.resolve(path.dirname(from), decodeURI(file));
  if (target.startsWith(docs + path.sep)) return href;
  if (!existsSync(target))
    throw new Error(`${path.relative(root, from)}: link to ${href}, which does not exist.`);
  return `${REPOSITORY}/blob/main/${path.relative(root, target).split(path.sep).join('/')}${href.slice(file.length)}`;
}

const methods = pagesOf('methods');
/** Pages at the top that no section below names. */
const others = pagesOf('.').filter(
  ({ link }) => !['/', '/findings', '/troubleshooting', '/versions', '/limits'].includes(link),
);

export default defineConfig({
  title: 'hybridcam',
  description: 'Where did an image classifier find the evidence? Exact class activation maps in JavaScript.',
  lang: 'en',
  outDir: path.join(docs, 'dist'),
  base: process.env.HYBRIDCAM_DOCS_BASE ?? '/',
  cleanUrls: false,
  lastUpdated: false,
  markdown: {
    // The usual themes are too pale for small text on grey.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(markdown) {
      markdown.core.ruler.push('repository-links', ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === 'link_open' ? token.attrGet('href') : null;
          if (href) token.attrSet('href', linkToRepository(href, env.path));
        }
      });
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    outline: { level: [2, 3] },
    footer: {
      message: 'Explanations are evidence, not proof; hybridcam is no diagnostic device. Apache-2.0.',
    },
    nav: [
      { text: 'Guide', link: '/start/node' },
      ...(methods.length > 0 ? [{ text: 'Methods', link: methods[0].link }] : []),
      { text: 'API', link: '/reference/' },
    ],
    sidebar: [
      { text: 'Start', items: [page('start/node'), page('start/browser')] },
      { text: 'Your own model', items: [page('guide/onnx-model'), page('guide/keras-tfjs')] },
      {
        text: 'Understanding',
        items: [
          page('guide/layer-and-method'),
          page('guide/targets'),
          page('guide/reading-a-map'),
          page('guide/is-it-true'),
          page('findings'),
        ],
      },
      {
        text: 'Further',
        items: [page('guide/bench'), ...others, page('troubleshooting')],
      },
      ...(methods.length > 0 ? [{ text: 'Methods', collapsed: true, items: methods }] : []),
      { text: 'Reference', items: [{ text: 'API', link: '/reference/' }, page('versions'), page('limits')] },
    ],
  },
});
