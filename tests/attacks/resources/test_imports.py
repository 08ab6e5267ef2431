"""Notes' files are read beside the others' work, whatever is in them, and of who leads alone."""

import pytest

from server.workshops.imports.bringing import NOTES_BYTES
from tests.support.app import App
from tests.support.pauses import watched

LONGEST = 0.25  # seconds for which others may wait
ROOM = NOTES_BYTES - 100
BODIES = {
    "objects": b'{"text":[' + b"{}," * (ROOM // 3) + b"1]}",
    "numbers": b'{"text":[' + b"1," * (ROOM // 2) + b"1]}",
    "fields": b"{" + b",".join(b'"%d":1' % each for each in range(300_000)) + b"}",
    "lines": b'{"preview":true,"text":"' + rb"\n" * 19_000 + b'"}',
    "rows": b'{"preview":true,"text":"note;zone' + rb"\na;?" * 19_000 + b'"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_h2_a_hostile_list_of_notes_holds_up_nobody(app: App, body: bytes) -> None:
    team = await app.team(1)
    path, kind = f"/api/boards/{team.board()}/import", {"Content-Type": "application/json"}
    for who, statuses in ((team.people[0], {403}), (team.facilitator, {200, 400})):
        with watched() as pauses:
            answer = await who.http.post(path, content=body, headers=kind)
        assert answer.status_code in statuses
        assert pauses.longest < LONGEST
