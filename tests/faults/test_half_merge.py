"""BR4: a merge that fails in the second group brings nothing of the first."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from server.workshops.breakouts import merging
from tests.support.app import running_app


@pytest.mark.parametrize("error", [KeyError("a bug"), RuntimeError("another")])
async def test_br4_a_merge_that_fails_half_way_brings_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async with running_app(tmp_path) as app:
        team = await app.team(2)
        breakout = await team.split(2)
        for group in breakout["groups"]:
            await app.write(group["board"], group["name"])
        merge_group, left = merging.merge_group, [1]

        def fails_at_the_second(*args: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise error
            return merge_group(*args)

        monkeypatch.setattr(merging, "merge_group", fails_at_the_second)
        path = f"/api/breakouts/{breakout['id']}/merge"
        call = partial(team.facilitator.http.post, path, json={})
        answer = await call()
        assert answer.status_code == 503
        await app.service.rooms.committer.commit(team.id)
        assert await team.texts(team.board()) == []
        monkeypatch.undo()
        await call()
        assert await team.texts(team.board()) == ["Ryhmä A", "Ryhmä B"]
