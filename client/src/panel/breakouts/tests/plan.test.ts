import { describe, expect, it } from 'vitest';
import { BreakoutPlan, type PlanDraft } from '../plan.svelte';
import { readList } from '../listed';

const people = ['a', 'b', 'c', 'd', 'e'];
const plan = (who: string[] = people, away: string[] = []) =>
  new BreakoutPlan(
    () => [who, away],
    (index) => `G${index + 1}`,
  );
const placed = (from: BreakoutPlan) => from.groups.flat().sort();

describe('a breakout plan', () => {
  it('deals everybody at first, and again when the number changes', () => {
    const even = plan();
    expect(placed(even)).toEqual(people);
    even.resize(3);
    expect(even.groups.map((group) => group.length).sort()).toEqual([1, 2, 2]);
    even.resize(0);
    expect(even.count).toBe(3);
  });

  it('spreads absent people over the groups', () => {
    const even = plan(['a', 'b', 'c', 'd'], ['x', 'y']);
    even.resize(2);
    even.shuffle();
    for (const group of even.groups) {
      expect(group.filter((id) => 'xy'.includes(id))).toHaveLength(1);
    }
  });

  it('by hand starts empty and only puts people where they were put', () => {
    const hand = plan();
    hand.choose('hand');
    expect(hand.unplaced).toEqual(people);
    hand.resize(3);
    hand.move('a', 2);
    hand.move('b', 0);
    hand.resize(2);
    expect(hand.groups).toEqual([['b'], []]);
    expect(hand.unplaced).toEqual(['a', 'c', 'd', 'e']);
    hand.choose('even');
    expect(placed(hand)).toEqual(people);
    expect(hand.groups[0]).toContain('b');
  });

  it('follows who comes and goes', () => {
    const who = [...people];
    const even = plan(who);
    who.splice(0, 1);
    who.push('f');
    even.follow();
    expect(placed(even)).toEqual(['b', 'c', 'd', 'e', 'f']);
  });

  it('asks for names given or default, and for pages only where there are some', () => {
    const even = plan();
    even.names[1] = '  Koivu ';
    expect(even.asked(0).map(({ name }) => name)).toEqual(['G1', 'Koivu']);
    expect(even.asked(0)[0]).not.toHaveProperty('pages');
    expect(even.asked(4).map(({ pages }) => pages)).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it('lets the facilitator choose pages, from what was dealt on', () => {
    const hand = plan();
    hand.choosePages('hand', 4);
    hand.togglePage(0, 2);
    hand.togglePage(1, 4);
    expect(hand.asked(4).map(({ pages }) => pages)).toEqual([[1, 2, 3], [2]]);
    hand.togglePage(1, 2);
    hand.resize(3);
    hand.togglePage(2, 4);
    expect(hand.asked(4).map(({ pages }) => pages)).toEqual([[1, 2, 3], undefined, [4]]);
    expect(hand.dealt(2)).toEqual([[1, 2], [], []]); // a board with fewer pages was chosen
    hand.choosePages('all', 4);
    expect(hand.dealt(4)).toBeNull();
    hand.choosePages('hand', 4);
    expect(hand.dealt(4)).toEqual([[], [], []]);
  });

  it('leaves out whom the facilitator took out, until everybody is dealt again', () => {
    const even = plan();
    even.move('c', null);
    even.follow();
    const kept = JSON.parse(JSON.stringify(even.draft)) as PlanDraft;
    const same = new BreakoutPlan(
      () => [[...people, 'new'], []],
      () => '',
      kept,
    );
    expect([even.unplaced, same.unplaced]).toEqual([['c'], ['c']]);
    even.shuffle();
    same.move('c', 0);
    same.follow();
    expect([even.unplaced, same.unplaced]).toEqual([[], []]);
  });

  it('goes on from its draft: nobody moves but who came or went meanwhile', () => {
    const before = plan();
    before.names[1] = 'Koivu';
    before.choosePages('hand', 4);
    before.togglePage(0, 2);
    before.move('a', 1);
    before.board = 'change';
    const kept = JSON.parse(JSON.stringify(before.draft)) as PlanDraft;
    const same = new BreakoutPlan(
      () => [people, []],
      (index) => `G${index + 1}`,
      kept,
    );
    expect(same.draft).toEqual(before.draft);
    expect(same.asked(4)).toEqual(before.asked(4));
    const others = [...people.slice(1), 'f'];
    const now = new BreakoutPlan(
      () => [others, []],
      (index) => `G${index + 1}`,
      kept,
    );
    expect(placed(now)).toEqual([...others].sort());
    for (const id of people.slice(1)) {
      const group = before.groups.findIndex((members) => members.includes(id));
      expect(now.groups[group]).toContain(id);
    }
  });

  it('takes a list of names, and puts who comes later where it says', () => {
    const who = ['a', 'b'];
    const names: Record<string, string> = { a: 'Anna', b: 'Ben', c: 'Carl', x: 'Xenia' };
    const make = (draft?: PlanDraft) =>
      new BreakoutPlan(
        () => [who, []],
        () => 'G',
        draft,
        (id) => names[id] ?? '',
      );
    const listed = make();
    expect(listed.list(readList('Koivu: Ben, Carl\nAnna'))).toEqual(['Carl']);
    expect([listed.groups, listed.nameOf(0), listed.nameOf(1)]).toEqual([
      [['b'], ['a']],
      'Koivu',
      'G',
    ]);
    who.push('c', 'x');
    const same = make(JSON.parse(JSON.stringify(listed.draft)) as PlanDraft);
    expect([same.groups, same.unplaced]).toEqual([[['b', 'c'], ['a']], ['x']]);
    same.move('c', null);
    same.follow();
    expect(same.unplaced).toEqual(['c', 'x']);
  });

  it('takes the last round, and seats who is new', () => {
    const next = plan(['a', 'b', 'c', 'new']);
    next.again([
      { name: 'Koivu', people: ['a', 'b', 'gone'] },
      { name: 'Mänty', people: ['c'] },
    ]);
    expect(next.groups).toEqual([
      ['a', 'b'],
      ['c', 'new'],
    ]);
    expect([next.nameOf(0), next.nameOf(1)]).toEqual(['Koivu', 'Mänty']);
  });
});
