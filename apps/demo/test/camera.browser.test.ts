import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasChromium, live, openPage, openSite, reads, type Site } from './open-page.ts';

/** What the page's script sees of the camera, put there by the test. */
interface Watched {
  asked: MediaStreamConstraints[];
  tracks: MediaStreamTrack[];
  /** Lets the camera be had. */
  allow(): void;
}

describe.skipIf(!hasChromium)('the camera (skipped where there is no Chromium)', () => {
  let site: Site;
  let page: Page;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.close());

  beforeEach(async () => {
    ({ page } = await openPage(site));
    await live(page);
    await page.evaluate(() => {
      const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      let allow: () => void = () => undefined;
      const allowed = new Promise<void>((resolve) => {
        allow = resolve;
      });
      const watched: Watched = { asked: [], tracks: [], allow: () => allow() };
      Object.assign(globalThis, { watched });
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        watched.asked.push(constraints!);
        await allowed;
        const stream = await real(constraints);
        watched.tracks.push(...stream.getTracks());
        return stream;
      };
    });
    return () => page.context().close();
  });

  const tracks = () =>
    page.evaluate(() =>
      (globalThis as unknown as { watched: Watched }).watched.tracks.map(({ readyState }) => readyState),
    );
  const allow = () => page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.allow());
  /** Until so many streams were had and each is as said. */
  const tracksAre = async (expected: readonly MediaStreamTrackState[]): Promise<void> => {
    await page.waitForFunction(
      (wanted) =>
        JSON.stringify(
          (globalThis as unknown as { watched: Watched }).watched.tracks.map(({ readyState }) => readyState),
        ) === wanted,
      JSON.stringify(expected),
    );
  };

  test('asks for the camera that looks away from the visitor', async () => {
    await page.click('#camera');
    const asked = await page.evaluate(
      () => (globalThis as unknown as { watched: Watched }).watched.asked[0]!.video as MediaTrackConstraints,
    );
    expect(asked.facingMode).toBe('environment');
  });

  test('one that is allowed after the dialog was closed is turned off at once', async () => {
    await page.click('#camera');
    await reads(page, '#camera-dialog [role=status]', 'Waiting for the camera…');
    await page.click('text=Close');
    await allow();
    await tracksAre(['ended']);
    expect(await page.evaluate(() => document.querySelector('video')!.srcObject)).toBeNull();
  });

  test('asked for twice, it runs once', async () => {
    await page.click('#camera');
    await page.$eval('#camera', (button) => (button as HTMLButtonElement).click());
    await allow();
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await tracksAre(['ended', 'live']);
    await page.click('text=Close');
    await tracksAre(['ended', 'ended']);
  });

  test('Esc closes it and turns it off; the focus starts on the picture and comes back', async () => {
    await page.focus('#camera');
    await page.keyboard.press('Enter');
    await allow();
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Take the picture');
    expect(await tracks()).toEqual(['live']);
    await page.keyboard.press('Escape');
    await tracksAre(['ended']);
    expect(await page.isVisible('#camera-dialog')).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('camera');
  });

  test('while it is open the keys of the page below do nothing', async () => {
    await page.click('#camera');
    await page.keyboard.press('n');
    await page.keyboard.press('o');
    await page.keyboard.press('Escape');
    await live(page);
    expect(await page.evaluate(() => location.hash)).not.toMatch(/seed|opacity/);
  });
});
