import { describe, expect, it } from 'vitest';
import type { Workbook } from '../lib/boot';
import {
  readMinutes,
  withBoard,
  withBoardMoved,
  withMoved,
  withPrompt,
  withStage,
  withWords,
} from './guidance';

const words = { fi: 'a', sv: 'a', en: 'a' };
const workbook: Workbook = {
  id: 'w',
  title: words,
  stages: ['one', 'two', 'three'].map((id) => ({
    id,
    title: words,
    boards: ['a', 'b', 'c'].map((key) => `${id}-${key}`),
  })),
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

  it('moves on from what was moved before, though the workbook is a moment older', () => {
    const once = withMoved({}, workbook, 'one', 1);
    const twice = withMoved(once, workbook, 'one', 1);
    expect(twice.stages?.map(({ id }) => id)).toEqual(['two', 'three', 'one']);
    const first = withBoardMoved({}, workbook, 'two-a', 1);
    const second = withBoardMoved(first, workbook, 'two-a', 1);
    expect(second.stages?.[1]?.boards).toEqual(['two-b', 'two-c', 'two-a']);
  });

  it('moves a board within its stage, never out of it', () => {
    const order = (key: string, by: -1 | 1) =>
      withBoardMoved({}, workbook, key, by).stages?.map(({ boards }) => boards?.join(' '));
    expect(order('two-c', -1)).toEqual([undefined, 'two-a two-c two-b', undefined]);
    expect(order('two-a', 1)).toEqual([undefined, 'two-b two-a two-c', undefined]);
    expect(order('two-c', 1)).toEqual([undefined, 'two-a two-b two-c', undefined]);
    expect(withBoardMoved({}, workbook, 'gone', 1)).toEqual({});
  });

  it('names a board and tells its principles in one language at a time', () => {
    const first = withWords({}, 'change', 'title', 'fi', 'Kartta');
    const second = withWords(first, 'change', 'title', 'sv', 'Kartan');
    expect(withWords(second, 'change', 'principles', 'fi', '')).toEqual({
      boards: { change: { title: { fi: 'Kartta', sv: 'Kartan' }, principles: { fi: '' } } },
    });
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
