"""Whose turn it is: everybody once before anybody twice, and one of a workshop at a time."""

import pytest

from server.exports.errors import ExportsFull
from server.exports.jobs.line import Line, Place


def line(at_once: int = 1, most: int = 100, of_workshop: int = 64, of_person: int = 4) -> Line:
    return Line(at_once=at_once, most=most, of_workshop=of_workshop, of_person=of_person)


def served(line: Line) -> list[str]:
    """Who had a turn, one after the other, until nobody waits."""
    found: list[str] = []
    at_work = line.begin()
    while at_work:
        found += [place.person for place in at_work]
        for place in at_work:
            line.leave(place)
        at_work = line.begin()
    return found


def test_who_came_first_is_first() -> None:
    queue = line()
    for number in range(32):
        queue.join("w", f"p{number}", "192.0.2.1")
    assert served(queue) == [f"p{number}" for number in range(32)]


def test_nobody_is_twice_before_everybody_once() -> None:
    queue = line()
    for _ in range(4):
        queue.join("w", "greedy", "192.0.2.1")
    for person in ("a", "b"):
        queue.join("w", person, "192.0.2.1")
    assert served(queue) == ["greedy", "a", "b", "greedy", "greedy", "greedy"]


def test_who_comes_late_does_not_wait_for_what_others_want_next() -> None:
    queue = line()
    for _ in range(4):
        queue.join("w", "greedy", "192.0.2.1")
    (first,) = queue.begin()
    queue.leave(first)
    (second,) = queue.begin()
    queue.join("w", "late", "192.0.2.1")
    queue.leave(second)
    assert served(queue) == ["late", "greedy", "greedy"]


def test_one_of_a_workshop_is_at_work() -> None:
    queue = line(at_once=2)
    for workshop, person in (("w", "a"), ("w", "b"), ("v", "c")):
        queue.join(workshop, person, "192.0.2.1")
    assert [place.person for place in queue.begin()] == ["a", "c"]


def test_an_address_with_many_workshops_does_not_have_all_turns() -> None:
    queue = line(at_once=2)
    for number in range(20):
        queue.join(f"w{number}", f"p{number}", "203.0.113.1")
    first, second = queue.begin()
    queue.join("v", "guest", "192.0.2.1")
    queue.leave(first)
    (next_,) = queue.begin()
    assert next_.person == "guest"
    queue.leave(next_)
    queue.leave(second)
    assert {place.address for place in queue.begin()} == {"203.0.113.1"}


def test_an_address_takes_no_more_places_than_are_left() -> None:
    queue = line(most=20, of_workshop=20)
    for number in range(10):
        queue.join(f"w{number}", f"p{number}", "203.0.113.1")
    with pytest.raises(ExportsFull):
        queue.join("w10", "p10", "203.0.113.1")
    queue.join("v", "guest", "192.0.2.1")
    assert served(queue)[:2] == ["p0", "p1"]


@pytest.mark.parametrize(("of_person", "of_workshop"), [(2, 64), (64, 2)])
def test_what_one_can_ask_for_has_an_end(of_person: int, of_workshop: int) -> None:
    queue = line(of_person=of_person, of_workshop=of_workshop)
    places = [queue.join("w", "a", "192.0.2.1") for _ in range(2)]
    with pytest.raises(ExportsFull):
        queue.join("w", "a", "192.0.2.1")
    queue.leave(places[0])
    queue.join("w", "a", "192.0.2.1")


def test_a_place_is_told_by_who_comes_before() -> None:
    queue = line()
    places = [queue.join("w", f"p{number}", "192.0.2.1") for number in range(3)]
    queue.begin()
    assert [len(queue.ahead(place)) for place in places] == [0, 1, 2]
    again = queue.join("w", "p0", "192.0.2.1")
    first: Place = places[0]
    queue.leave(first)
    assert len(queue.ahead(again)) == 2
