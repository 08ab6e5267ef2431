"""Groups that fill in a page each: merging brings the one grid together (rules BR2, BR4, BR5)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from boards.breakout import fork, merge, stamp_group
from boards.document import Document
from boards.edits import add_note, vote
from boards.schema import NOTES, Board, read_board
from boards.workbook.installed import load

BASE = "base"
GRID = next(board for board in load("valoa").boards if board.key == "change")
PAGES = sorted({row.page for row in GRID.rows})
COLUMNS = [column.id for column in GRID.columns]


def cells_of(page: int) -> list[str]:
    return [f"{row.id}/{column}" for row in GRID.rows if row.page == page for column in COLUMNS]


def grid(document: Document) -> Board:
    return read_board(document, BASE, "grid", "change", zones=GRID.zone_ids)


def by_cell(board: Board) -> dict[str, set[str]]:
    cells: dict[str, set[str]] = {}
    for note in board.notes:
        cells.setdefault(note.zone, set()).add(note.text)
    return cells


# For each page the cells that its group writes into, as places in `cells_of`.
written = st.lists(st.lists(st.integers(0, 3), max_size=6), min_size=4, max_size=4)


@given(
    work=written,
    orders=st.lists(st.permutations(range(4)), min_size=2, max_size=2),
    again=st.integers(0, 3),
)
def test_br2_br4_pages_of_all_groups_make_one_grid(
    work: list[list[int]], orders: list[list[int]], again: int
) -> None:
    main = Document()
    begun = add_note(main, BASE, zone=cells_of(1)[0], text="alussa", at=1)
    groups = [fork(main, BASE, f"g{page}") for page in PAGES]
    expected = {cells_of(1)[0]: {"alussa"}}
    for page, group, places in zip(PAGES, groups, work, strict=True):
        for number, place in enumerate(places):
            cell = cells_of(page)[place % len(cells_of(page))]
            text = f"{page}.{number}"
            add_note(group, f"g{page}", zone=cell, text=text, at=2, position=(20, 20))
            expected.setdefault(cell, set()).add(text)
        vote(group, begun, f"voter{page}", page)
    found = []
    for order in orders:
        shared = Document(main.get_update())
        for number in (*order, again):
            stamp_group(groups[number], set(shared.root(NOTES).keys()), f"group{number}")
            merge(groups[number], shared, board=BASE)
        found.append(grid(shared))
    assert found[0] == found[1]
    assert by_cell(found[0]) == expected
    assert len(found[0].notes) == 1 + sum(map(len, work))
    for note in found[0].notes:
        assert note.group == (None if note.id == begun else f"group{int(note.text[0]) - 1}")
    assert next(note for note in found[0].notes if note.id == begun).votes == sum(PAGES)
