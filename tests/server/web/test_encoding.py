"""What leaves packed, and what never does."""

import gzip

import pytest

from server.web.encoding import best_encoding
from tests.support.app import App

PACKED = {"Accept-Encoding": "br, gzip"}


@pytest.mark.parametrize(
    ("header", "best"),
    [
        ("", None),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0.8 , gzip; q=0.8", "br"),
        ("br;q=0, gzip;q=0.000", None),
        ("br;q=0.0, gzip", "gzip"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", None),
        ("identity, *;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("gzip;q=oops", None),
        ("gzip;q=7", None),
        (",,gzip,", "gzip"),
        ("deflate", None),
    ],
)
def test_the_reader_chooses(header: str, best: str | None) -> None:
    assert best_encoding(header, ("br", "gzip")) == best


def test_what_is_not_offered_is_not_chosen() -> None:
    assert best_encoding("br", ("gzip",)) is None
    assert best_encoding("br", ()) is None


async def test_pages_and_what_stands_on_boards_leave_packed(app: App) -> None:
    team = await app.team(people=1)
    for number in range(40):
        await app.write(team.board(), f"Havainto {number}")
    board = f"/api/boards/{team.board()}"
    page = f"/w/{team.id}"
    for path in (page, f"/api/workshops/{team.id}/workbook", board, f"{board}/export.md"):
        async with team.people[0].http.stream("GET", path, headers=PACKED) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == "gzip", path
        assert "Accept-Encoding" in answer.headers["vary"]
        assert len(raw) == int(answer.headers["content-length"])
        plain = await team.people[0].http.get(path, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert "Accept-Encoding" in plain.headers["vary"]
        if path != page:  # of which each answer has a nonce of its own
            assert gzip.decompress(raw) == plain.content


async def test_no_answer_with_a_secret_is_packed(app: App) -> None:
    """Names that anybody chose stand beside the join code, and tokens in answers (BREACH)."""
    team = await app.team()
    for number in range(30):
        await team.join(f"Osallistuja {number}")
    body = {"code": team.made["join_code"], "name": "Koivu"}
    answers = [
        await app.client(headers=PACKED).post("/api/join", json=body),
        await app.client(headers=PACKED).post("/api/workshops", json={}),
        await team.facilitator.http.get(f"/api/workshops/{team.id}", headers=PACKED),
    ]
    assert len(answers[-1].content) > 1024
    assert all("content-encoding" not in answer.headers for answer in answers)
