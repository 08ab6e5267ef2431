"""Who is split into which group, and moves between them; what wrong groups are told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.desk import Breakout, letter
from server.errors import InvalidField
from server.workshops.breakouts.groups import read_groups, read_moves
from server.workshops.breakouts.splitting import free_color, smallest, split
from tests.support.workshops.teams import desk, group, person

people_lists = st.lists(st.text("abcdefgh", min_size=1, max_size=3), unique=True, max_size=40)


@given(
    people=people_lists, groups=st.integers(1, 12), seed=st.integers(0, 2**31), dice=st.randoms()
)
def test_a_split_is_even_whole_and_repeatable(
    people: list[str], groups: int, seed: int, dice: Any
) -> None:
    dealt = split(people, groups, seed)
    sizes = [len(group) for group in dealt]
    assert len(dealt) == groups
    assert max(sizes) - min(sizes) <= 1
    assert sorted(person for group in dealt for person in group) == sorted(people)
    dice.shuffle(people)
    assert split(people, groups, seed) == dealt


def test_another_seed_gives_another_split() -> None:
    people = [f"p{number}" for number in range(20)]
    assert len({tuple(split(people, 4, seed)) for seed in range(20)}) > 15


def test_letters_go_on_after_z() -> None:
    assert [letter(index) for index in (0, 1, 25, 26, 52)] == ["A", "B", "Z", "A2", "A3"]


def test_a_newcomer_gets_a_rare_colour_and_a_small_group() -> None:
    assert free_color([], 12) == 0
    assert free_color([person("a", color=0), person("b", color=1)], 3) == 2
    assert free_color([person("a", color=0), person("b", color=1)], 2) == 0
    groups = (group("a", "x", "y"), group("b", "z"), group("c", "v"))
    breakout = Breakout(id="b", board="shared", state="open", created=0, groups=groups)
    found = smallest(breakout)
    assert found is not None
    assert found.id == "b"


def test_groups_by_number_take_everybody_who_takes_part() -> None:
    made = read_groups({"board": "shared", "groups": 2, "seed": 1}, desk(), ())
    assert [entry.name for entry in made] == ["Grupp A", "Grupp B"]
    assert sorted(person for entry in made for person in entry.people) == ["koivu", "leppä"]
    assert len({entry.id for entry in made} | {entry.board for entry in made}) == 4


def test_groups_by_hand_are_as_given() -> None:
    given = [{"name": " Etu ", "people": ["koivu"], "pages": [2, 1, 2]}, {"people": []}]
    first, second = read_groups({"board": "shared", "groups": given}, desk(), range(1, 5))
    assert (first.name, first.people, first.pages) == ("Etu", ("koivu",), (1, 2))
    assert (second.name, second.people, second.pages) == ("Grupp B", (), ())


@pytest.mark.parametrize(
    ("groups", "field", "expected"),
    [
        (0, "groups", "a whole number from 1 to 200"),
        (201, "groups", "a whole number from 1 to 200"),
        (True, "groups", "a number from 1 to 200, or a list"),
        (None, "groups", "a number from 1 to 200, or a list"),
        ([], "groups", "a number from 1 to 200, or a list"),
        ([5], "groups[0]", "an object"),
        ([{"people": ["nobody"]}], "groups[0].people", "ids of participants"),
        ([{"people": ["haapa"]}], "groups[0].people", "ids of participants"),
        ([{"people": "koivu"}], "groups[0].people", "a list"),
        ([{"people": ["koivu"]}, {"people": ["koivu"]}], "groups", "each person in one group"),
        ([{"people": ["koivu", "koivu"]}], "groups", "each person in one group"),
        ([{"pages": [5]}], "groups[0].pages", "pages of this board (1, 2, 3, 4)"),
        ([{"pages": [[1]]}], "groups[0].pages", "pages of this board"),
        ([{"members": []}], "members", "one of name, people, pages"),
    ],
)
def test_wrong_groups_say_what_was_expected(groups: Any, field: str, expected: str) -> None:
    with pytest.raises(InvalidField) as caught:
        read_groups({"board": "shared", "groups": groups}, desk(), range(1, 5))
    assert caught.value.values["field"] == field
    assert expected in str(caught.value.values["expected"])


def breakout() -> Breakout:
    groups = (group("a", "koivu"), group("b", "leppä"))
    return Breakout(id="b", board="shared", state="open", created=0, groups=groups)


def test_people_move_and_leave_their_old_group() -> None:
    moved = read_moves({"groups": [{"id": "a", "people": ["koivu", "leppä"]}]}, desk(), breakout())
    assert [entry.people for entry in moved.groups] == [("koivu", "leppä"), ()]
    swapped = read_moves(
        {"groups": [{"id": "b", "people": ["koivu"]}, {"id": "a", "people": ["leppä"]}]},
        desk(),
        breakout(),
    )
    assert [entry.people for entry in swapped.groups] == [("leppä",), ("koivu",)]


def test_a_group_gets_another_name() -> None:
    renamed = read_moves({"groups": [{"id": "a", "name": "Etu"}]}, desk(), breakout())
    assert [(entry.name, entry.people) for entry in renamed.groups] == [
        ("Etu", ("koivu",)),
        ("b", ("leppä",)),
    ]


@pytest.mark.parametrize(
    ("moves", "field"),
    [
        ([{"id": "c", "people": []}], "groups[0].id"),
        ([{"people": []}], "groups[0].id"),
        ([{"id": "a", "people": ["haapa"]}], "groups[0].people"),
        ([{"id": "a", "people": ["koivu"]}, {"id": "b", "people": ["koivu"]}], "groups"),
        ({"a": []}, "groups"),
        (None, "groups"),
    ],
)
def test_wrong_moves_are_refused(moves: Any, field: str) -> None:
    with pytest.raises(InvalidField) as caught:
        read_moves({"groups": moves}, desk(), breakout())
    assert caught.value.values["field"] == field
