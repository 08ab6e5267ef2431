"""Whatever the network and the moment do to five people, nothing honest is lost and nobody is shut
out: random schedules of writing, voting, locks, groups, outages, reloads (reliability R16).

Real browsers, each on a line of its own through support/network/proxy.py, before a real server. A
seed repeats the deeds in their order; what meets what on the way is the machine's choice.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.network.schedules.crew import Crew, crew_of
from tests.e2e.network.schedules.deeds import Schedule
from tests.e2e.network.schedules.ending import end_well
from tests.support.browsers.browser import Screens
from tests.support.browsers.fixtures import SCREENS
from tests.support.network.proxy import proxy_to
from tests.support.seed import rounds, seed
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-schedules"), pytest.mark.timeout(300)]

STEPS = 36
WEIGHTS = {
    "write": 24,
    "begin": 4,
    "extend": 10,
    "delete": 3,
    "dot": 10,
    "cut": 5,
    "break_off": 6,
    "hold_up": 5,
    "hold_down": 5,
    "release": 6,
    "swallow": 2,
    "heal": 8,
    "reload": 6,
    "second_tab": 3,
    "second_device": 2,
    "close_tab": 3,
    "lock": 6,
    "voting": 7,
    "split": 5,
    "move": 4,
    "merge": 4,
    "recall": 4,
}


@pytest.fixture(scope="module")
def crew(browser: Browser, server: Server) -> Iterator[Crew]:
    pictures = Screens(Path(SCREENS) / "test_schedules")
    with proxy_to(server.port) as proxy, crew_of(browser, server, proxy, pictures) as crew:
        yield crew


@pytest.mark.parametrize("number", range(rounds(12)))
def test_r16_nothing_honest_is_lost_and_nobody_is_shut_out(crew: Crew, number: int) -> None:
    schedule = Schedule(crew, crew.gather(), random.Random(f"{seed()}/schedule/{number}"))
    try:
        for _ in range(STEPS):
            schedule.step(WEIGHTS)
        end_well(schedule)
    finally:
        print("\n".join(schedule.log))
        crew.part()
