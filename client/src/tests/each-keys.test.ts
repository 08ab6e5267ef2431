import { parse, type AST } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';

/**
 * Two equal keys in one list end the component that draws it. So a key is an id, or the place in
 * the list; the others are values of which a list cannot hold two, and stand here with the reason.
 */
const OTHERS: Readonly<Record<string, string>> = {
  'panel/doors/Door.svelte: to': 'states of a door',
  'ui/LanguageSwitch.svelte: code': 'keys of an object',
  'pages/banners/Asides.svelte: aside.key': 'ids, keys of a map',
  'pages/entry/CreateForm.svelte: code': 'keys of an object',
  'pages/entry/StartPicture.svelte: line': 'place in the list, by another name',
  'pages/entry/MyWorkshops.svelte: one.workshop': 'ids of workshops, keys of the browser’s storage',
  'pages/entry/PageFrame.svelte: notice': 'constants',
  'panel/breakouts/BreakoutSetup.svelte: way': 'constants',
  'panel/doors/Invite.svelte: each': 'addresses, a set on the server',
  'panel/merging/ArrangeBoard.svelte: order': 'constants',
  'panel/outputs/BringNotes.svelte: note.row': 'rows of a file, a note each',
  'panel/breakouts/LateWork.svelte: group': 'ids of groups',
  'panel/outputs/Outputs.svelte: each': 'constants',
  'panel/outputs/Outputs.svelte: as': 'constants',
  'panel/outputs/TakeHome.svelte: each': 'constants',
  'panel/outputs/TakeHome.svelte: option': 'constants',
  'panel/outputs/TakeHome.svelte: line': 'sentences, each of a key of its own',
  'panel/breakouts/PagesChoice.svelte: way': 'constants',
  'panel/Panel.svelte: tab': 'constants',
  'panel/people/RemoveMany.svelte: each': 'constants',
  'panel/snapshots/SnapshotDialog.svelte: key': 'keys of an object',
  'panel/snapshots/CompareList.svelte: each': 'constants',
  'panel/snapshots/CompareList.svelte: key': 'keys of a map',
  'panel/snapshots/MomentList.svelte: at': 'place in the list, before it was turned round',
  'panel/snapshots/ReplayBar.svelte: speed': 'constants',
  'panel/people/TakeBack.svelte: minutes': 'constants',
  'panel/people/TakeBack.svelte: kind': 'constants',
  'panel/people/TakeBack.svelte: `${what}/${id}`': 'an id with its kind, once in each part',
  'views/still/StillBoard.svelte: each': 'constants',
  'views/still/StillList.svelte: theme': 'ids of themes, and none once',
  'views/still/StillList.svelte: key': 'keys of an object',
  'panel/people/DeletedNotes.svelte: keyOf(entry)': 'a person on a board from a moment on',
  'panel/guidance/GuidedName.svelte: by': 'constants',
  'panel/guidance/Guidance.svelte: board.key': 'keys of a workbook, each in one stage once',
  'panel/pace/RightsControl.svelte: verb': 'constants',
  'panel/pace/RightsControl.svelte: scope': 'constants',
  'panel/pace/TimerControl.svelte: preset': 'constants',
  'panel/pace/TimerControl.svelte: more': 'constants',
  'panel/at-work/RecallControl.svelte: more': 'constants',
  'panel/at-work/RecallControl.svelte: minutes': 'constants',
  'panel/at-work/GroupMessages.svelte: groups[0]': 'ids of groups, each of which has one message',
  'views/common/ColorPicker.svelte: option': 'constants',
  'views/canvas/Minimap.svelte: tint': 'constants',
  'views/canvas/Minimap.svelte: color': 'constants',
  'views/canvas/Guides.svelte: axis': 'one line an axis at most',
  'views/canvas/Cursors.svelte: client': 'client ids, keys of a map',
  'pages/workshop/HearOthers.svelte: each': 'constants',
  'views/common/Dock.svelte: name': 'constants',
  'views/common/PeopleHere.svelte: person': 'ids of people, keys of a map',
  'views/answers/AnswersView.svelte: part': 'constants',
  'views/answers/Question.svelte: key': 'keys of the document’s answers',
  'views/grid/GridOverview.svelte: page': 'numbers of pages, from a set',
  'views/grid/GridSwitch.svelte: kind': 'constants',
  'views/grid/GridSwitch.svelte: page': 'numbers of pages, from a set',
  'panel/pace/Invite.svelte: seconds': 'constants',
  'views/links/LinkDialog.svelte: one': 'ids of boards',
  'views/links/FoundList.svelte: item.key': 'an id with its board and kind',
  'views/links/SearchDialog.svelte: group.board': 'ids of boards',
  'views/links/Trace.svelte: item.key': 'an id with its board and kind, keys of a map',
  'views/list/ListNote.svelte: link': 'ids of links',
  'views/plan/PlanDates.svelte: which': 'constants',
  'views/plan/PlanDates.svelte: day': 'days, keys of a map',
  'views/survey/RatingRow.svelte: step': 'constants',
  'views/survey/ResultTable.svelte: step': 'constants',
  'views/survey/Results.svelte: round': 'numbers of rounds',
};

const sources = import.meta.glob<string>('../**/*.svelte', {
  query: '?raw',
  import: 'default',
  eager: true,
});

interface Keyed {
  readonly key: string;
  readonly sound: boolean;
}

function eachKeys(source: string): Keyed[] {
  const found: Keyed[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const block = node as AST.EachBlock;
    if (block.type === 'EachBlock') found.push(keyOf(block, source));
    for (const [name, child] of Object.entries(node)) if (name !== 'metadata') visit(child);
  };
  visit(parse(source, { modern: true }).fragment);
  return found;
}

function keyOf({ key, index }: AST.EachBlock, source: string): Keyed {
  if (!key) return { key: 'none', sound: false };
  const { start, end } = key as unknown as { start: number; end: number };
  const text = source.slice(start, end);
  return { key: text, sound: text === index || /(^|\.)id$/.test(text.replace(" ?? ''", '')) };
}

describe('lists', () => {
  const all = Object.entries(sources).flatMap(([file, source]) =>
    eachKeys(source).map((one) => ({ ...one, name: `${file.slice(3)}: ${one.key}` })),
  );

  it('are keyed by what cannot repeat', () => {
    expect(all.length).toBeGreaterThan(80);
    const unsound = all.filter(({ name, sound }) => !sound && !(name in OTHERS));
    expect(unsound.map(({ name }) => name)).toEqual([]);
  });

  it('have no exception that is not needed any more', () => {
    const names = new Set(all.map(({ name }) => name));
    expect(Object.keys(OTHERS).filter((name) => !names.has(name))).toEqual([]);
  });
});
