"""What an operator asks, and the documents that leave."""

import re
from typing import Any

import pytest

from server.clock import milliseconds
from server.metrics import Metrics, Timings
from server.sync.board.live_board import TIMED_OF
from tests.support.app import App
from tests.support.imports import ROOT
from tests.support.rooms import BOARD, Client, board_rooms, settled, write

LINE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+$')


async def test_alive_and_ready(app: App) -> None:
    assert (await app.http.get("/healthz")).text == "alive\n"
    assert (await app.http.get("/readyz")).text == "ready\n"


async def test_not_ready_while_the_store_does_not_answer(app: App) -> None:
    await app.service.store.close()
    answer = await app.http.get("/readyz", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (503, "store-unavailable")
    assert (await app.http.get("/healthz")).is_success
    await app.service.store.open()  # for the end of the test's lifespan


async def test_metrics_are_prometheus_text_without_people(app: App) -> None:
    team = await app.team(1, title="Kanarialintu")
    await app.http.get("/j/AAAA-AAAA")
    answer = await app.http.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert all(LINE.match(line) for line in lines if not line.startswith("#"))
    assert 'hahmo_http_answers_total{method="POST",status="201"} 2.0' in lines
    assert 'hahmo_refusals_total{code="code-unknown"} 1.0' in lines
    assert "hahmo_failed_codes_total 1.0" in lines
    assert float(value_of(lines, "hahmo_rooms")) >= 1
    assert float(value_of(lines, "hahmo_commits_total")) >= 2
    for secret in (team.id, team.made["join_code"], "Kanarialintu"):
        assert secret not in answer.text


def value_of(lines: list[str], name: str) -> str:
    return next(line.split()[1] for line in lines if line.startswith(f"{name} "))


async def test_an_invented_method_makes_no_metric(app: App) -> None:
    await app.http.request("BREW", "/")
    text = (await app.http.get("/metrics")).text
    assert "BREW" not in text
    assert 'method="OTHER",status="405"' in text


def test_every_metric_says_what_it_is() -> None:
    metrics = Metrics()
    metrics.gauge("hahmo_things", "Things.", lambda: 3)
    metrics.counter("hahmo_done_total", "Done.", lambda: 1_234_567.0)
    text = metrics.text().decode()
    assert "# HELP hahmo_things Things.\n# TYPE hahmo_things gauge\nhahmo_things 3.0\n" in text
    assert "# TYPE hahmo_done_total counter\nhahmo_done_total 1.234567e+06\n" in text


def test_applications_of_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.answered("GET", 200)
    one.timings.commit.observe(0.003)
    assert "hahmo_http_answers_total{" not in other.text().decode()
    assert "hahmo_commit_seconds_count 0.0" in other.text().decode()


async def test_how_long_things_take_is_told(app: App) -> None:
    team = await app.team(1)
    await team.at_work()
    board = team.board()
    (await team.facilitator.http.get(f"/api/boards/{board}/export.md")).raise_for_status()
    lines = (await app.http.get("/metrics")).text.splitlines()
    for name in ("ack", "commit", "fan_out"):
        assert float(value_of(lines, f"hahmo_{name}_seconds_count")) >= 1
        assert 0 < float(value_of(lines, f"hahmo_{name}_seconds_sum")) < 60
    assert 'hahmo_export_seconds_count{format="md"} 1.0' in lines


async def test_one_inspection_of_many_is_timed() -> None:
    timings = Timings()
    async with board_rooms(timings=timings) as rooms, rooms.hold(BOARD) as room:
        writer = Client(room)
        for number in range(TIMED_OF + 1):
            writer.send_update(write(writer, f"lappu {number}"))
        await settled(rooms)
        [inspected] = timings.inspection.collect()
    counts = [each.value for each in inspected.samples if each.name.endswith("_count")]
    assert counts == [1.0]


async def test_operations_names_every_metric(app: App) -> None:
    text = (await app.http.get("/metrics")).text
    table = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    names = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    assert names == set(re.findall(r"`(hahmo_[a-z_]+)`", table))


@pytest.mark.parametrize(
    ("format", "media_type", "start"),
    [
        ("json", "application/json", b"{"),
        ("md", "text/markdown; charset=utf-8", b"#"),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            b"PK",
        ),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("pdf", "application/pdf", b"%PDF"),
        ("svg", "image/svg+xml", b"<svg"),
        ("png", "image/png", b"\x89PNG"),
    ],
)
async def test_a_board_leaves_as_a_document(
    app: App, format: str, media_type: str, start: bytes
) -> None:
    team = await app.team(2, title="Kevät: näkymä", language="sv")
    await app.write(team.board(), "työ muuttuu")
    http = team.people[0].http
    answer = await http.get(
        f"/api/boards/{team.board()}/export.{format}", headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.content.lstrip().startswith(start)
    assert answer.headers["content-language"] == "en"
    assert re.fullmatch(
        rf'attachment; filename="kevat-nakyma-[a-z0-9-]+\.{format}"; '
        rf"filename\*=UTF-8''Kev%C3%A4t%20n%C3%A4kym%C3%A4%20[\w%.-]+\.{format}",
        answer.headers["content-disposition"],
    )


async def test_a_document_speaks_the_language_that_is_asked_for(app: App) -> None:
    team = await app.team(1)
    address = f"/api/boards/{team.board()}/export.md"
    texts = {
        language: (await team.people[0].http.get(address, params={"language": language})).text
        for language in ("fi", "sv", "en")
    }
    assert len(set(texts.values())) == 3
    answer = await team.people[0].http.get(address, params={"language": "de"})
    assert (answer.status_code, answer.json()["field"]) == (400, "language")


async def test_a_groups_board_leaves_with_its_groups_name(app: App) -> None:
    team = await app.team(2)
    breakout = await team.split([{"name": "Etujoukko", "people": []}, {"people": []}])
    board = breakout["groups"][0]["board"]
    answer = await team.facilitator.http.get(f"/api/boards/{board}/export.md")
    assert "Etujoukko" in answer.text


@pytest.mark.parametrize("format", ["exe", "PDF", "p", "pdf.exe", "%00"])
async def test_an_unknown_format_is_told_so(app: App, format: str) -> None:
    team = await app.team()
    answer = await team.facilitator.http.get(f"/api/boards/{team.board()}/export.{format}")
    assert (answer.status_code, answer.json()["code"]) == (404, "format-unknown")


async def test_notes_are_told_whole(app: App) -> None:
    team = await app.team()
    note = await app.write(team.board(), "työ muuttuu", zone="inspirations")
    board: dict[str, Any] = (await team.facilitator.http.get(f"/api/boards/{team.board()}")).json()
    [found] = board["notes"]
    assert found == {
        "id": note,
        "zone": "inspirations",
        "text": "työ muuttuu",
        "color": "yellow",
        "group": None,
        "author": None,
        "theme": None,
        "at": 1,
        "position": None,
        "votes": 0,
        "carried": False,
    }


async def test_a_desk_is_no_board(app: App) -> None:
    team = await app.team()
    for part in ("", "/snapshots", "/export.md"):
        answer = await team.facilitator.http.get(f"/api/boards/{team.id}{part}")
        assert (answer.status_code, answer.json()["code"]) == (404, "board-gone")


async def test_anybody_is_told_what_time_it_is_here(app: App) -> None:
    before = milliseconds()
    answer = await app.http.get("/api/now")
    assert before <= answer.json()["now"] <= milliseconds()
    assert "no-store" in answer.headers["cache-control"]
