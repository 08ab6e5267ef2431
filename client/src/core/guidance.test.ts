import { describe, expect, it } from 'vitest';
import type { Workbook } from '../lib/boot';
import { readMinutes, withBoard, withMoved, withPrompt, withStage } from './guidance';

const words = { fi: 'a', sv: 'a', en: 'a' };
const workbook: Workbook = {
  id: 'w',
  title: words,
  stages: ['one', 'two', 'three'].map((id) => ({ id, title: words, boards: [] })),
  boards: [],
};

describe('guidance', () => {
  it('names every stage when one changes, so that the order is kept', () => {
    const found = withStage({}, workbook, 'two', { hidden: true });
    expect(found.stages).toEqual([{ id: 'one' }, { id: 'two', hidden: true }, { id: 'three' }]);
  });

  it('moves a stage and keeps what was told of it', () => {
    const renamed = withStage({}, workbook, 'three', { title: { fi: 'Ilta' } });
    const found = withMoved(renamed, workbook, 'three', -1);
    expect(found.stages?.map(({ id }) => id)).toEqual(['one', 'three', 'two']);
    expect(found.stages?.[1]?.title).toEqual({ fi: 'Ilta' });
    expect(withMoved({}, workbook, 'one', -1).stages?.[0]?.id).toBe('one');
  });

  it('changes a prompt in one language and leaves the rest', () => {
    const first = withPrompt({ stages: [] }, 'change', 'tools', 'fi', 'Mitä?');
    const found = withPrompt(
      withBoard(first, 'change', { minutes: [1, 2] }),
      'change',
      'tools',
      'sv',
      'Vad?',
    );
    expect(found).toEqual({
      stages: [],
      boards: { change: { minutes: [1, 2], prompts: { tools: { fi: 'Mitä?', sv: 'Vad?' } } } },
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
