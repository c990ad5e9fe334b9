import path from 'node:path';
import type { Plugin } from 'vite';
import * as methodFacts from '../src/facts/method-facts.ts';
import * as zooFacts from '../src/facts/zoo-facts.ts';

const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'method-facts.ts': methodFacts,
  'zoo-facts.ts': zooFacts,
};
const folder = path.resolve(import.meta.dirname, '../src/facts');

/** Modules of `src/facts` as their values; and in the page's policy, in the place of HUBS, the hosts of the named networks. */
export function evaluated(): Plugin {
  return {
    name: 'hybridcam:evaluated',
    enforce: 'pre',
    load(id) {
      const values = path.dirname(id) === folder ? modules[path.basename(id)] : undefined;
      return (
        values &&
        Object.entries(values)
          .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
          .join('\n')
      );
    },
    transformIndexHtml: (html) =>
      html.replace('HUBS', [...new Set(zooFacts.zooFacts.map(({ origin }) => origin))].join(' ')),
  };
}
