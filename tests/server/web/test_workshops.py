"""Opening a workshop, joining it, coming back, and leading its desk, over HTTP."""

import asyncio
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from server.errors import WorkshopGone
from server.store import StoreUnavailable
from tests.support.app import App, Json, running_app

ID = re.compile(r"[a-z2-7]{20}")
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
BOARDS = {
    "phenomena": "notes",
    "phenomena_summary": "answers",
    "change": "grid",
    "change_summary": "answers",
    "assessment": "survey",
    "synthesis": "answers",
    "experiments": "plan",
}


async def test_a_workshop_is_opened_with_all_its_boards(app: App) -> None:
    answer = await app.http.post("/api/workshops", json={"title": "Syysnäkymä", "language": "sv"})
    assert answer.status_code == 201
    made = answer.json()
    assert ID.fullmatch(made["id"])
    assert CODE.fullmatch(made["join_code"])
    assert made["join_url"] == f"http://hahmo.test/j/{made['join_code']}"
    assert made["facilitator_url"] == f"http://hahmo.test/w/{made['id']}#t={made['token']}"
    assert {board["key"]: board["kind"] for board in made["boards"]} == BOARDS
    desk = (await app.by(made["token"]).get(f"/api/workshops/{made['id']}")).json()
    assert (desk["title"], desk["language"], desk["stage"]) == ("Syysnäkymä", "sv", "pause")
    assert desk["board"] == next(b["id"] for b in made["boards"] if b["key"] == "phenomena")
    assert [(p["name"], p["role"]) for p in desk["people"]] == [("Workshopledare", "facilitator")]
    for board in made["boards"]:
        content = (await app.by(made["token"]).get(f"/api/boards/{board['id']}")).json()
        assert (content["id"], content["key"], content["notes"]) == (board["id"], board["key"], [])


async def test_without_a_title_the_workbooks_own_stands(app: App) -> None:
    team = await app.team(language="en", name="Tammi")
    desk = await team.desk()
    workbook = (await team.facilitator.http.get(f"/api/workshops/{team.id}/workbook")).json()
    assert desk["title"] == workbook["title"]["en"]
    assert desk["people"][0]["name"] == "Tammi"
    assert {board["key"] for board in workbook["boards"]} == BOARDS.keys()


async def test_questions_are_seeded_once_by_the_server(app: App) -> None:
    team = await app.team()
    board = (
        await team.facilitator.http.get(f"/api/boards/{team.board('phenomena_summary')}")
    ).json()
    assert len(board["answers"]) == 4
    assert set(board["answers"].values()) == {""}


async def test_joining_gives_a_person_a_place(app: App) -> None:
    team = await app.team()
    code = team.made["join_code"].lower().replace("-", " ")
    answer = await app.http.post("/api/join", json={"code": code, "name": "  Koivu "})
    assert answer.status_code == 201
    joined = answer.json()
    assert joined.keys() == {"workshop", "person", "token", "return_code"}
    assert joined["workshop"] == team.id
    person = (await team.desk())["people"][1]
    assert person | {"joined": 0} == {
        "id": joined["person"],
        "name": "Koivu",
        "role": "participant",
        "color": 1,
        "joined": 0,
        "hand": None,
        "ready": None,
    }


async def test_twelve_people_have_twelve_colours(app: App) -> None:
    team = await app.team(11)
    assert sorted(p["color"] for p in (await team.desk())["people"]) == list(range(12))


async def test_two_hundred_people_join_from_one_address_at_once(app: App) -> None:
    team = await app.team()
    http = app.client()
    wrong = asyncio.create_task(
        http.post("/api/join", json={"code": "AAAA-AAAA", "name": "Arvaaja"})
    )
    answers = await asyncio.gather(
        *(
            http.post("/api/join", json={"code": team.made["join_code"], "name": f"Puu {number}"})
            for number in range(200)
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    assert (await wrong).status_code == 404
    desk = await team.desk()
    assert len(desk["people"]) == 201
    assert len({answer.json()["token"] for answer in answers}) == 200


LINK = "https://hahmo.example/j/"
PASTED = ("{}.", "({})", "”{}”", "\u200b{}\u00ad", LINK + "{}.", "Koodi on {}. Tervetuloa!")


@pytest.mark.parametrize("pasted", PASTED)
async def test_a_code_leads_in_however_it_was_pasted_and_counts_as_no_guess(
    app: App, pasted: str
) -> None:
    team = await app.team()
    code = pasted.format(team.made["join_code"].replace("-", "\u2212"))
    joined = await app.http.post("/api/join", json={"code": code, "name": "Koivu"})
    assert joined.status_code == 201
    back = pasted.format(joined.json()["return_code"].lower())
    back = back.removeprefix(LINK)  # no link leads back
    again = await app.http.post("/api/return", json={"code": back})
    assert again.json()["person"] == joined.json()["person"]
    assert again.json()["return_code"] == joined.json()["return_code"]
    page = await app.http.get(
        "/j/" + quote(pasted.format(team.made["join_code"]).removeprefix(LINK))
    )
    assert page.status_code == 200
    assert app.service.guesses.failures == 0


async def test_people_of_one_name_are_told_apart_wherever_they_are_named(app: App) -> None:
    team = await app.team()
    code = team.made["join_code"]
    for name in ("Anna", " anna", "An\u00adna"):
        await app.http.post("/api/join", json={"code": code, "name": name})
    told = [each["name"] for each in (await team.desk())["people"]]
    assert told[1:] == ["Anna", "anna (2)", "Anna (3)"]
    last = await app.http.post("/api/join", json={"code": code, "name": "ANNA"})
    mine = await app.http.post("/api/session", json={"token": last.json()["token"]})
    assert mine.json()["name"] == "ANNA (4)"


async def test_a_full_workshop_says_so(tmp_path: Path) -> None:
    async with running_app(tmp_path, people=3) as app:
        team = await app.team(2)
        body = {"code": team.made["join_code"], "name": "Neljäs"}
        answer = await app.http.post("/api/join", json=body)
        assert (answer.status_code, answer.json()["code"]) == (429, "workshop-full")
        assert len((await team.desk())["people"]) == 3


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"code": "AAAA-AAAA", "name": "Koivu"}, 404, "code-unknown"),
        ({"code": "0", "name": "Koivu"}, 404, "code-unknown"),
        ({"code": "", "name": "Koivu"}, 404, "code-unknown"),
        ({"code": 5, "name": "Koivu"}, 400, "field-invalid"),
        ({"name": "Koivu"}, 400, "field-invalid"),
        ({"code": "AAAA-AAAA"}, 400, "name-missing"),
        ({"code": "AAAA-AAAA", "name": " "}, 400, "name-missing"),
        ({"code": "AAAA-AAAA", "name": "K" * 61}, 400, "name-too-long"),
        ({"code": "AAAA-AAAA", "name": "\u3164"}, 400, "name-missing"),
        ({"code": "AAAA-AAAA", "name": ["Koivu"]}, 400, "field-invalid"),
        ({"code": "AAAA-AAAA", "name": "Koivu", "role": "facilitator"}, 400, "field-invalid"),
        ({"code": "AAAA-AAAA", "name": "Koivu", "admin": True}, 400, "field-invalid"),
    ],
)
async def test_a_join_that_cannot_be_has_its_own_code(
    app: App, body: Json, status: int, code: str
) -> None:
    answer = await app.http.post("/api/join", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "set-cookie" not in answer.headers


async def test_a_person_comes_back_as_themselves(app: App) -> None:
    team = await app.team()
    body = {"code": team.made["join_code"], "name": "Koivu"}
    joined = (await app.http.post("/api/join", json=body)).json()
    answer = await app.client().post("/api/return", json={"code": joined["return_code"].lower()})
    assert answer.status_code == 201
    back = answer.json()
    assert (back["workshop"], back["person"]) == (team.id, joined["person"])
    assert back["token"] != joined["token"]
    for token in (joined["token"], back["token"]):
        session = (await app.http.post("/api/session", json={"token": token})).json()
        assert session == {
            "workshop": team.id,
            "person": joined["person"],
            "role": "participant",
            "name": "Koivu",
        }
    assert len((await team.desk())["people"]) == 2


async def test_codes_of_one_kind_do_not_open_the_other(app: App) -> None:
    team = await app.team()
    answer = await app.http.post("/api/return", json={"code": team.made["join_code"]})
    assert answer.json()["code"] == "code-unknown"
    body = {"code": team.made["return_code"], "name": "Koivu"}
    assert (await app.http.post("/api/join", json=body)).json()["code"] == "code-unknown"


async def test_a_title_that_is_too_long_is_told_by_how_much(app: App) -> None:
    answer = await app.http.post("/api/workshops", json={"title": "K" * 121})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "text-too-long")
    assert (problem["field"], problem["most"], problem["got"]) == ("title", 120, 121)


async def test_an_unknown_token_is_no_session(app: App) -> None:
    answer = await app.http.post("/api/session", json={"token": "x" * 32})
    assert (answer.status_code, answer.json()["code"]) == (401, "token-unknown")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_desk_changes_as_a_whole_or_not_at_all(app: App) -> None:
    team = await app.team()
    address = f"/api/workshops/{team.id}"
    http = team.facilitator.http
    body = {"title": "Uusi", "stage": "assess", "locks": {team.board(): True}}
    desk = (await http.patch(address, json=body)).json()
    assert (desk["title"], desk["stage"]) == ("Uusi", "assess")
    assert desk["locks"] == {team.board(): True}
    answer = await http.patch(address, json={"title": "Uudempi", "stage": "lounas"})
    assert answer.status_code == 400
    problem = answer.json()
    assert (problem["code"], problem["field"], problem["got"]) == (
        "field-invalid",
        "stage",
        "'lounas'",
    )
    assert await team.desk() == desk


async def test_a_changed_desk_is_there_after_a_restart(tmp_path: Path) -> None:
    async with running_app(tmp_path) as app:
        team = await app.team(2, title="Pysyvä")
        await team.facilitator.http.patch(f"/api/workshops/{team.id}", json={"stage": "assess"})
        await app.write(team.board(), "pysyvä lappu")
        before = await team.desk()
    async with running_app(tmp_path) as app:
        http = app.by(team.facilitator.token)
        assert (await http.get(f"/api/workshops/{team.id}")).json() == before
        notes = (await http.get(f"/api/boards/{team.board()}")).json()["notes"]
        assert [note["text"] for note in notes] == ["pysyvä lappu"]
        body = {"code": team.made["join_code"], "name": "Koivu"}
        assert (await app.http.post("/api/join", json=body)).status_code == 201


def bytes_of(folder: Path) -> list[bytes]:
    """Every file of a data folder."""
    return [path.read_bytes() for path in folder.iterdir() if path.is_file()]


async def test_no_secret_is_in_the_store(tmp_path: Path) -> None:
    async with running_app(tmp_path) as app:
        team = await app.team(title="Kanarialintu")
        body = {"code": team.made["join_code"], "name": "Koivu"}
        joined = (await app.http.post("/api/join", json=body)).json()
    secrets = [team.made["token"], joined["token"], joined["return_code"]]
    secrets += [joined["return_code"].replace("-", "")]
    stored = b"".join(bytes_of(tmp_path))
    assert b"Kanarialintu" in stored  # what is looked for would be found
    assert [secret for secret in secrets if secret.encode() in stored] == []


async def test_an_unknown_workshop_is_gone(app: App) -> None:
    team = await app.team()
    for address in ("/api/workshops/unknown", f"/api/workshops/{team.board()}"):
        answer = await team.facilitator.http.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "workshop-gone")
    with pytest.raises(WorkshopGone):
        await app.service.doors.join("unknown", "Koivu", "participant")


async def test_the_qr_code_is_a_picture_without_scripts(app: App) -> None:
    team = await app.team()
    answer = await team.facilitator.http.get(f"/api/workshops/{team.id}/qr.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<?xml")
    assert "<script" not in answer.text
    assert "style=" not in answer.text


async def test_the_public_address_is_what_people_are_told(tmp_path: Path) -> None:
    async with running_app(tmp_path, public_url="https://hahmo.example") as app:
        team = await app.team()
        assert team.made["join_url"].startswith("https://hahmo.example/j/")
        assert team.made["facilitator_url"].startswith("https://hahmo.example/w/")


async def test_only_holders_of_the_key_open_workshops(tmp_path: Path) -> None:
    key = "kukka-kaali-keitto"
    async with running_app(tmp_path, create_key=key) as app:
        for http in (app.http, app.by("x" * 20), app.by(key[:-1])):
            answer = await http.post("/api/workshops", json={})
            assert (answer.status_code, answer.json()["code"]) == (401, "create-key")
        made = (await app.by(key).post("/api/workshops", json={})).json()
        body = {"code": made["join_code"], "name": "Koivu"}
        assert (await app.http.post("/api/join", json=body)).status_code == 201


async def test_workshops_per_hour_are_bounded_per_address(tmp_path: Path) -> None:
    async with running_app(tmp_path, workshops_per_hour=2) as app:
        for status in (201, 201, 429):
            answer = await app.http.post("/api/workshops", json={})
            assert answer.status_code == status
        assert answer.json()["code"] == "too-many-tries"
        assert int(answer.headers["retry-after"]) == answer.json()["seconds"] == 1800
        other = app.client(host="198.51.100.7")
        assert (await other.post("/api/workshops", json={})).status_code == 201


async def test_a_store_that_cannot_write_loses_nothing(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full for a while: commands say so, and neither desk nor records change."""
    team = await app.team()
    before = await team.desk()

    async def full(commits: object) -> None:
        raise StoreUnavailable("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(app.service.store, "commit_all", full)
        body = {"code": team.made["join_code"], "name": "Koivu"}
        for answer in (
            await app.http.post("/api/join", json=body),
            await app.http.post("/api/workshops", json={}),
            await team.facilitator.http.patch(f"/api/workshops/{team.id}", json={"title": "x"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (503, "store-unavailable")
        assert (await app.http.get("/readyz")).status_code == 503
    assert await team.desk() == before
    await team.join("Koivu")
    assert len((await team.desk())["people"]) == 2
    assert (await app.http.get("/readyz")).status_code == 200


async def test_who_leaves_a_device_is_signed_out_there_and_only_there(app: App) -> None:
    team = await app.team()
    joined = await app.client().post(
        "/api/join", json={"code": team.made["join_code"], "name": "Koivu"}
    )
    here, there = app.client(), app.client()
    back = {"code": joined.json()["return_code"]}
    for browser in (here, there):
        await browser.post("/api/return", json=back)
    left = await here.post(
        f"/api/workshops/{team.id}/leave", json={}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert left.status_code == 204
    assert "Max-Age=0" in left.headers["set-cookie"]
    workshop = f"/api/workshops/{team.id}"
    assert (await here.get(workshop)).status_code == 401
    assert (await there.get(workshop)).status_code == 200
    assert (await app.client().post("/api/return", json=back)).status_code == 201
    again = await here.post(f"{workshop}/leave")  # nobody is here any more: so be it
    assert again.status_code == 204


async def test_a_facilitators_link_outlives_the_device_that_was_left(app: App) -> None:
    team = await app.team()
    token = team.facilitator.token
    left = await app.by(token).post(f"/api/workshops/{team.id}/leave", json={})
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert (await app.http.post("/api/session", json={"token": token})).status_code == 200


async def test_a_token_that_left_opens_nothing_any_more(app: App) -> None:
    team = await app.team(1)
    token = team.people[0].token
    by = app.by(token)
    assert (await by.post(f"/api/workshops/{team.id}/leave", json={})).status_code == 204
    assert (await by.get(f"/api/workshops/{team.id}")).status_code == 401
