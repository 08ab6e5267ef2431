"""Documents in the background: in turn, for who asked, and gone with what they were of."""

import asyncio
import io
import zipfile
from typing import Any

import pytest
from httpx import Response
from PIL import Image
from pypdf import PdfReader

from tests.server.test_children import children, started
from tests.support.app import App, Json, Person, Team

Told = dict[str, Any]


async def ask(person: Person, team: Team, **wanted: Any) -> Response:
    return await person.http.post(f"/api/workshops/{team.id}/exports", json=wanted)


async def asked(person: Person, team: Team, **wanted: Any) -> Json:
    answer = await ask(person, team, **wanted)
    assert answer.status_code == 202, answer.text
    told: Json = answer.json()
    return told


async def over(person: Person, told: Json) -> Json:
    """How it ended."""
    while told["state"] in ("waiting", "working"):
        await asyncio.sleep(0.01)  # as a page asks
        told = (await person.http.get(f"/api/exports/{told['id']}")).raise_for_status().json()
    return told


async def fetched(person: Person, told: Json) -> Response:
    return await person.http.get(f"/api/exports/{told['id']}/file")


def code(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_document_is_asked_for_and_fetched_later(app: App) -> None:
    team = await app.team(1, title="Kevät: näkymä")
    await app.write(team.board(), "työ muuttuu")
    lead = team.facilitator
    told = await asked(lead, team, format="report.pdf", language="sv")
    assert (told["state"], told["ahead"], told["name"]) == ("working", 0, None)
    assert code(await fetched(lead, told)) == (409, "export-not-ready")
    done = await over(lead, told)
    assert (done["state"], done["progress"], done["seconds_left"]) == ("done", 1.0, 0.0)
    file = await fetched(lead, done)
    assert file.headers["content-language"] == "sv"
    assert len(file.content) == done["bytes"]
    assert done["name"].startswith("Kevät näkymä")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages)
    assert "työ muuttuu" in text
    listed = (await lead.http.get(f"/api/workshops/{team.id}/exports")).json()
    assert [each["id"] for each in listed] == [told["id"]]


async def test_one_of_a_board_is_as_one_that_is_waited_for(app: App) -> None:
    team = await app.team(1)
    await app.write(team.board(), "työ muuttuu")
    person = team.people[0]
    told = await asked(person, team, format="json", board=team.board(), without=["votes"])
    file = await fetched(person, await over(person, told))
    waited = await person.http.get(f"/api/boards/{team.board()}/export.json?without=votes")
    one, other = file.json(), waited.json()
    assert one.pop("exported_at") <= other.pop("exported_at")
    assert one == other


async def test_a_stage_leaves_with_its_boards_and_no_other(app: App) -> None:
    team = await app.team(1, title="Kevät")
    await app.write(team.board(), "työ muuttuu")
    lead = team.facilitator
    told = await asked(lead, team, format="zip", stage="experiment", language="fi")
    file = await fetched(lead, await over(lead, told))
    names = zipfile.ZipFile(io.BytesIO(file.content)).namelist()
    assert [name.partition("-")[2][:19] for name in names if name.startswith("md/")] == [
        "kevat-kokeile-yhtee",
        "kevat-kokeile-kokei",
    ]
    assert [name for name in names if name.endswith(".json")] == []
    assert any(name.startswith("kevat-kokeile-") for name in names)
    waited = await lead.http.get(
        f"/api/workshops/{team.id}/export.docx", params={"stage": "experiment", "language": "fi"}
    )
    assert waited.headers["content-disposition"].startswith('attachment; filename="kevat-kokeile-')
    for format in ("pdf", "report.pdf"):
        waited = await lead.http.get(
            f"/api/workshops/{team.id}/export.{format}",
            params={"stage": "experiment", "language": "fi"},
        )
        first = PdfReader(io.BytesIO(waited.content)).pages[0].extract_text()
        assert "Kevät · Kokeile" in first
    for odd in ({"format": "json", "stage": "experiment"}, {"format": "md"}, {"format": "exe"}):
        assert code(await ask(lead, team, **odd)) == (404, "format-unknown")
    assert code(await ask(lead, team, format="pdf", stage="nowhere")) == (400, "field-invalid")


async def test_nobody_else_sees_it(app: App) -> None:
    team = await app.team(2)
    lead, (one, other) = team.facilitator, team.people
    for wanted in ({"format": "pdf"}, {"format": "pdf", "stage": "pause"}):
        assert code(await ask(one, team, **wanted)) == (403, "not-allowed")
    told = await asked(one, team, format="md", board=team.board())
    await over(one, told)
    for person in (other, lead):
        assert code(await fetched(person, told)) == (404, "export-gone")
        assert code(await person.http.get(f"/api/exports/{told['id']}")) == (404, "export-gone")
        assert code(await person.http.delete(f"/api/exports/{told['id']}")) == (404, "export-gone")
        assert (await person.http.get(f"/api/workshops/{team.id}/exports")).json() == []
    assert (await app.http.get(f"/api/exports/{told['id']}")).status_code == 401
    assert (await fetched(one, told)).status_code == 200


async def test_a_board_of_others_is_not_to_be_had(app: App) -> None:
    team, there = await app.team(2), await app.team(1)
    one, other = team.people
    breakout = await team.split(
        [{"name": "Koivu", "people": [one.id]}, {"name": "Mänty", "people": [other.id]}]
    )
    board, second = breakout["groups"][0]["board"], breakout["groups"][1]["id"]
    assert code(await ask(other, team, format="pdf", board=board)) == (403, "not-allowed")
    away = await ask(there.facilitator, there, format="pdf", board=team.board())
    assert code(away) == (401, "token-unknown")
    told = await asked(one, team, format="md", board=board)
    await over(one, told)
    assert (await fetched(one, told)).status_code == 200
    moves = {"groups": [{"id": second, "people": [one.id, other.id]}]}
    answer = await team.facilitator.http.patch(f"/api/breakouts/{breakout['id']}", json=moves)
    answer.raise_for_status()
    assert code(await fetched(one, told)) == (403, "not-allowed")


@pytest.mark.timeout(60)
async def test_who_gives_up_ends_the_child(app: App) -> None:
    team = await app.team()
    await app.write(team.board(), "työ muuttuu")
    before = children()
    told = await asked(team.facilitator, team, format="report.pdf")
    running = await started(before)
    gone = await team.facilitator.http.delete(f"/api/exports/{told['id']}")
    assert gone.status_code == 204
    for _ in iter(lambda: not children() & running, True):
        await asyncio.sleep(0.01)
    assert code(await fetched(team.facilitator, told)) == (404, "export-gone")
    assert app.service.documents.jobs.pending == 0


async def test_a_deleted_workshop_leaves_no_document(app: App) -> None:
    team = await app.team()
    lead, jobs = team.facilitator, app.service.documents.jobs
    await over(lead, await asked(lead, team, format="md", board=team.board()))
    await asked(lead, team, format="zip")
    await lead.http.delete(f"/api/workshops/{team.id}")
    assert jobs.of(team.id, lead.id) == []
    assert jobs.pending == 0


async def test_who_is_deleted_is_in_no_document_that_waits(app: App) -> None:
    team = await app.team(1)
    lead = team.facilitator
    done = await over(lead, await asked(lead, team, format="json", board=team.board()))
    person = team.people[0].id
    answer = await lead.http.delete(f"/api/workshops/{team.id}/people/{person}")
    assert answer.status_code == 204
    assert code(await fetched(lead, done)) == (404, "export-gone")


async def test_a_calendar_without_days_tells_why(app: App) -> None:
    team = await app.team()
    board = team.board("experiments")
    told = await over(
        team.facilitator, await asked(team.facilitator, team, format="ics", board=board)
    )
    assert (told["state"], told["problem"]["code"]) == ("failed", "nothing-dated")
    assert code(await fetched(team.facilitator, told)) == (409, "nothing-dated")


async def test_one_person_does_not_ask_without_end(app: App) -> None:
    team = await app.team()
    answers = [await ask(team.facilitator, team, format="zip") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 202, 429]
    assert answers[-1].json()["code"] == "exports-full"


@pytest.mark.timeout(120)
async def test_32_people_at_once_wait_in_the_order_in_which_they_came(app: App) -> None:
    team = await app.team(32)
    await app.write(team.board(), "työ muuttuu")
    asked_for = [
        await asked(person, team, format="docx", board=team.board()) for person in team.people
    ]
    ahead = [told["ahead"] for told in asked_for]
    assert ahead == sorted(ahead)
    assert asked_for[-1]["seconds_left"] > asked_for[1]["seconds_left"]
    jobs = [app.service.documents.jobs.find(told["id"]) for told in asked_for]
    for person, told in zip(team.people, asked_for, strict=True):
        assert (await over(person, told))["state"] == "done"
    ended = [job.since for job in jobs]
    assert ended == sorted(ended)


async def test_what_a_document_will_hold_is_told_before(app: App) -> None:
    team = await app.team(1)
    await app.write(team.board(), "työ muuttuu")
    await team.split(2)
    lead, path = team.facilitator, f"/api/workshops/{team.id}/exports/about"
    whole = (await lead.http.get(path, params={"format": "report.pdf"})).raise_for_status().json()
    assert (whole["holds"]["boards"], whole["holds"]["notes"]) == (len(team.made["boards"]), 1)
    assert (whole["ungathered"], whole["holds"]["unreleased"], whole["picture"]) == (2, 1, True)
    stage = (await lead.http.get(path, params={"format": "docx", "stage": "experiment"})).json()
    assert (stage["holds"]["notes"], stage["picture"]) == (0, False)
    assert 0 < stage["seconds"] < whole["seconds"]
    one = {"format": "png", "board": team.board(), "without": "votes"}
    assert (await team.people[0].http.get(path, params=one)).json()["holds"]["notes"] == 1
    assert code(await team.people[0].http.get(path, params={"format": "pdf"}))[0] == 403
    assert code(await lead.http.get(path, params={"format": "exe"})) == (404, "format-unknown")


async def test_dots_that_nobody_is_told_are_no_part_of_it(app: App) -> None:
    team = await app.team(1)
    await app.write(team.board(), "työ muuttuu")
    voting = {"votes": {team.board(): {"dots": 3, "hidden": True}}}
    answer = await team.facilitator.http.patch(f"/api/workshops/{team.id}", json=voting)
    answer.raise_for_status()
    asked_for = {"format": "pdf", "board": team.board()}
    path = f"/api/workshops/{team.id}/exports/about"
    told = [
        (await person.http.get(path, params=asked_for)).raise_for_status().json()
        for person in (team.facilitator, team.people[0])
    ]
    assert [each["holds"]["hidden_votes"] for each in told] == [False, True]


@pytest.mark.parametrize(
    "wanted",
    [{"format": "pdf"}, {"format": "report.pdf"}, {"format": "pdf", "stage": "pause"}, None],
)
async def test_the_first_page_is_shown_before(app: App, wanted: dict[str, str] | None) -> None:
    team = await app.team()
    for number in range(60):
        await app.write(team.board(), f"työ muuttuu {number}")
    params = wanted or {"format": "svg", "board": team.board()}
    path = f"/api/workshops/{team.id}/exports/first-page.png"
    picture = (await team.facilitator.http.get(path, params=params)).raise_for_status()
    image = Image.open(io.BytesIO(picture.content))
    assert (image.format, 400 < image.width < 600) == ("PNG", True)
    assert len(image.convert("L").getcolors() or [0] * 256) > 10  # something stands on it
    refused = await team.facilitator.http.get(path, params={"format": "xlsx"})
    assert code(refused) == (404, "format-unknown")


async def test_groups_are_together_or_also_apart(app: App) -> None:
    team = await app.team(2, language="en")
    one, other = team.people
    breakout = await team.split(
        [{"name": "Koivu", "people": [one.id]}, {"name": "Mänty", "people": [other.id]}]
    )
    for group, text in zip(breakout["groups"], ("koivun oma", "männyn oma"), strict=True):
        await app.write(group["board"], text)
    lead, path = team.facilitator, f"/api/workshops/{team.id}/export"

    async def read(format: str, **more: str) -> Response:
        params = {"language": "en", "stage": "pause", **more}
        return (await lead.http.get(f"{path}.{format}", params=params)).raise_for_status()

    def names(answer: Response) -> list[str]:
        return sorted(zipfile.ZipFile(io.BytesIO(answer.content)).namelist())

    together, apart = names(await read("zip")), names(await read("zip", groups="apart"))
    found = sorted(set(apart) - set(together))
    boards = [name for name in found if name.startswith("md/") and "koivu" in name]
    assert len(boards) == 1
    assert len(apart) == len(together) + 2 * 3  # md, csv and svg of each group
    pdf = PdfReader(io.BytesIO((await read("pdf", groups="apart")).content))
    tops = [str(item["/Title"]) for item in pdf.outline if not isinstance(item, list)]
    assert tops[:3] == ["Phenomena map", "Phenomena map · A · Koivu", "Phenomena map · B · Mänty"]
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "koivun oma" in text
    assert "männyn oma" in text
    report = PdfReader(io.BytesIO((await read("report.pdf", groups="apart")).content))
    assert "koivun oma" not in "".join(page.extract_text() for page in report.pages)
    odd = await ask(lead, team, format="pdf", groups="all")
    assert code(odd) == (400, "field-invalid")
