"""Likely duplicates: equal or nearly equal texts across groups, cheaply (rule BR14)."""

from __future__ import annotations

import random
import time

import pytest

from boards import duplicates
from boards.duplicates import likely_duplicates, normalised
from boards.schema import Note


def note(name: str, text: str, group: str | None = None, zone: str = "z", at: int = 0) -> Note:
    return Note(id=name, zone=zone, text=text, group=group, at=at)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kiire", "kiire!"),
        ("  Liian   monta kokousta ", "liian monta kokousta"),
        ("Tieto ei kulje", "ei kulje tieto"),
        ("Asiakkaat odottavat liian pitkään", "Asiakkaat odottavat liian pitkaan"),
        ("Yhteistyö toisen yksikön kanssa sujuu", "Yhteistyö toisen yksikön kanssa sujui"),
        ("Kokouksia on liikaa joka viikko", "Kokouksia on liian paljon joka viikko"),
        ("ﬁksu idea", "fiksu idea"),
    ],
)
def test_br14_texts_that_say_the_same_are_paired(one: str, other: str) -> None:
    assert likely_duplicates([note("a", one, "g1")], [note("b", other, "g2")]) == (("a", "b"),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kiire", "Kiitos"),
        ("Kokous 1 on turha", "Kokous 2 on turha"),
        ("Asiakkaat odottavat", "Asiakkaat kiittävät usein palvelusta"),
        ("", ""),
        ("!!!", "!!!"),
        ("lyhyt a", "lyhyt b"),
        ("abcdefgh", "hgfedcba"),
        ("aamu ilta aamu ilta", "illat aamut muut lait"),
    ],
)
def test_br14_texts_that_differ_are_not_paired(one: str, other: str) -> None:
    assert likely_duplicates([note("a", one, "g1")], [note("b", other, "g2")]) == ()


@pytest.mark.parametrize(
    ("one", "other", "between"),
    [
        ("asiakas saa nopeasti avun", "vasiakas saa nopeasti avun", "{}lkuun aivan muuta asiaa"),
        ("tieto ei kulje meillä", "tieto ei kulje meiltä", "tieto ei kulje meil{} sanoo joku"),
        ("meillä tieto ei kulje a", "meillä tieto ei kulje v", "aivan muuta {}"),
    ],
)
def test_br14_a_slip_is_found_at_either_end_among_many_notes(
    one: str, other: str, between: str
) -> None:
    """Wherever the slip is, the two stand side by side when read from the front or the back."""
    letters = "abcdefghijklmnopqrstuvwxyzä"
    others = [note(letter, between.format(letter), "g1") for letter in letters]
    pairs = likely_duplicates([note("1", one, "g1"), *others], [note("2", other, "g2")])
    assert ("1", "2") in pairs


def test_br14_only_across_groups_and_within_a_zone() -> None:
    standing = [note("a", "kiire", "g1"), note("b", "kiire", None, zone="y")]
    added = [note("c", "kiire", "g1"), note("d", "kiire", None, zone="y"), note("e", "kiire", "g2")]
    assert likely_duplicates(standing, added) == (("a", "e"), ("b", "d"))


def test_br14_only_news_are_paired() -> None:
    assert likely_duplicates([note("a", "kiire", "g1"), note("b", "kiire", "g2")], []) == ()


def test_br14_notes_added_by_several_groups_at_once_are_paired() -> None:
    added = [note("b", "kiire on", "g2", at=2), note("a", "kiire on", "g1", at=1)]
    assert likely_duplicates([], added) == (("a", "b"),)
    assert likely_duplicates([], [note("b", "kiire"), note("a", "kiire")]) == ()


def test_br14_each_added_note_is_paired_once_with_the_oldest_equal_one() -> None:
    standing = [note("b", "kiire", "g1", at=2), note("a", "kiire", "g2", at=1)]
    added = [note("c", "kiire", "g3", at=0), note("d", "kiire", "g2", at=9)]
    assert likely_duplicates(standing, added) == (("a", "c"), ("b", "d"))


def test_br14_a_long_text_is_compared_by_its_beginning() -> None:
    long = "asiakas toivoo nopeampaa palvelua " * 20
    pairs = likely_duplicates([note("a", long + "aamulla")], [note("b", long + "aivan toisin")])
    assert pairs == (("a", "b"),)


def test_br14_the_number_of_comparisons_grows_with_the_notes_not_their_square(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = 0
    original = duplicates._is_near

    def counted(*arguments: object) -> bool:
        nonlocal compared
        compared += 1
        return original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(duplicates, "_is_near", counted)
    dice = random.Random(1)
    words = [
        "asiakas",
        "kiire",
        "kokous",
        "tieto",
        "palvelu",
        "tiimi",
        "etätyö",
        "johto",
        "apu",
        "uusi",
    ]
    notes = [
        note(f"{i}", "sama alku kaikilla " + " ".join(dice.choices(words, k=5)), f"g{i % 8}")
        for i in range(1000)
    ]
    started = time.perf_counter()
    likely_duplicates(notes[:500], notes[500:])
    assert compared <= 2 * duplicates.NEIGHBOURS * len(notes)
    assert time.perf_counter() - started < 5  # tens of milliseconds; a square would take minutes


def test_normalised_text_is_words_and_numbers() -> None:
    assert normalised("  KIIRE – 3 kertaa!\n(viikossa) ") == "kiire 3 kertaa viikossa"
