import { describe, expect, it } from 'vitest';
import {
  answeredIn,
  distributionOf,
  EMPTY_DRAFT,
  ownMean,
  readDraft,
  roundBefore,
  roundToShow,
  sectionsOf,
  shares,
  type Round,
  type SurveyForm,
} from '../survey';
import { LIMITS } from '../../text/limits';

const text = (fi: string) => ({ fi, sv: fi, en: fi });
const form: SurveyForm = {
  id: 'team',
  audience: 'team',
  title: text('Työyhteisö'),
  intro: text(''),
  statements: [
    { id: 'a', theme: 'one', text: text('A') },
    { id: 'b', theme: 'two', text: text('B') },
    { id: 'c', theme: 'one', text: text('C') },
  ],
};
const topics = ['none', 'two', 'one'].map((id) => ({ id, title: text(id) }));

function round(number: number, released = true): Round {
  const distribution = { counts: [number, 0, 0, 0, 5], cant_say: 1, mean: 3 };
  return {
    form: 'team',
    round: number,
    state: 'closed',
    answers: 6,
    answered: false,
    asked: 6,
    added: 0,
    invited: false,
    left_out: 0,
    whom: [],
    not_asked: [],
    released,
    statements: released ? [{ id: 'a', theme: 'one', distribution }] : [],
    themes: [],
    comments: [],
  };
}

describe('an unfinished answer', () => {
  it('comes back as it was kept', () => {
    const draft = { ratings: { a: 4, b: null }, comment: 'Äiti 👩‍👧' };
    expect(readDraft(JSON.stringify(draft), form)).toEqual(draft);
  });

  it.each([null, '', 'null', '7', '[]', '{"ratings":7}', '{"ratings":null,"comment":{}}', '{'])(
    'is empty when what was kept is %j',
    (kept) => {
      expect(readDraft(kept, form)).toEqual(EMPTY_DRAFT);
    },
  );

  it('leaves out what is no rating of this form', () => {
    const ratings = { a: 6, b: '3', c: 2.5, gone: 3 };
    const kept = JSON.stringify({ ratings, comment: 'x'.repeat(LIMITS.comment + 1) });
    expect(readDraft(kept, form)).toEqual({ ratings: {}, comment: 'x'.repeat(LIMITS.comment) });
  });

  it('counts who cannot say as having answered', () => {
    expect(answeredIn(form, { ratings: { a: null, c: 1 }, comment: '' })).toBe(2);
    expect(answeredIn(form, EMPTY_DRAFT)).toBe(0);
  });
});

describe('a form', () => {
  it('is read by theme, in the order of the workbook', () => {
    const sections = sectionsOf(form, topics).map(({ topic, statements }) => [
      topic.id,
      ...statements.map(({ id }) => id),
    ]);
    expect(sections).toEqual([
      ['two', 'b'],
      ['one', 'a', 'c'],
    ]);
  });

  it('gives a mean of the ratings and of nothing else', () => {
    expect(ownMean(form.statements, { ratings: { a: 5, b: null, c: 2 }, comment: '' })).toBe(3.5);
    expect(ownMean(form.statements, { ratings: { b: null }, comment: '' })).toBeNull();
  });
});

describe('rounds', () => {
  it('opens on the newest with results, and on the newest where none has any', () => {
    expect(roundToShow([round(1), round(2), round(3, false)])?.round).toBe(2);
    expect(roundToShow([round(1, false), round(2, false)])?.round).toBe(2);
    expect(roundToShow([])).toBeNull();
  });

  it('are compared with the last released one before', () => {
    const rounds = [round(1), round(2, false), round(3)];
    expect(roundBefore(rounds, 3)?.round).toBe(1);
    expect(roundBefore(rounds, 1)).toBeNull();
    expect(distributionOf(rounds[0] ?? null, 'a')?.counts[0]).toBe(1);
    expect(distributionOf(rounds[1] ?? null, 'a')).toBeNull();
    expect(distributionOf(null, 'a')).toBeNull();
  });

  it('of different size have parts that can be compared', () => {
    expect(shares({ counts: [1, 0, 0, 0, 3], cant_say: 9, mean: 4 })).toEqual([
      0.25, 0, 0, 0, 0.75,
    ]);
    expect(shares({ counts: [0, 0, 0, 0, 0], cant_say: 9, mean: 0 })).toEqual([0, 0, 0, 0, 0]);
  });
});
