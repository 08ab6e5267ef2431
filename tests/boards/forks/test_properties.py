"""Rules BR of docs/protocol.md over random histories on the shared board and in several groups."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from hypothesis import example, given
from hypothesis import strategies as st

from boards import edits
from boards.breakout import MergeReport, fork, merge, stamp_group
from boards.document import Document
from boards.schema import (
    NOTES,
    THEMES,
    Note,
    entries,
    read_all_notes,
    read_board,
    read_layout,
)
from tests.boards.forks.histories import (
    BASE,
    Player,
    Verb,
    histories,
    histories_without_restore,
    hostile_histories,
    texts,
    with_client,
)
from tests.boards.forks.rounds import (
    Round,
    alive_and_deleted,
    contents,
    notes_of,
    plain_values,
    play,
)

clients = st.lists(st.integers(1, 2**53 - 1), min_size=5, max_size=5, unique=True)


groups_of = st.lists(histories, min_size=1, max_size=4)


@given(histories, histories, clients)
def test_br1_a_fork_holds_what_its_base_held(
    before: list[Verb], on_fork: list[Verb], ids: list[int]
) -> None:
    main = Player(with_client(Document().get_update(), ids[0]), BASE)
    main.play(before)
    as_it_was = contents(main.document)
    copy = Player(fork(main.document, BASE, "ga"), "ga")
    assert notes_of(copy.document, "ga") == notes_of(main.document)
    copy.play(on_fork)
    assert contents(main.document) == as_it_was


@given(histories, histories, groups_of, clients, st.randoms(use_true_random=False))
def test_br2_any_order_and_repetition_of_merges_gives_the_same_board(
    before: list[Verb],
    on_main: list[Verb],
    in_groups: list[list[Verb]],
    ids: list[int],
    dice: object,
) -> None:
    this = play(before, on_main, in_groups, ids)
    start = this.main.document.get_update()
    orders = [
        this.groups,
        this.groups[::-1],
        [*this.groups, *this.groups[::-1]],
        dice.choices(this.groups, k=6) + this.groups,  # type: ignore[attr-defined]
    ]
    ends = []
    for number, order in enumerate(orders):
        shared = with_client(start, 1000 + number)
        for group in order:
            this.merge(group, shared)
        ends.append(contents(shared))
    assert all(end == ends[0] for end in ends)


@given(hostile_histories, histories, st.lists(hostile_histories, min_size=1, max_size=3), clients)
def test_br3_merging_again_is_silent(
    before: list[Verb], on_main: list[Verb], in_groups: list[list[Verb]], ids: list[int]
) -> None:
    this = play(before, on_main, in_groups, ids)
    for group in this.groups:
        this.merge(group)
    merged = contents(this.main.document)
    for group in this.groups:
        report, update = this.main.document.record(lambda g=group: this.merge(g))  # type: ignore[misc]
        assert (report, update) == (MergeReport(), b"")
    assert contents(this.main.document) == merged


@given(histories, histories, groups_of, clients)
def test_br4_every_note_of_a_group_stands_exactly_once_with_its_group(
    before: list[Verb], on_main: list[Verb], in_groups: list[list[Verb]], ids: list[int]
) -> None:
    this = play(before, on_main, in_groups, ids)
    reports = {group.board: this.merge(group) for group in this.groups}
    merged = read_board(this.main.document, BASE, "notes", "phenomena")
    came = read_all_notes(this.main.document)
    for group in this.groups:
        alive = set(notes_of(group.document)) & set(group.added)
        theirs = read_all_notes(group.document)
        assert all(came[note] == replace(theirs[note], group=group.board) for note in alive)
        assert all([other.id for other in merged.notes].count(note) == 1 for note in alive)
        assert set(reports[group.board].added) == alive
    assert len(merged.notes) == len({note.id for note in merged.notes})


@given(histories, histories, groups_of, clients)
def test_br5_nothing_changes_that_no_group_changed(
    before: list[Verb], on_main: list[Verb], in_groups: list[list[Verb]], ids: list[int]
) -> None:
    this = play(before, on_main, in_groups, ids)
    stood, notes = alive_and_deleted(this.main.document), read_all_notes(this.main.document)
    themes = entries(this.main.document.root(THEMES))
    for group in this.groups:
        this.merge(group)
    now = alive_and_deleted(this.main.document)
    changed = set[str]().union(*(group.touched for group in this.groups))
    voted = set[str]().union(*(group.voted for group in this.groups))
    themed = set[str]().union(*(group.themed for group in this.groups))
    for note in stood:
        if note not in changed:
            assert read_all_notes(this.main.document)[note] == notes[note]
        if note not in voted:
            assert now[note].votes == stood[note].votes
    for theme in themes.keys() - themed:
        assert entries(this.main.document.root(THEMES))[theme] == themes[theme]
    written = {note for group in this.groups for note in group.added}
    assert set(now) == set(stood) | written


@given(
    histories_without_restore,
    histories_without_restore,
    st.lists(histories_without_restore, min_size=1, max_size=4),
    clients,
)
@example(  # deleted on the shared board, untouched in the group
    before=[("add", "challenges", "a", None)],
    on_main=[("delete", 0)],
    in_groups=[[("add", "challenges", "b", None)]],
    ids=[1, 2, 3, 4, 5],
)
@example(  # deleted by the group, edited on the shared board meanwhile
    before=[("add", "challenges", "a", None)],
    on_main=[("recolour", 0, "green")],
    in_groups=[[("delete", 0)]],
    ids=[1, 2, 3, 4, 5],
)
@example(  # edited by the group, deleted on the shared board meanwhile
    before=[("add", "challenges", "a", None)],
    on_main=[("delete", 0)],
    in_groups=[[("type", 0, 0, "b")]],
    ids=[2, 1, 3, 4, 5],
)
def test_br6_what_was_deleted_stays_deleted_and_is_reported(
    before: list[Verb], on_main: list[Verb], in_groups: list[list[Verb]], ids: list[int]
) -> None:
    this = play(before, on_main, in_groups, ids)
    sides = [this.main, *this.groups]
    deleted = {
        note.id
        for side in sides
        for note in alive_and_deleted(side.document).values()
        if note.deleted
    }
    since = {note for note in deleted if note in this.at_fork and not this.at_fork[note].deleted}
    updates = [this.main.document.record(lambda g=g: this.merge(g)) for g in this.groups]  # type: ignore[misc]
    assert not deleted & set(notes_of(this.main.document))
    assert deleted <= set(alive_and_deleted(this.main.document))
    reports = [report for report, update in updates if update]
    if len(reports) == len(this.groups):
        assert since <= {note for report in reports for note in report.kept_deleted}
    for report in reports:
        assert set(report.kept_deleted) <= deleted
        assert not set(report.kept_deleted) & set(report.added)


@given(texts, texts.filter(bool), texts.filter(bool), st.integers(0, 12), st.integers(0, 12))
def test_br7_both_sides_writing_in_one_note_both_survive(
    text: str, ours: str, theirs: str, here: int, there: int
) -> None:
    main = Document()
    note = edits.add_note(main, BASE, zone="challenges", text=text, at=1)
    copy = fork(main, BASE, "ga")
    here, there = min(here, len(text)), min(there, len(text))
    edits.retext(main, note, f"{text[:here]}[{ours}]{text[here:]}")
    edits.retext(copy, note, f"{text[:there]}({theirs}){text[there:]}")
    report = merge(copy, main, board=BASE)
    merged = notes_of(main)[note].text
    assert f"[{ours}]" in merged
    assert f"({theirs})" in merged
    assert len(merged) == len(text) + len(ours) + len(theirs) + 4
    assert report == MergeReport(edited_on_both_sides=(note,))


@given(
    hostile_histories,
    hostile_histories,
    st.lists(hostile_histories, min_size=1, max_size=3),
    clients,
)
def test_br8_a_merge_moves_no_placement_of_the_shared_board(
    before: list[Verb], on_main: list[Verb], in_groups: list[list[Verb]], ids: list[int]
) -> None:
    this = play(before, on_main, in_groups, ids)
    placements = read_layout(this.main.document, BASE)
    for group in this.groups:
        this.merge(group)
        assert read_layout(this.main.document, BASE) == placements


@given(histories, histories, st.lists(hostile_histories, min_size=1, max_size=3), clients)
def test_br9_no_browser_decides_which_group_a_note_is_of(
    before: list[Verb], on_main: list[Verb], in_groups: list[list[Verb]], ids: list[int]
) -> None:
    this = play(before, on_main, in_groups, ids)
    for group in this.groups:
        this.merge(group)
        group.play([("forge group", 0), ("forge group", 1), ("forge group", 2)])
    for group in this.groups:
        stamp_group(group.document, entries(this.main.document.root(NOTES)), group.board)
        this.merge(group)
    written = {note: group.board for group in this.groups for note in group.added}
    for note in alive_and_deleted(this.main.document).values():
        assert note.group == written.get(note.id)


@given(histories, histories, st.lists(hostile_histories, min_size=1, max_size=3), clients)
def test_br10_a_merge_leaves_the_group_board_as_it_is(
    before: list[Verb], on_main: list[Verb], in_groups: list[list[Verb]], ids: list[int]
) -> None:
    this = play(before, on_main, in_groups, ids)
    for group in this.groups:
        as_it_was = plain_values(read_board(group.document, group.board, "notes", "phenomena"))
        _, update = group.document.record(lambda g=group: this.merge(g))  # type: ignore[misc]
        board = read_board(group.document, group.board, "notes", "phenomena")
        assert (plain_values(board), update) == (as_it_was, b"")


@given(histories, groups_of, st.lists(histories, min_size=4, max_size=4), clients)
def test_br11_a_group_goes_on_after_a_merge_and_only_news_come(
    before: list[Verb], in_groups: list[list[Verb]], later: list[list[Verb]], ids: list[int]
) -> None:
    this = play(before, [], in_groups, ids)
    for group in this.groups:
        this.merge(group)
    for group, history in zip(this.groups, later, strict=False):
        known = set(group.added)
        group.play(history)
        this.stamped()
        report = this.merge(group)
        alive = set(notes_of(group.document))
        assert set(report.added) == {n for n in group.added if n not in known and n in alive}


@given(histories, histories, groups_of, clients)
def test_br12_votes_of_all_sides_add_up(
    before: list[Verb], on_main: list[Verb], in_groups: list[list[Verb]], ids: list[int]
) -> None:
    this = play(before, on_main, in_groups, ids)
    stood = alive_and_deleted(this.main.document)
    brought = {
        note.id: sum(
            theirs.get(note.id, note).votes - at_fork_votes(this, note.id)
            for theirs in map(alive_and_deleted, (group.document for group in this.groups))
            if note.id in theirs
        )
        for note in stood.values()
    }
    for group in this.groups:
        this.merge(group)
    for note in alive_and_deleted(this.main.document).values():
        if note.id in stood:
            assert note.votes == stood[note.id].votes + brought[note.id]


def at_fork_votes(this: Round, note: str) -> int:
    return this.at_fork[note].votes if note in this.at_fork else 0


@given(histories_without_restore, histories_without_restore, histories_without_restore, clients)
@example(  # the group's colour loses, which no comparison of contents could tell
    before=[("add", "challenges", "a", None)],
    on_main=[("recolour", 0, "green")],
    in_group=[("recolour", 0, "blue")],
    ids=[2, 1, 3, 4, 5],
)
@example(  # the group's colour wins
    before=[("add", "challenges", "a", None)],
    on_main=[("recolour", 0, "green")],
    in_group=[("recolour", 0, "blue")],
    ids=[1, 2, 3, 4, 5],
)
def test_br13_what_both_sides_changed_is_reported(
    before: list[Verb], on_main: list[Verb], in_group: list[Verb], ids: list[int]
) -> None:
    this = play(before, on_main, [in_group], ids)
    ours = read_all_notes(this.main.document)
    theirs = read_all_notes(this.groups[0].document)
    report = this.merge(this.groups[0])
    both = {
        note
        for note, was in this.as_written.items()
        if len({edited(was), edited(ours[note]), edited(theirs[note])}) == 3
    }
    assert both & set(notes_of(this.main.document)) <= set(report.edited_on_both_sides)
    touched = this.main.touched & this.groups[0].touched
    assert set(report.edited_on_both_sides) <= touched


@given(histories, histories, groups_of, clients)
@example(  # the shared board moves a theme while a group puts another note under it
    before=[("add", "challenges", "a", (0, 0)), ("theme", 0, "challenges", "t")],
    on_main=[("move theme", 0, "inspirations", (9, 9))],
    in_groups=[[("add", "challenges", "b", None), ("gather", 1, 0)]],
    ids=[1, 2, 3, 4, 5],
)
@example(  # a group takes a theme apart while the shared board moves it
    before=[("add", "challenges", "a", (0, 0)), ("theme", 0, "challenges", "t")],
    on_main=[("move theme", 0, "inspirations", (9, 9))],
    in_groups=[[("take apart", 0)], [("rename", 0, "u")]],
    ids=[2, 1, 3, 4, 5],
)
def test_br15_a_theme_comes_home_as_one(
    before: list[Verb], on_main: list[Verb], in_groups: list[list[Verb]], ids: list[int]
) -> None:
    this = play(before, on_main, in_groups, ids)
    for group in this.groups:
        this.merge(group)
    merged = read_board(this.main.document, BASE, "notes", "phenomena")
    themes = {theme.id: theme for theme in merged.themes}
    assert set(themes) == {note.theme for note in merged.notes if note.theme}
    for note in merged.notes:
        if note.theme:
            assert (note.zone, note.position) == (themes[note.theme].zone, None)
    for group in this.groups:
        others = [side for side in (this.main, *this.groups) if side is not group]
        touched = set[str]().union(*(side.touched for side in others))
        theirs = read_board(group.document, BASE, "notes", "phenomena")
        made = {t.id: t for t in theirs.themes if t.id.startswith(f"theme-{group.board}-")}
        for note in theirs.notes:
            if note.theme in made and note.id not in touched:
                assert themes[note.theme] == replace(made[note.theme], position=None)
                assert note.theme == next(n for n in merged.notes if n.id == note.id).theme
    apart = [list(run) for _, run in groupby(merged.notes, lambda note: note.theme) if _]
    assert len(apart) == len(themes)  # each is read in one piece


def edited(note: Note) -> tuple[str, str, str]:
    return note.text, note.zone, note.color
