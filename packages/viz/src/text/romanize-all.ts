import { romanize } from './romanize.ts';
import { cyrillic } from './scripts/cyrillic.ts';
import { greek, greekLetters } from './scripts/greek.ts';
import { spell } from './spell.ts';

/**
 * As `romanize`, and Greek and Cyrillic too, which our font draws but a portable file name cannot hold.
 *
 * @example romanizeAll('Кошка') // 'Koshka'
 */
export function romanizeAll(text: string): string {
  return spell(greekLetters(romanize(text.normalize('NFC'))), [...cyrillic, ...greek]);
}
