import { describe, expect, it } from 'vitest';
import { escapeHtml, html, trusted } from '../../src/report/html.ts';

describe('html', () => {
  it('escapes every value unless it is markup of ours', () => {
    const hostile = '"><img src=x onerror=alert(1)>';
    expect(html`<p title="${hostile}">${hostile}</p>`.html).toBe(
      '<p title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;">&quot;&gt;&lt;img src=x onerror=alert(1)&gt;</p>',
    );
    expect(html`<p>${html`<b>${1}</b>`}${[trusted('<i>'), trusted('</i>')]}${undefined}</p>`.html).toBe(
      '<p><b>1</b><i></i></p>',
    );
  });

  it('shows control and direction characters instead of obeying them', () => {
    expect(escapeHtml('a\u202egnp.exe\u001b[31m')).toBe('a�gnp.exe�[31m');
  });
});
