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
    ['قطة', 'qta'],
    ['كلب', 'klb'],
    ['گربه ۲', 'grbh 2'],
    ['כלב', 'klb'],
    ['שָׁלוֹם', 'shlvm'],
    ['बिल्ली', 'billi'],
    ['कुत्ता', 'kutta'],
    ['घर', 'ghar'],
    ['पेड़', 'ped'],
    ['แมว', 'maew'],
    ['สุนัข', 'sunakh'],
    ['อาหาร', 'ahar'],
    ['คอมพิวเตอร์', 'khomphiwteo'],
    ['კატა', 'kata'],
    ['ძაღლი', 'dzaghli'],
    ['ᲫᲐᲦᲚᲘ', 'DzAGhLI'],
    ['կատու', 'katu'],
    ['Շուն', 'Shun'],
  ])('%s becomes %s', (text, latin) => {
    expect(romanize(text)).toBe(latin);
  });

  it('leaves other scripts alone', () => {
    expect(romanize('tabby кошка 猫 α')).toBe('tabby кошка 猫 α');
  });
});
