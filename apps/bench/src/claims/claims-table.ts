import { wrap } from 'hybridcam/command-kit';
import { type Html, html } from '../report/html.ts';
import type { Claim } from './claim.ts';

/** Of 80 columns, beside the verdict. */
const WIDTH = 67;

/** The claims for a terminal. */
export function claimsText(claims: readonly Claim[]): string {
  const indent = ' '.repeat(13);
  const lines = claims.map(({ sentence, protocol, count, finding, verdict, needed }) =>
    [
      `  ${verdict.padEnd(9)}  ${wrap(sentence, WIDTH, indent)}`,
      wrap(`${protocol}; n = ${count}`, WIDTH, indent),
      wrap(`${finding}${needed ? `; about ${needed} images would decide` : ''}`, WIDTH, indent),
    ].join(`\n${indent}`),
  );
  return `The notebook's claims, tested\n\n${lines.join('\n\n')}\n`;
}

const CLASS = { holds: 'better', fails: 'worse', undecided: 'inconclusive' } as const;

/** The claims as the first table of a report. */
export function claimsSection(claims: readonly Claim[]): Html {
  return html`<h2 id="claims">The notebook's claims, tested</h2>
<div class="scroll" tabindex="0" role="group" aria-label="table"><table><thead><tr><th scope="col">claim</th><th scope="col">tested by</th><th scope="col" class="n">n</th><th scope="col">found, with 95 % interval</th><th scope="col">verdict</th></tr></thead>
<tbody>${claims.map(
    ({ sentence, protocol, count, finding, verdict, needed }) =>
      html`<tr><td>${sentence}</td><td>${protocol}</td><td class="n">${count}</td><td>${finding}</td><td><span class="${CLASS[verdict]}">${verdict}</span>${needed ? html`<br><span class="small soft">about ${needed} images would decide</span>` : undefined}</td></tr>`,
  )}</tbody></table></div>`;
}
