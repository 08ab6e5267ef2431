"""The whole workbook with a team of six, in three languages: from the first phenomenon to an
experiment that traces back to it. Pictures of every step are kept in build/screens/workbook."""

from __future__ import annotations

import shutil

import pytest

from tests.e2e.support.walkthrough import assess, change, experiment, phenomena
from tests.e2e.support.walkthrough.team import gather
from tests.support.browsers.browser import People, Screens
from tests.support.browsers.fixtures import SCREENS
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-workbook"), pytest.mark.timeout(400)]


@pytest.fixture
def screens() -> Screens:
    folder = SCREENS / "workbook"
    shutil.rmtree(folder, ignore_errors=True)
    return Screens(folder)


def test_the_entire_workbook(server: Server, people: People) -> None:
    team = gather(people)
    phenomena.fill_the_map(team)
    phenomena.choose_by_dots(team)
    phenomena.sum_up(team)
    groups = change.split_by_page(team)
    change.fill_pages(team, groups, server)
    change.gather_into_one_grid(team, groups)
    change.link(team)
    change.sum_up_in_groups(team)
    assess.assess(team)
    experiment.draw_together(team)
    experiment.collect_ideas(team)
    experiment.make_an_experiment(team)
    experiment.follow_the_trail(team)
    experiment.take_the_plan_along(team)
