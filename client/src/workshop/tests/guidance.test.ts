import { describe, expect, it } from 'vitest';
import { ofBoard, ofPrompt, ofStage, readMinutes } from '../guidance';

describe('guidance', () => {
  it('sends only what changes', () => {
    expect(ofStage('two', { hidden: true })).toEqual({ stages: [{ id: 'two', hidden: true }] });
    expect(ofBoard('change', { title: { fi: 'Kartta' } })).toEqual({
      boards: { change: { title: { fi: 'Kartta' } } },
    });
    expect(ofPrompt('change', 'tools', { sv: 'Vad?' })).toEqual({
      boards: { change: { prompts: { tools: { sv: 'Vad?' } } } },
    });
  });

  it.each([
    ['20', '30', [20, 30]],
    ['0', '0', [0, 0]],
    ['30', '20', null],
    ['', '20', null],
    ['1.5', '2', null],
    ['-1', '2', null],
  ])('reads %s to %s minutes as %j', (from, to, expected) => {
    expect(readMinutes(from, to)).toEqual(expected);
  });
});
