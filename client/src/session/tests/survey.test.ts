import { beforeEach, describe, expect, it } from 'vitest';
import type { BoardSession } from '../session.svelte';
import type { SurveyForm } from '../../workshop/survey';
import type { Role } from '../../workshop/desk';
import { webAddress } from '../../text/address';
import { SurveyState } from '../survey.svelte';

const text = { fi: '', sv: '', en: '' };
const form: SurveyForm = {
  id: 'team',
  audience: 'team',
  title: text,
  intro: text,
  statements: ['a', 'b'].map((id) => ({ id, theme: 'one', text })),
};

/** As much of a session as a form needs. */
function sessionOf(person: string, role: Role = 'participant', workshop = 'w'): BoardSession {
  const people = {
    [person]: { role },
    other: { role: 'facilitator', name: 'Other' },
    guest: { role: 'observer' },
  };
  return {
    me: { id: person, name: '', role },
    people: () => people,
    survey: { workshop, rounds: () => ({}) },
  } as unknown as BoardSession;
}

describe('an unfinished form', () => {
  beforeEach(() => localStorage.clear());

  it('is there again after the page was closed', () => {
    const before = new SurveyState(sessionOf('p'), form);
    before.rate('a', 2);
    before.rate('a', 4);
    before.rate('b', null);
    before.comment('Kesken');
    const after = new SurveyState(sessionOf('p'), form);
    expect(after.draft).toEqual({ ratings: { a: 4, b: null }, comment: 'Kesken' });
    expect(after.answered).toBe(2);
  });

  it('is nobody else’s, and of no other form or workshop', () => {
    new SurveyState(sessionOf('p'), form).rate('a', 2);
    const others = [
      new SurveyState(sessionOf('q'), form),
      new SurveyState(sessionOf('p'), { ...form, id: 'self' }),
      new SurveyState(sessionOf('p', 'participant', 'other'), form),
    ];
    expect(others.map(({ answered }) => answered)).toEqual([0, 0, 0]);
  });

  it('leaves nothing behind when it is cleared', () => {
    const state = new SurveyState(sessionOf('p'), form);
    state.rate('a', 2);
    expect(localStorage.length).toBe(1);
    state.clear();
    expect(localStorage.length).toBe(0);
    expect(state.draft).toEqual({ ratings: {}, comment: '' });
  });
});

describe('who answers', () => {
  it.each([
    ['facilitator', true, true],
    ['participant', true, false],
    ['observer', false, false],
  ] as const)('a %s', (role, mayAnswer, leads) => {
    const state = new SurveyState(sessionOf('p', role), form);
    expect([state.mayAnswer, state.leads]).toEqual([mayAnswer, leads]);
  });

  it('has a name as long as they are here', () => {
    const state = new SurveyState(sessionOf('p', 'facilitator'), form);
    expect(state.names(['other', 'gone'])).toEqual([{ id: 'other', name: 'Other' }]);
  });
});

describe('the address of another survey', () => {
  it.each([
    ['https://kysely.example/a?b=1', 'https://kysely.example/a?b=1'],
    ['Se on täällä: http://kysely.example/a.', 'http://kysely.example/a'],
    ['(https://kysely.example/ä)', 'https://kysely.example/%C3%A4'],
    ['javascript:alert(1)', null],
    ['data:text/html,https', null],
    ['https://', null],
    ['kysely.example', null],
    ['', null],
  ])('%j is linked to %j', (words, address) => {
    expect(webAddress(words)).toBe(address);
  });
});
