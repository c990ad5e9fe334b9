import { romanize } from './romanize.ts';
import { cyrillic } from './scripts/cyrillic.ts';
import { greek } from './scripts/greek.ts';

/**
 * As `romanize`, and Greek and Cyrillic too, which our font draws but a portable file name cannot hold.
 *
 * @example romanizeAll('Кошка') // 'Koshka'
 */
export function romanizeAll(text: string): string {
  return greek(cyrillic(romanize(text.normalize('NFC'))));
}
