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

  /** From now on frames wait to be let through; how many do is on the page. */
  const holdFrames = () =>
    page.evaluate(() => {
      const waiting: (() => void)[] = [];
      Object.assign(globalThis, { waiting });
      const real = OffscreenCanvas.prototype.convertToBlob;
      OffscreenCanvas.prototype.convertToBlob = async function (options) {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return real.call(this, options);
      };
    });
  const framesWaiting = async (count: number): Promise<void> => {
    await page.waitForFunction(
      (wanted) => (globalThis as unknown as { waiting: unknown[] }).waiting.length >= wanted,
      count,
    );
  };
  /** Lets those through that wait, and no later ones. */
  const letFramesThrough = () =>
    page.evaluate(() => {
      for (const letThrough of (globalThis as unknown as { waiting: (() => void)[] }).waiting.splice(0))
        letThrough();
    });
  /** Time for whatever was let through to do what it does. */
  const someFrames = () =>
    page.evaluate(async () => {
      for (let i = 0; i < 10; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
    });

  test('live, off and live again while a frame is awaited: one loop goes on', async () => {
    await page.click('#camera');
    await allow();
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await holdFrames();
    await page.click('text=Live');
    await framesWaiting(1);
    await page.click('text=Live');
    await page.click('text=Live');
    await framesWaiting(2);
    await letFramesThrough();
    await framesWaiting(1);
    await someFrames();
    expect(await page.evaluate(() => (globalThis as unknown as { waiting: unknown[] }).waiting.length)).toBe(
      1,
    );
    expect(await page.getAttribute('[aria-pressed]:text("Live")', 'aria-pressed')).toBe('true');
    expect(await page.evaluate(() => location.hash)).toContain('picture=own');
  });

  test('a picture that is taken as the camera is closed, or opened again, is left', async () => {
    await page.click('#camera');
    await allow();
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await holdFrames();
    await page.click('text=Take the picture');
    await framesWaiting(1);
    await page.click('text=Close');
    await tracksAre(['ended']);
    await page.click('#camera');
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await letFramesThrough();
    await someFrames();
    expect(await page.isVisible('#camera-dialog')).toBe(true);
    expect(await page.evaluate(() => location.hash)).not.toContain('picture=own');
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
