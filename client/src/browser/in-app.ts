/** Browsers inside mail and chat programs: their pages save no files and tell nobody. */
const PROGRAMS =
  /\b(?:FBAN|FBAV|Instagram|WhatsApp|Line|LinkedInApp|Teams|TeamsMobile|Outlook)\b|; wv\)/;

export function isInApp(userAgent = navigator.userAgent): boolean {
  return PROGRAMS.test(userAgent);
}
