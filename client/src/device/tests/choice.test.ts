import { beforeEach, describe, expect, it } from 'vitest';
import { Choice, Switch } from '../choice.svelte';
import { soundsTime, soundTime } from '../time-sound';

const WORDS = ['a', 'b'] as const;

beforeEach(() => localStorage.clear());

describe('a choice', () => {
  it('is the first one until somebody chooses, and kept then', () => {
    const choice = new Choice('key', WORDS, 'b');
    expect(choice.chosen).toBe('b');
    choice.choose('a');
    expect(choice.chosen).toBe('a');
    expect(new Choice('key', WORDS, 'b').chosen).toBe('a');
  });

  it('knows no other words', () => {
    localStorage.setItem('key', 'c');
    expect(new Choice('key', WORDS, 'b').chosen).toBe('b');
  });
});

describe('a switch', () => {
  it('is on until it is turned', () => {
    const keys = new Switch('key');
    expect(keys.isOn).toBe(true);
    keys.turn(false);
    expect(keys.isOn).toBe(false);
    expect(new Switch('key').isOn).toBe(false);
  });
});

describe('the sound of the time', () => {
  it('is heard where somebody leads, until this device is told otherwise', () => {
    expect(soundsTime(true)).toBe(true);
    expect(soundsTime(false)).toBe(false);
    soundTime(false);
    expect(soundsTime(true)).toBe(false);
    soundTime(true);
    expect(soundsTime(false)).toBe(true);
  });
});
