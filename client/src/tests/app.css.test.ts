import { describe, expect, it } from 'vitest';

/** Vitest empties imported style sheets, so the test reads the file as Node does. */
declare const process: {
  getBuiltinModule(name: 'node:fs'): { readFileSync(path: string, encoding: 'utf8'): string };
};

const css = process.getBuiltinModule('node:fs').readFileSync('src/app.css', 'utf8');
const LOOKS = ['light', 'dark'] as const;
const NOTES = ['yellow', 'green', 'blue', 'pink', 'orange', 'violet'].map((name) => `note-${name}`);
const ZONES = [0, 1, 2, 3].map((n) => `zone-${n}`);
const GROUPS = Array.from({ length: 12 }, (_, n) => `group-${n}`);

/** The value of a token in light or dark, as [red, green, blue] in 0 … 1. */
function color(token: string, look: (typeof LOOKS)[number]): number[] {
  const pair = new RegExp(`--${token}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  if (!pair) throw new Error(`no token --${token}`);
  const hex = pair[look === 'light' ? 1 : 2] as string;
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
}

/** Relative luminance. Source: WCAG 2.2. */
function luminance(rgb: number[]): number {
  const [r, g, b] = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function contrast(one: string, other: string, look: (typeof LOOKS)[number]): number {
  return ratio(color(one, look), color(other, look));
}

function ratio(one: number[], other: number[]): number {
  const [dark, light] = [luminance(one), luminance(other)].sort();
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** Degrees on the wheel of colours. */
function hue([r = 0, g = 0, b = 0]: number[]): number {
  return (Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b) * 180) / Math.PI;
}

describe.each(LOOKS)('%s', (look) => {
  const grounds = ['paper', 'paper-raised', 'paper-sunk', ...ZONES];

  it.each(NOTES)('%s: text at least 7:1, it stands out from every ground', (note) => {
    // What is written on a note has the colours of the day (colors.css).
    const on = (ink: string) => ratio(color(ink, 'light'), color(note, look));
    expect(on('ink')).toBeGreaterThanOrEqual(7);
    for (const ink of ['ink-soft', 'accent']) expect(on(ink)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(`${note}-edge`, note, look)).toBeGreaterThanOrEqual(3);
    const outline = look === 'light' ? `${note}-edge` : note;
    for (const ground of grounds) {
      expect(contrast(outline, ground, look)).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(NOTES)('%s is called by its colour', (note) => {
    expect(Math.abs(hue(color(note, look)) - hue(color(note, 'light')))).toBeLessThan(8);
    expect(luminance(color(note, look))).toBeGreaterThan(0.4);
  });

  it.each(grounds)('text on %s is readable', (ground) => {
    expect(contrast('ink', ground, look)).toBeGreaterThanOrEqual(7);
    for (const text of ['ink-soft', 'accent', 'danger', 'ok', 'warn']) {
      expect(contrast(text, ground, look)).toBeGreaterThanOrEqual(4.5);
    }
    for (const shape of ['line-strong', 'focus', 'mark']) {
      expect(contrast(shape, ground, look)).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(GROUPS)('the letter on %s is readable, the mark stands out', (group) => {
    expect(contrast('group-ink', group, look)).toBeGreaterThanOrEqual(4.5);
    for (const ground of grounds) expect(contrast(group, ground, look)).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['accent-ink', 'accent'],
    ['danger-ink', 'danger'],
    ['ink', 'accent-quiet'],
    ['ink', 'danger-quiet'],
    ['ink', 'warn-quiet'],
  ])('%s on %s is readable', (text, ground) => {
    expect(contrast(text, ground, look)).toBeGreaterThanOrEqual(4.5);
  });
});
