"""The description of the calls is true: every address is described, every described one exists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, Route, WebSocketRoute

import boards.workbook
from boards.workbook.file import read_workbook
from server.web.api.breakouts.openapi_breakouts import BREAKOUT_SCHEMAS
from server.web.api.exports.openapi_exports import EXPORT_SCHEMAS
from server.web.api.imports.openapi_imports import IMPORT_SCHEMAS
from server.web.api.openapi import description
from server.web.api.openapi_doors import DOOR_SCHEMAS
from server.web.api.openapi_snapshots import SNAPSHOT_SCHEMAS
from server.web.api.openapi_workbook import WORKBOOK_SCHEMAS
from server.web.api.schemas import SCHEMAS
from server.web.api.scripts.openapi_scripts import SCRIPT_SCHEMAS
from server.web.routes import STATIC, routes
from tests.support.app import App, Team

PARAMETER = re.compile(r"\{(\w+)\}")
WORKBOOKS = sorted((Path(boards.workbook.__file__).parent / "data").glob("*.toml"))
METHODS = frozenset({"get", "post", "patch", "put", "delete"})


def served() -> set[tuple[str, str]]:
    """(method, path) of every route but files and sockets."""
    found = set()
    for route in routes(STATIC):
        if isinstance(route, Route):
            found |= {
                (method.lower(), route.path) for method in (route.methods or set()) - {"HEAD"}
            }
        else:
            assert isinstance(route, Mount | WebSocketRoute)
    return found


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, entry in description()["paths"].items():
        for method, operation in entry.items():
            assert method in METHODS
            yield method, path, operation


def test_described_and_served_are_the_same() -> None:
    assert {(method, path) for method, path, _ in operations()} == served()


def test_every_reference_leads_somewhere_and_every_shape_is_used() -> None:
    whole = description()
    text = str(whole)
    references = set(re.findall(r"#/components/(\w+)/(\w+)", text))
    for kind, name in references:
        assert name in whole["components"][kind]
    for kind in ("schemas", "parameters", "responses"):
        assert {name for found, name in references if found == kind} == set(
            whole["components"][kind]
        )


@pytest.mark.parametrize(("method", "path", "operation"), list(operations()))
def test_every_path_parameter_is_described(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    named = {entry["$ref"].rsplit("/", 1)[1] for entry in operation.get("parameters", [])}
    parameters = description()["components"]["parameters"]
    assert {name for name in named if parameters[name]["in"] == "path"} == set(
        PARAMETER.findall(path)
    )


async def test_the_server_hands_it_out(app: App) -> None:
    answer = await app.http.get("/api/openapi.json")
    assert answer.json() == description()
    assert answer.json()["openapi"].startswith("3.1")


async def test_calls_without_security_need_no_token(app: App) -> None:
    team = await app.team(2)
    breakout = await team.split(2)
    await app.write(breakout["groups"][0]["board"], "lappu")
    snapshot = (await team.merge(breakout))["snapshot"]
    exports = await team.facilitator.http.post(
        f"/api/workshops/{team.id}/exports", json={"format": "md", "board": team.board()}
    )
    for method, path, operation in operations():
        address = filled(path, team, breakout["id"], snapshot, exports.json()["id"])
        [*types] = operation.get("requestBody", {"content": {"application/json": {}}})["content"]
        headers = {"Content-Type": types[0]}
        answered = await app.client().request(method, address, content=b"{}", headers=headers)
        status = answered.status_code
        assert (status == 401) == ("security" not in operation), (method, path, status)


def filled(path: str, team: Team, breakout: str, snapshot: str, export: str) -> str:
    values = {
        "export": export,
        "code": team.made["join_code"],
        "workshop": team.id,
        "board": team.board(),
        "breakout": breakout,
        "format": "md",
        "snapshot": snapshot,
        "moment": "1",
        "person": team.people[-1].id if team.people else "nobody",
    }
    return PARAMETER.sub(lambda found: values[found[1]], path)


async def test_answers_have_the_described_shape(app: App) -> None:
    """Every field that is promised is there, and every field that is there is promised."""
    team = await app.team(2)
    http = team.facilitator.http
    body = {"timer": {"seconds": 60}, "announcement": "Tauko"}
    desk = (await http.patch(f"/api/workshops/{team.id}", json=body)).json()
    breakout = await team.split(2)
    await app.write(breakout["groups"][0]["board"], "lappu")
    merged = await team.merge(breakout)
    board = (await http.get(f"/api/boards/{team.board()}")).json()
    listed = (await http.get(f"/api/boards/{team.board()}/snapshots")).json()[0]
    snapshot = (await http.get(f"/api/snapshots/{merged['snapshot']}")).json()
    session = (await app.http.post("/api/session", json={"token": team.facilitator.token})).json()
    problem = (await app.http.post("/api/join", json={})).json()
    code = (await http.post(f"/api/workshops/{team.id}/join-code", json={})).json()
    for name, value in (
        ("Created", team.made),
        ("Desk", desk),
        ("Timer", desk["timer"]),
        ("Breakout", breakout),
        ("Merged", merged),
        ("Note", merged["added"][0]),
        ("Board", board),
        ("Snapshot", listed),
        ("SnapshotWithContent", snapshot),
        ("Session", session),
        ("JoinCode", code),
    ):
        assert set(description()["components"]["schemas"][name]["required"]) == value.keys(), name
    assert set(description()["components"]["schemas"]["Problem"]["required"]) <= problem.keys()


@pytest.mark.parametrize("source", WORKBOOKS, ids=lambda path: path.stem)
def test_the_workbook_has_the_described_shape(source: Path) -> None:
    """Down to its last field: the client's types of a workbook are made from the description."""
    answer = read_workbook(source.read_text(encoding="utf-8"), source.name).json()
    check(answer, description()["components"]["schemas"]["Workbook"], "workbook")


def check(value: Any, shape: dict[str, Any], path: str) -> None:
    """As far as the shapes of a workbook go."""
    if "$ref" in shape:
        shape = description()["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    if "enum" in shape:
        assert value in shape["enum"], path
    elif shape["type"] == "object":
        assert isinstance(value, dict), path
        assert set(shape.get("required", ())) <= value.keys() <= shape["properties"].keys(), path
        for name, part in value.items():
            check(part, shape["properties"][name], f"{path}.{name}")
    elif shape["type"] == "array":
        assert isinstance(value, list), path
        for index, part in enumerate(value):
            check(part, shape["items"], f"{path}[{index}]")
    else:
        assert type(value) is {"string": str, "integer": int, "boolean": bool}[shape["type"]], path


def test_no_shape_hides_another_of_its_name() -> None:
    parts = (
        SCHEMAS,
        BREAKOUT_SCHEMAS,
        DOOR_SCHEMAS,
        EXPORT_SCHEMAS,
        IMPORT_SCHEMAS,
        SCRIPT_SCHEMAS,
        SNAPSHOT_SCHEMAS,
        WORKBOOK_SCHEMAS,
    )
    assert len(description()["components"]["schemas"]) == sum(map(len, parts))
