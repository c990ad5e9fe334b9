import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Links of a built site that lead nowhere within it: to a file that is not there, or to a heading that the page does not have. Links to
 * other sites are not followed.
 * @param {string} site its folder
 * @param {string} base where it will be served
 * @returns {string[]} one line each
 */
export function brokenLinks(site, base) {
  const pages = readdirSync(site, { recursive: true }).filter((file) => file.endsWith('.html'));
  const known = new Map();
  const anchors = (file) => {
    if (!known.has(file)) {
      const html = readFileSync(file, 'utf8');
      known.set(file, new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)));
    }
    return known.get(file);
  };
  const broken = [];
  for (const page of pages) {
    const html = readFileSync(path.join(site, page), 'utf8');
    const address = `${base}${page.split(path.sep).join('/')}`;
    for (const [, link] of html.matchAll(/\s(?:href|src)="([^"]+)"/g)) {
      const url = new URL(link.replaceAll('&amp;', '&'), `http://site${address}`);
      if (url.host !== 'site' || !/^https?:$/.test(url.protocol)) continue;
      const file = fileOf(site, decodeURIComponent(url.pathname).slice(base.length));
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (!file) broken.push(`${page}: ${link} leads nowhere`);
      else if (anchor && file.endsWith('.html') && !anchors(file).has(anchor)) {
        broken.push(`${page}: ${link} names a heading that is not there`);
      }
    }
  }
  return [...new Set(broken)];
}

/** What a plain web server answers for a path. */
function fileOf(site, pathname) {
  const file = path.join(site, pathname);
  return [file, path.join(file, 'index.html'), `${file}.html`].find(
    (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
  );
}
