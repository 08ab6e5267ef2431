/** Means as people read them, in the reader's language. */
import { language } from '../../i18n/i18n';

const ONE = { minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;

export function decimal(value: number): string {
  return new Intl.NumberFormat(language(), ONE).format(value);
}

/** +0,4 or −0,4; ±0,0 for no change. */
export function difference(value: number): string {
  const options = { ...ONE, signDisplay: 'exceptZero' } as const;
  const text = new Intl.NumberFormat(language(), options).format(value);
  return /[1-9]/.test(text) ? text : `±${decimal(0)}`;
}
