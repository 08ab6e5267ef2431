import { expect, test } from 'vitest';
import { agendaOf, fieldTime, timeOn } from '../agenda';

const NINE = new Date(2026, 10, 30, 9, 0).getTime();
const minutes = (n: number): number => n * 60_000;
const STEPS = [
  { id: 'a', minutes: 30 },
  { id: 'b', minutes: 20 },
  { id: 'c', minutes: 40 },
];
const PLAN = { a: NINE, c: NINE + minutes(65) }; // a break of a quarter before c

test('a board begins when the one before ends, or at its own time', () => {
  const { steps, at, over, end } = agendaOf(STEPS, PLAN, null, NINE);
  expect(steps.map(({ begins }) => begins)).toEqual([NINE, NINE + minutes(30), PLAN.c]);
  expect([at, over, end]).toEqual([-1, null, NINE + minutes(105)]);
});

test('who began late is late, and more so when it takes longer', () => {
  const reached = { board: 'b', at: NINE + minutes(34) };
  const early = agendaOf(STEPS, PLAN, reached, reached.at + minutes(5));
  expect([early.at, early.spent, early.over]).toEqual([1, 5, 4]);
  expect(early.end).toBe(NINE + minutes(109));
  expect(agendaOf(STEPS, PLAN, reached, NINE + minutes(57)).over).toBe(7);
});

test('who began early is ahead until that is used up', () => {
  const reached = { board: 'b', at: NINE + minutes(20) };
  expect(agendaOf(STEPS, PLAN, reached, NINE + minutes(25)).over).toBe(-10);
  expect(agendaOf(STEPS, PLAN, reached, NINE + minutes(46)).over).toBe(-4);
  expect(agendaOf(STEPS, PLAN, reached, NINE + minutes(50)).over).toBe(0);
});

test('without a time of the day a board is over when it takes longer than planned', () => {
  const reached = { board: 'b', at: NINE };
  expect(agendaOf(STEPS, {}, reached, NINE + minutes(12)).over).toBe(0);
  const late = agendaOf(STEPS, {}, reached, NINE + minutes(26));
  expect([late.over, late.end]).toEqual([6, NINE + minutes(66)]);
  expect(agendaOf([{ id: 'b', minutes: 0 }], {}, reached, NINE + minutes(26)).over).toBeNull();
});

test('times of the day are read and written as fields have them', () => {
  expect(timeOn(NINE + minutes(500), '09:00')).toBe(NINE);
  expect(fieldTime(NINE)).toBe('09:00');
  expect(fieldTime(null)).toBe('');
  for (const wrong of ['', '9', '24:00', '09:60', 'x:yz']) expect(timeOn(NINE, wrong)).toBeNull();
});
