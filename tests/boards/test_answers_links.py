"""Answers and links of several groups, brought home: each group's stands under its name."""

from __future__ import annotations

from itertools import permutations

from hypothesis import example, given
from hypothesis import strategies as st

from boards import edits
from boards.breakout import fork, merge
from boards.document import Document
from boards.schema import LINKS, entries, read_answers, read_links
from tests.boards.forks.histories import BASE

QUESTIONS = ("matter", "learn")
GROUPS = ("ga", "gb", "gc")

texts = st.text(alphabet="aä😀 \n", max_size=6)
questions = st.sampled_from(QUESTIONS)
Verb = tuple[str, str, str]
# In a group: its own answer, the shared one, evidence for either, evidence taken off again.
verbs = st.tuples(st.sampled_from(("own", "shared", "evidence", "take off")), questions, texts)
histories = st.lists(st.lists(verbs, max_size=5), min_size=3, max_size=3)


def shared_board() -> Document:
    document = Document()
    edits.seed_answers(document, QUESTIONS)
    for question in QUESTIONS:
        note, answer = f"map#old-{question}", f"answer/{question}"
        edits.add_link(
            document, source=note, target=answer, kind="evidence", link=f"old {question}"
        )
    return document


def play(document: Document, group: str, history: list[Verb]) -> None:
    """`own`: an answer ends with the words `of <group>`, so that what is lost can be missed."""
    edits.seed_answers(document, QUESTIONS, group)
    for turn, (verb, question, text) in enumerate(history):
        own = f"{question}/{group}"
        if verb == "own":
            edits.answer(document, own, f"{text} of {group}")
        elif verb == "shared":
            before = read_answers(document)[question]
            edits.answer(document, question, f"{before}[{group} {turn}]")
        elif verb == "evidence":
            target = f"answer/{own if turn % 2 else question}"
            edits.add_link(
                document,
                source=f"map#note-{turn}",
                target=target,
                kind="evidence",
                link=f"{group} {turn}",
            )
        elif f"old {question}" in entries(document.root(LINKS)):
            edits.remove_link(document, f"old {question}")


def forks_of(main: Document, turns: list[list[Verb]]) -> list[Document]:
    copies = []
    for group, history in zip(GROUPS, turns, strict=True):
        copy = fork(main, BASE, group)
        play(copy, group, history)
        copies.append(copy)
    return copies


def contents(document: Document) -> tuple[object, ...]:
    return read_answers(document), read_links(document)


@given(histories)
@example([[("own", "matter", "a")], [("own", "matter", "b")], [("take off", "matter", "")]])
def test_br2_answers_and_links_are_the_same_in_any_order_and_repetition(
    turns: list[list[Verb]],
) -> None:
    main = shared_board()
    copies = forks_of(main, turns)
    state = main.get_update()
    found = []
    for order in permutations(copies):
        board = Document(state)
        for copy in (*order, *order):
            merge(copy, board, board=BASE)
        found.append(contents(board))
    assert all(one == found[0] for one in found)


@given(histories)
def test_br4_nothing_a_group_answered_or_linked_is_lost(turns: list[list[Verb]]) -> None:
    main = shared_board()
    copies = forks_of(main, turns)
    for copy in copies:
        merge(copy, main, board=BASE)
    answers = read_answers(main)
    links = {link.id for link in read_links(main)}
    gone: set[str] = set()
    for group, copy, history in zip(GROUPS, copies, turns, strict=True):
        theirs = read_answers(copy)
        for question in QUESTIONS:
            assert answers[f"{question}/{group}"] == theirs[f"{question}/{group}"]
        for turn, (verb, question, _) in enumerate(history):
            if verb == "shared":
                assert f"[{group} {turn}]" in answers[question]
            elif verb == "evidence":
                assert f"{group} {turn}" in links
            elif verb == "take off":
                gone.add(f"old {question}")
    assert gone.isdisjoint(links)
    assert {f"old {question}" for question in QUESTIONS} - gone <= links


@given(histories)
def test_br11_what_a_group_adds_after_a_merge_comes_with_the_next(turns: list[list[Verb]]) -> None:
    main = shared_board()
    copies = forks_of(main, turns)
    for copy in copies:
        merge(copy, main, board=BASE)
    before = read_answers(main)
    edits.answer(copies[0], "matter/ga", "later of ga")
    assert merge(copies[0], main, board=BASE).added == ()
    assert read_answers(main) == {**before, "matter/ga": "later of ga"}
