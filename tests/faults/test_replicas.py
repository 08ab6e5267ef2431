"""R11: replicas, a server that dies at any step, bad connections, forks and merges: all agree.

What somebody was told is saved, or saw of others, is on the disk at every moment from then on;
in the end everybody has the same board, every word of it once, and what was deleted stays so.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from boards.document import Document
from server.sync.commit import compactor
from server.sync.wire import messages
from tests.faults.support.counts import count, tell
from tests.faults.support.replicas import (
    BASE,
    Facts,
    Life,
    Replica,
    facts_of,
    finished,
    replayed_here,
    stored_documents,
)
from tests.support.seed import seed

EXAMPLES = count("HAHMO_TEST_REPLICAS", ordinary=100, soak=2000)
LENGTH = 60  # steps of one example
PEOPLE = 2
MOST_FORKS = 2
FAILED_ONCE: list[int] = []  # seeds that lost something once; they are played again every time

OFTEN = ["write", "commit"] * 4 + ["write_on", "send", "hear_all", "end", "merge"] * 2
SELDOM = ["send_again", "hear_some", "come", "go", "come_again", "forget", "forge", "fork"]

totals: Counter[str] = Counter()
which = st.integers(0, 11)


class Replicas(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.life = Life(self.folder)
        self.replicas = [Replica(f"person{number}", BASE) for number in range(PEOPLE)]
        self.promised: dict[str, set[str]] = {BASE: set()}  # facts by board, durable for sure
        self.calls: list[tuple[asyncio.Task[Facts], tuple[str, ...]]] = []
        self.forks_begun = 0
        self.words = (f"{number:04}" for number in itertools.count(1))
        totals["examples"] += 1
        self.all_come()
        self.fork()
        self.commit()

    def all_come(self) -> None:
        for who in range(len(self.replicas)):
            self.come(who)
        self.hear_all()

    def newcomers_come(self) -> None:
        for who, replica in enumerate(self.replicas):
            if not replica.has_come:
                self.come(who)

    @rule(what=st.sampled_from(OFTEN + SELDOM), who=which, at=which)
    def step(self, what: str, who: int, at: int) -> None:
        """`who` does it, or it is done to them; `at` says to which of their things."""
        getattr(self, what)(who, at)

    def replica(self, number: int) -> Replica:
        return self.replicas[number % len(self.replicas)]

    # -- people -------------------------------------------------------------------------------

    def write(self, who: int, at: int) -> None:
        """As browsers do: it goes out at once, if there is a connection."""
        self.write_on(who, at)
        self.life.run(self.replica(who).send(-1))

    def write_on(self, who: int, at: int) -> None:
        """It stays here for now; later ones may go before it."""
        replica = self.replica(who)
        notes = replica.notes()
        if at % 3 == 0 or not notes:
            replica.add(next(self.words))
        elif at == 1:
            replica.delete(notes[len(notes) // 2])
        else:
            replica.append(notes[at % len(notes)], next(self.words))

    def send(self, who: int, at: int) -> None:
        self.life.run(self.replica(who).send(at))

    def send_again(self, who: int, at: int) -> None:
        self.life.run(self.replica(who).send_again(at))

    def hear_some(self, who: int, at: int) -> None:
        self.hear(self.replica(who), 1 + at % 3)

    def hear_all(self, *_: int) -> None:
        self.hear_until_silence()
        for replica in self.replicas:
            self.check_that_nothing_was_missed(replica)

    def hear(self, replica: Replica, most: int) -> int:
        heard = self.life.run(replica.hear(most))
        self.promised[replica.board] |= replica.durable
        return heard

    def come(self, who: int, _: int = 0) -> None:
        self.life.run(self.replica(who).connect(self.life))

    def go(self, who: int, _: int = 0) -> None:
        self.life.run(self.replica(who).disconnect())

    def come_again(self, who: int, _: int) -> None:
        """At once, while what it sent is perhaps still on its way to the disk."""
        self.go(who)
        self.come(who)

    def forget(self, who: int, _: int) -> None:
        """The tab is closed, and what was not saved in it is gone; then another one is opened."""
        replica = self.replica(who)
        self.life.run(replica.disconnect())
        self.replicas[self.replicas.index(replica)] = Replica(replica.person, replica.board)
        self.come(who)

    def forge(self, who: int, at: int) -> None:
        """One of them, or several at once: a room is read anew while it is being read anew."""

        async def at_once() -> None:
            for number in range(1 + at % 3):
                await self.replica(who + number).forge()

        self.life.run(at_once())

    # -- the server ---------------------------------------------------------------------------

    def commit(self, *_: int) -> None:
        self.life.commit()
        self.hear_of_calls()
        self.newcomers_come()

    def end(self, _: int, at: int) -> None:
        """Dies before or after the commit that waits is on the disk; or is told to stop."""
        self.hear_all()  # whatever it has said before counts
        if in_order := at % 3 == 2:
            self.life.stop()
            self.hear_of_calls()
        else:
            self.life.die(written=at % 3 == 1)
        totals["restarts" if in_order else "crashes"] += 1
        self.begin_anew()

    def fork(self, *_: int) -> None:
        if self.forks_begun < MOST_FORKS:
            self.forks_begun += 1
            name = f"fork{self.forks_begun}"
            self.call(self.life.fork(name), BASE, name)

    def merge(self, _: int, at: int) -> None:
        forks = sorted(self.promised.keys() - {BASE})
        if forks:
            self.call(self.life.merge(forks[at % len(forks)]), BASE)

    # -- what is promised ---------------------------------------------------------------------

    def call(self, command: object, *boards: str) -> None:
        async def begin() -> asyncio.Task[Facts]:
            return self.life.begin(command)  # type: ignore[arg-type]

        self.calls.append((self.life.run(begin()), boards))
        self.hear_of_calls()
        self.newcomers_come()

    def hear_of_calls(self) -> None:
        """A command that has returned holds for good."""
        waiting = []
        for task, boards in self.calls:
            if not task.done():
                waiting.append((task, boards))
            elif (facts := finished(task)) is not None:
                totals["forks" if len(boards) == 2 else "merges"] += 1
                for board in boards:
                    self.promised.setdefault(board, set()).update(facts)
                if len(boards) == 2:
                    self.replicas += people_of(boards[1], self.replicas)
        self.calls = waiting

    def begin_anew(self) -> None:
        """Look at the file that the end left, and start another server on it."""
        self.calls = []
        for replica in self.replicas:
            replica.cut()
        for board in self.look():
            self.promised.setdefault(board, set())
            if board != BASE:
                self.replicas += people_of(board, self.replicas)
        self.life = Life(self.folder)
        self.all_come()

    def look(self) -> dict[str, Document]:
        stored = asyncio.run(stored_documents(self.folder))
        for board, facts in self.promised.items():
            assert board in stored, f"{board} is gone"
            lost = facts - facts_of(stored[board])
            totals["lost"] += len(lost)
            assert not lost, f"lost of {board}: {sorted(lost)}"
        return stored

    @invariant()
    def nobody_is_sent_away(self) -> None:
        for replica in self.replicas:
            if replica.expects_end:
                assert replica.end is not None or replica.connection is None or self.loading()
            else:
                assert replica.end is None, f"{replica.person} was closed: {replica.end!r}"

    def loading(self) -> bool:
        """A room is being read anew, and what is sent to it waits."""
        return self.life.store.waiting > 0

    def teardown(self) -> None:
        try:
            self.agree()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def hear_until_silence(self) -> None:
        while sum([self.hear(replica, 1000) for replica in self.replicas]):
            continue

    def check_that_nothing_was_missed(self, replica: Replica) -> None:
        """Who stays connected has what the server has, without having to ask again."""
        room = self.life.rooms.in_memory(replica.board)
        if replica.connection is None or replica.end or room is None or room.busy:
            return

        async def missed() -> Facts:
            served = room.document
            return facts_of(served) - facts_of(replica.document) if served else frozenset()

        lacking = self.life.run(missed())
        assert not lacking, f"{replica.person} was never told of {sorted(lacking)}"

    def agree(self) -> None:
        """Everybody comes and hears everything; then all copies, and the file, say the same."""

        async def let() -> None:
            self.life.store.let_all()

        self.life.run(let())
        self.hear_of_calls()
        self.hear_until_silence()
        self.hear_all()
        for replica in self.replicas:
            self.life.run(replica.disconnect())
            self.life.run(replica.connect(self.life))
        self.hear_until_silence()
        for replica in self.replicas:
            assert replica.end is None
            assert replica.connection is not None
            assert facts_of(replica.document) <= replica.durable | self.promised[replica.board]
            totals["acked"] += len(replica.durable)
        self.life.stop()
        stored = self.look()
        for replica in self.replicas:
            assert_same(replica.document, stored[replica.board])
        for document in stored.values():
            assert not [fact for fact in facts_of(document) if fact.endswith("twice")]


def people_of(board: str, replicas: list[Replica]) -> list[Replica]:
    """Two people for a group's board that has none yet."""
    if any(replica.board == board for replica in replicas):
        return []
    return [Replica(f"person{number}", board) for number in range(2)]


def assert_same(one: Document, other: Document) -> None:
    assert compactor.contents(one) == compactor.contents(other)
    clocks = [messages.read_state_vector(document.get_state_vector()) for document in (one, other)]
    assert clocks[0] == clocks[1]


@pytest.mark.parametrize("seed", [seed(), *FAILED_ONCE])
@pytest.mark.timeout(3600)
def test_r11_replicas_agree_and_keep_what_was_acked(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compactor, "replayed_elsewhere", replayed_here)
    totals.clear()
    run_state_machine_as_test(
        with_seed(seed)(Replicas),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=LENGTH,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    told = tell(
        "R11",
        n=EXAMPLES,
        acked=totals["acked"],
        lost=totals["lost"],
        more=f"{dict(totals)}",
        at=seed,
    )
    assert totals["lost"] == 0
    for what in "crashes", "restarts", "forks", "merges", "acked":
        assert totals[what] > EXAMPLES / 20, told
