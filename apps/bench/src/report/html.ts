/** Text made safe for HTML text and quoted attributes; file and class names come from anywhere. */
export function escapeHtml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
      // Control and direction characters could hide or reorder what is written.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what is replaced
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '�')
  );
}

/** A tagged template whose values are escaped unless they are `Html` already. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { html: strings.map((part, i) => part + (i < values.length ? render(values[i]) : '')).join('') };
}

/** Markup made by `html`, or by a function that escapes for itself (SVG of viz). */
export interface Html {
  readonly html: string;
}

export type HtmlValue = string | number | undefined | Html | readonly Html[];

export function trusted(markup: string): Html {
  return { html: markup };
}

function render(value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return escapeHtml(String(value));
  return 'html' in value ? value.html : value.map((part) => part.html).join('');
}
