"""To which workshop a request belongs."""

import json
from pathlib import Path

import pytest

from server.access.codes import code_id, token_id
from server.passing.where import Thing, named_by, named_in, reads_body
from server.web.routes import routes

KEY = b"k" * 32
LOCAL = {  # of no workshop, or of one that is about to be
    *("/", "/sign-in", "/sign-in/back", "/api/facilitator", "/api/facilitator/sign-out"),
    *(
        "/api/export.schema.json",
        "/api/openapi.json",
        "/api/now",
        "/healthz",
        "/readyz",
        "/metrics",
    ),
    *("/api/workshops", "/static", "/public", "/privacy", "/accessibility", "/security"),
    *(
        "/privacy/{language}",
        "/accessibility/{language}",
        "/security/{language}",
        "/.well-known/security.txt",
    ),
}


def test_every_address_names_a_workshop_or_is_of_none() -> None:
    """A new one that does neither would be answered by whoever is asked, home or not."""
    strays = set()
    for route in routes(Path("static")):
        path = getattr(route, "path", "")
        method = "POST" if "POST" in (getattr(route, "methods", None) or ()) else "GET"
        if named_by(path, KEY) is None and not reads_body(method, path) and path not in LOCAL:
            strays.add(path)
    assert strays == set()


@pytest.mark.parametrize(
    ("path", "thing"),
    [
        ("/w/abc", Thing("board", "abc")),
        ("/w/abc/", Thing("board", "abc")),
        ("/w/abc/wall", Thing("board", "abc")),
        ("/sync/abc", Thing("board", "abc")),
        ("/api/workshops/abc/people/p/data", Thing("board", "abc")),
        ("/api/facilitator/workshops/abc", Thing("board", "abc")),
        ("/api/boards/abc/export.pdf", Thing("board", "abc")),
        ("/api/breakouts/abc/merge", Thing("breakout", "abc")),
        ("/api/snapshots/abc", Thing("snapshot", "abc")),
        ("/api/exports/abc-def/file", Thing("board", "abc")),
        ("/j/abcd-efgh", Thing("code", code_id(KEY, "ABCDEFGH"))),
        ("/api/nonsense/abc", None),
        ("/w/" + "x" * 5000, None),
        ("/w/", None),
    ],
)
def test_an_address_names_what_the_index_knows(path: str, thing: Thing | None) -> None:
    assert named_by(path, KEY) == thing


def test_a_body_names_it_by_code_or_token() -> None:
    code, token = "ABCD-EFGH-JKMN", "t" * 32
    assert named_in("/api/return", said(code=code), KEY) == [
        Thing("return_code", code_id(KEY, code))
    ]
    assert named_in("/api/session", said(token=token), KEY) == [Thing("token", token_id(token))]
    assert named_in("/api/waiting", said(waiting=token), KEY) == [
        Thing("waiting", token_id(token)),
        Thing("token", token_id(token)),
    ]


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[1]", b'"x"', b"{}", b'{"token": 5}', b'{"token": null}', b"[" * 90_000]
    + [json.dumps({"token": "x" * 3000}).encode()],
)
def test_a_body_that_says_nothing_names_nothing(body: bytes) -> None:
    assert named_in("/api/session", body, KEY) == []


def test_a_lone_surrogate_is_nobodys() -> None:
    [thing] = named_in("/api/session", b'{"token": "\\ud800"}', KEY)
    assert thing.kind == "token"


def said(**fields: str) -> bytes:
    return json.dumps(fields).encode()
