import type { Rgba } from './rgba-image.ts';

export interface Theme {
  readonly background: Rgba;
  readonly text: Rgba;
  readonly muted: Rgba;
  readonly line: Rgba;
}

export type ThemeName = 'light' | 'dark';

export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: { background: [255, 255, 255], text: [27, 31, 36], muted: [92, 99, 109], line: [208, 212, 218] },
  dark: { background: [20, 23, 28], text: [231, 234, 238], muted: [150, 160, 172], line: [58, 65, 75] },
};
