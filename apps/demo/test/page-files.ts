import type { Page } from 'playwright-core';

export interface FileBytes {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Drops files on the page, as a hand would. */
export async function drop(page: Page, files: readonly FileBytes[]): Promise<void> {
  const parts = files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') }));
  await page.evaluate((all) => {
    const dataTransfer = new DataTransfer();
    for (const { name, type, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name, { type }));
    }
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, parts);
}
