import { describe, expect, it } from 'vitest';
import { romanize } from '../../src/text/romanize.ts';

describe('romanize', () => {
  it.each([
    ['고양이', 'goyangi'],
    ['한글', 'hangeul'],
    ['강아지', 'gangaji'],
    ['ねこ', 'neko'],
    ['とうきょう', 'toukyou'],
    ['キャット', 'kyatto'],
    ['コーヒー', 'koohii'],
    ['しゃしん', 'shashin'],
    ['まっちゃ', 'matcha'],
    ['ファン', 'fan'],
    ['ヴァイオリン', 'vaiorin'],
    ['パンダ', 'panda'],
    ['つづく', 'tsuzuku'],
  ])('%s becomes %s', (text, latin) => {
    expect(romanize(text)).toBe(latin);
  });

  it('leaves other scripts alone', () => {
    expect(romanize('tabby кошка 猫 α')).toBe('tabby кошка 猫 α');
  });
});
