"""Days at the ends of the calendar, which have no neighbours to draw."""

import pytest

from boards.document import Document
from boards.edits import add_experiment
from tests.support.app import App


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "9999-12-30", "1999-12-31"])
async def test_a_plan_with_a_day_at_the_end_of_time_is_exported_all_the_same(
    app: App, day: str
) -> None:
    """Written before such days were refused, or by a program."""
    team = await app.team()
    board = team.board("experiments")

    def change(document: Document) -> None:
        experiment = add_experiment(document, texts=("what",), at=1)
        with document.transaction():
            fields = document.root("experiments")[experiment]
            fields["start"], fields["end"] = "2026-05-01", day
            fields[f"check/{day}"] = True

    async with app.service.rooms.hold(board) as room:
        room.edit(change)
        await app.service.rooms.committer.commit(room.workshop)
    for format in ("md", "ics", "json"):
        answer = await team.facilitator.http.get(f"/api/boards/{board}/export.{format}")
        assert answer.status_code == 200, answer.text
        assert day not in answer.text
