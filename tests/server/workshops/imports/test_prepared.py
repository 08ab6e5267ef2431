"""A workshop is prepared behind a closed door, new or made of another one's file."""

from __future__ import annotations

import pytest

from tests.server.workshops.imports.test_import import PATH, export, imported, taken_in
from tests.support.app import App, Json


async def joins(app: App, made: Json) -> int:
    body = {"code": made["join_code"], "name": "Kuovi"}
    return (await app.client("192.0.2.7").post("/api/join", json=body)).status_code


async def opened(app: App, made: Json) -> None:
    http = app.by(made["token"])
    answer = await http.patch(f"/api/workshops/{made['id']}", json={"joining": "open"})
    assert answer.status_code == 200


async def test_nobody_gets_in_until_it_is_opened_to_all(app: App) -> None:
    answer = await app.http.post("/api/workshops", json={"joining": "closed"})
    made = answer.raise_for_status().json()
    assert await joins(app, made) == 403
    http = app.by(made["token"])
    assert (await http.get(f"/api/workshops/{made['id']}")).json()["joining"] == "closed"
    board = made["boards"][0]["id"]
    assert (await http.get(f"/api/boards/{board}")).status_code == 200
    await opened(app, made)
    assert await joins(app, made) == 201


async def test_so_does_one_that_is_made_of_a_file(app: App) -> None:
    body = await export(await app.team())
    made = await imported(app, body, f"{PATH}?joining=closed")
    assert await joins(app, made) == 403
    await opened(app, made)
    assert await joins(app, made) == 201
    assert await joins(app, await imported(app, body)) == 201


@pytest.mark.parametrize("joining", ["", "maybe", 1, None])
async def test_a_door_is_open_closed_or_asks(app: App, joining: object) -> None:
    answer = await app.http.post("/api/workshops", json={"joining": joining})
    assert (answer.status_code, answer.json()["code"]) == (400, "field-invalid")
    body = await export(await app.team())
    answer = await taken_in(app, body, f"{PATH}?joining=maybe")
    assert (answer.status_code, answer.json()["code"]) == (400, "field-invalid")
