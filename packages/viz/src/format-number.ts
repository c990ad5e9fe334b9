const superscriptDigits = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A number for a label: three significant digits unless asked otherwise, a real minus sign, powers of ten where plain digits would be long. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e6)) {
    const [mantissa, exponent] = magnitude.toExponential(digits - 1).split('e') as [string, string];
    const power = [...String(Number(exponent))]
      .map((c) => (c === '-' ? '⁻' : superscriptDigits[Number(c)]))
      .join('');
    return `${sign(value)}${trimZeros(mantissa)}·10${power}`;
  }
  const decimals = magnitude === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude)));
  return sign(value) + trimZeros(magnitude.toFixed(decimals));
}

function sign(value: number): string {
  return value < 0 ? '−' : '';
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
