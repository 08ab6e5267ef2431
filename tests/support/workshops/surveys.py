"""Rounds of a survey over HTTP, as facilitators open and people answer them."""

from collections.abc import Sequence
from typing import Any

import httpx

from boards.workbook.installed import load
from tests.support.app import App, Json, Person, Team

FORM = "community"


def statements(form: str = FORM) -> list[str]:
    forms = load("valoa").board("assessment").forms
    return [item.id for found in forms if found.id == form for item in found.statements]


async def post(team: Team, path: str, who: Person | None = None, **body: Any) -> httpx.Response:
    http = (who or team.facilitator).http
    return await http.post(f"/api/workshops/{team.id}/{path}", json=body)


async def opened(app: App, people: int = 6, form: str = FORM) -> Team:
    team = await app.team(people)
    await team.at_work()
    assert (await post(team, "rounds", form=form, few=True)).status_code == 201
    return team


async def answer(team: Team, who: Person, rating: int | None = 4, **more: Any) -> httpx.Response:
    body = {"form": FORM, "ratings": dict.fromkeys(statements(), rating), **more}
    return await post(team, "answers", who, **body)


async def answered(team: Team, people: Sequence[Person]) -> None:
    """One after the other, each with words of their own."""
    for number, person in enumerate(people):
        found = await answer(team, person, 1 + number % 5, comment=words(number))
        assert (found.status_code, found.content) == (204, b"")


def words(number: int) -> str:
    return f"sana{number}sana"


async def rounds(team: Team, who: Person | None = None, form: str = FORM, **more: Any) -> Any:
    http = (who or team.facilitator).http
    found = await http.get(f"/api/workshops/{team.id}/results", params={"form": form, **more})
    return found.raise_for_status().json()


async def closed(team: Team, form: str = FORM) -> Json:
    found: Json = (await post(team, "rounds/close", form=form)).raise_for_status().json()
    return found


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]
