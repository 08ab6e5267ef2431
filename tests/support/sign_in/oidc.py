"""A small OpenID Connect provider: real HTTP, real keys, one person who is always signed in."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

import httpx
import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.support.server import free_port

__all__ = ["CLIENT", "SECRET", "Provider", "new_key", "running_provider", "walk"]

CLIENT, SECRET = "hahmo", "a secret: with & signs"
REALM = "/realms/kunta"
Json = dict[str, Any]


class Provider:
    """What it does wrong is set by tests: `spoil` changes claims and header before signing, `sign`
    replaces signing, `broken` answers these paths with a status and no JSON, `odd` with bytes."""

    def __init__(self) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}{REALM}"
        self.reset()

    def reset(self) -> None:
        self.key = new_key("one")
        self.published = [self.key]
        self.claims: Json = {
            "sub": "anna",
            "name": "Anna Arvo",
            "email": "anna@kunta.example",
            "email_verified": True,
            "groups": ["vetäjät"],
        }
        self.spoil: Callable[[Json, Json], None] = lambda header, claims: None
        self.sign: Callable[[Json, Json], str] = self.signed
        self.broken: dict[str, int] = {}
        self.odd: dict[str, bytes] = {}
        self.metadata: Json = {}
        self.asked: list[str] = []
        self._codes: dict[str, Json] = {}

    @property
    def settings(self) -> Json:
        """Fields of Config."""
        return {
            "oidc_issuer": self.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
        }

    def signed(self, header: Json, claims: Json) -> str:
        return jwt.encode(header, claims, self.key)

    # -- what it answers ----------------------------------------------------------------------

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(f"{REALM}/.well-known/openid-configuration", self._answered(self._discover)),
                Route(f"{REALM}/keys", self._answered(self._keys)),
                Route(f"{REALM}/authorize", self._answered(self._authorize)),
                Route(f"{REALM}/token", self._answered(self._token), methods=["POST"]),
            ]
        )

    def _answered(self, answer: Callable[[Request, Json], Response]) -> Any:
        async def endpoint(request: Request) -> Response:
            name = request.url.path.rpartition("/")[2]
            self.asked.append(name)
            if name in self.broken:
                return Response(b"{", self.broken[name])
            if name in self.odd:
                return Response(self.odd[name])
            return answer(request, dict(parse_qsl((await request.body()).decode())))

        return endpoint

    def _discover(self, request: Request, form: Json) -> Response:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return JSONResponse(found | self.metadata)

    def _keys(self, request: Request, form: Json) -> Response:
        keys = [key.as_dict(private=False) for key in self.published]
        odd = {
            "kty": "oct",
            "k": base64.urlsafe_b64encode(b"s" * 32).decode().rstrip("="),
            "kid": "shared",
        }
        return JSONResponse({"keys": [*keys, odd, {"kty": "new", "kid": "unheard-of"}]})

    def _authorize(self, request: Request, form: Json) -> Response:
        asked = dict(request.query_params)
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 302)

    def _token(self, request: Request, form: Json) -> Response:
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None or not self._is_client(request) or not is_proof(form, asked):
            return JSONResponse({"error": "invalid_grant"}, 400)
        header = {"alg": "RS256", "kid": self.key.kid}
        now = int(time.time())
        claims = self.claims | {
            "iss": self.issuer,
            "aud": CLIENT,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
        }
        self.spoil(header, claims)
        token = self.sign(header, claims)
        return JSONResponse({"id_token": token, "access_token": "x", "token_type": "Bearer"})

    def _is_client(self, request: Request) -> bool:
        _, _, basic = request.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(basic).decode().partition(":")
        return (unquote_plus(name), unquote_plus(secret)) == (CLIENT, SECRET)


def is_proof(form: Json, asked: Json) -> bool:
    """PKCE, and the address that was asked for."""
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    expected = (asked["code_challenge"], asked["redirect_uri"])
    return (challenge, form["redirect_uri"]) == expected


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@contextlib.contextmanager
def running_provider() -> Iterator[Provider]:
    """On a port of its own, in a thread."""
    provider = Provider()
    config = uvicorn.Config(provider.app(), port=provider.port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="provider", daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        thread.join(0.01)
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(10)


def walk(way: str) -> str:
    """Where the provider sends a browser back to."""
    answer = httpx.get(way, trust_env=False)
    assert answer.status_code == 302
    return str(answer.headers["location"])
