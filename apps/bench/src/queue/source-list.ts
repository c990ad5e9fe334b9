import { OptionError } from '@hybridcam/core';
import { z } from 'zod';
import { firstIssue } from '../records/first-issue.ts';
import { readLines } from '../records/read-lines.ts';

/** Where workers find content besides the submitter's own server. */
export interface SourceList {
  /** Addresses below which `/HASH` answers. */
  readonly sources: readonly string[];
  /** Addresses of single files, by hash: presigned, or of a store that names files otherwise. */
  readonly urls: ReadonlyMap<string, string>;
}

const manifestLine = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex'),
  url: z.string().regex(/^https?:\/\/[^\s/][^\s]*$/, 'expected an http or https address'),
});

/**
 * What `--source` names: addresses, and manifests with one `{"sha256", "url"}` a line.
 * @throws OptionError naming the address or the line; what `readLines` throws
 */
export async function sourceList(flags: readonly string[]): Promise<SourceList> {
  const sources: string[] = [];
  const urls = new Map<string, string>();
  for (const flag of flags) {
    if (/^https?:\/\/[^\s/]/.test(flag)) sources.push(flag);
    else if (/\.jsonl$/i.test(flag)) await addManifest(flag, urls);
    else
      throw new OptionError(
        `--source: expected http(s)://HOST[/PATH] or a manifest.jsonl of {"sha256", "url"}; received "${flag}".`,
      );
  }
  return { sources, urls };
}

async function addManifest(file: string, urls: Map<string, string>): Promise<void> {
  let isEmpty = true;
  for await (const { value, number } of readLines(file, "people's")) {
    isEmpty = false;
    const checked = manifestLine.safeParse(value);
    if (!checked.success)
      throw new OptionError(
        `--source: ${file} line ${number}: expected {"sha256", "url"}; received one with ${firstIssue(checked.error, value)}.`,
      );
    urls.set(checked.data.sha256, checked.data.url);
  }
  if (isEmpty)
    throw new OptionError(`--source: expected lines of {"sha256", "url"} in ${file}; received none.`);
}
