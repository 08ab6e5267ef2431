"""The OpenID Connect provider: where it is, its keys, and what its ID tokens prove.

Authorization code flow with PKCE (S256), state and nonce. Sources: OpenID Connect Core 1.0, 3.1;
Discovery 1.0; RFC 7636; RFC 9700; RFC 9207.
"""

import asyncio
import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from server.access.errors import SignInDown, SignInFailed, SignInNotAllowed
from server.access.oidc.fetching import fetch, is_safe
from server.config import Config

__all__ = ["BACK", "Identity", "Provider"]

BACK = "/sign-in/back"  # where the provider sends people back to
SCOPE = "openid profile email"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
KEPT_SECONDS = 3600.0  # what discovery said, and the keys
AGAIN_SECONDS = 30.0  # the least distance of two looks for new keys
LEEWAY_SECONDS = 60  # between two clocks
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as the provider says it.

    `subject`: a hash of who it is there; `name` is for people, and may be empty.
    """

    subject: str
    name: str


class Provider:
    """A sign-in provider of OpenID Connect, as the settings name it."""

    def __init__(self, config: Config, clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._clock = clock
        self._found: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._asking = asyncio.Lock()

    @property
    def issuer(self) -> str:
        return self._config.oidc_issuer or ""

    async def way(self, state: str, nonce: str, verifier: str) -> str:
        """Where to send somebody who wants to sign in. Raises SignInDown."""
        metadata = await self._metadata()
        return str(
            prepare_grant_uri(
                metadata["authorization_endpoint"],
                client_id=self._config.oidc_client_id,
                response_type="code",
                redirect_uri=self._redirect_uri,
                scope=SCOPE,
                state=state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
            )
        )

    async def identify(self, code: str, nonce: str, verifier: str) -> Identity:
        """Who came back with this code. Raises SignInDown, SignInFailed, SignInNotAllowed."""
        tokens = await self._redeem(code, verifier)
        claims = await self._verified(tokens, nonce)
        self._check_allowed(claims)
        return Identity(subject_of(self.issuer, claims["sub"]), name_of(claims))

    @property
    def _redirect_uri(self) -> str:
        return f"{self._config.public_url}{BACK}"

    async def _metadata(self) -> dict[str, Any]:
        async with self._asking:
            if self._found is None or self._clock() > self._found[0] + KEPT_SECONDS:
                found = await fetch(get_well_known_url(self.issuer, external=True))
                check_metadata(found, self.issuer)
                self._found = self._clock(), found
            return self._found[1]

    async def _key_set(self, *, newer: bool = False) -> KeySet:
        """`newer`: look again, but for just now, as a key was asked for that is not among them."""
        metadata = await self._metadata()
        async with self._asking:
            age = None if self._keys is None else self._clock() - self._keys[0]
            if (
                self._keys is None
                or age is None
                or age > (AGAIN_SECONDS if newer else KEPT_SECONDS)
            ):
                self._keys = self._clock(), key_set(await fetch(metadata["jwks_uri"]))
            return self._keys[1]

    async def _redeem(self, code: str, verifier: str) -> dict[str, Any]:
        """The tokens for a code, which is good once and for who knows the verifier."""
        metadata = await self._metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        client, secret = self._config.oidc_client_id or "", self._config.oidc_client_secret or ""
        ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" in ways:
            return await fetch(metadata["token_endpoint"], form, basic(client, secret))
        form |= {"client_id": client, "client_secret": secret}
        return await fetch(metadata["token_endpoint"], form)

    async def _verified(self, tokens: dict[str, Any], nonce: str) -> dict[str, Any]:
        """The claims of an ID token that the provider signed, for us, now, and for this try."""
        try:
            token = await self._decoded(str(tokens.get("id_token", "")))
            access = tokens.get("access_token")
            params = {"nonce": nonce, "client_id": self._config.oidc_client_id}
            options = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._config.oidc_client_id},
                "nonce": {"essential": True, "value": nonce},
                "sub": {"essential": True},
            }
            claims = CodeIDToken(
                token.claims, token.header, options, {**params, "access_token": access}
            )
            claims.validate(leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInFailed(f"ID token: {type(error).__name__}") from error
        return dict(claims)

    async def _decoded(self, text: str) -> jwt.Token:
        try:
            return jwt.decode(text, await self._key_set(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:  # the provider may have a new key
            return jwt.decode(text, await self._key_set(newer=True), algorithms=ALGORITHMS)

    def _check_allowed(self, claims: dict[str, Any]) -> None:
        """Raises SignInNotAllowed for who is known there, and none of those who may."""
        domains, groups = self._config.oidc_domains, self._config.oidc_groups
        if domains and domain_of(claims) not in domains:
            raise SignInNotAllowed("not of an allowed domain")
        if groups and not {*groups} & groups_of(claims):
            raise SignInNotAllowed("in none of the allowed groups")


def check_metadata(found: dict[str, Any], issuer: str) -> None:
    """Raises SignInDown when discovery speaks of another issuer, or of places without https."""
    if found.get("issuer") != issuer:
        raise SignInDown("discovery names another issuer")
    if not all(isinstance(found.get(name), str) and is_safe(found[name]) for name in ENDPOINTS):
        raise SignInDown("discovery lacks an address, or it has no https")


def key_set(found: dict[str, Any]) -> KeySet:
    """Only keys for signatures of which we could never know the secret. Raises SignInDown."""
    try:
        keys = [
            key
            for key in found["keys"]
            if key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"
        ]
        return KeySet.import_key_set({"keys": keys})
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SignInDown("keys that cannot be read") from error


def basic(client: str, secret: str) -> dict[str, str]:
    """Source: RFC 6749, 2.3.1."""
    both = f"{quote_plus(client)}:{quote_plus(secret)}"
    return {"Authorization": f"Basic {base64.b64encode(both.encode()).decode()}"}


def subject_of(issuer: str, sub: str) -> str:
    """Under which we know somebody; the store need not know more."""
    return hashlib.sha256(f"{issuer}\n{sub}".encode()).hexdigest()


def name_of(claims: dict[str, Any]) -> str:
    """What people call them, as far as it is told."""
    found = (claims.get(key) for key in ("name", "preferred_username", "email"))
    return next((text.strip() for text in found if isinstance(text, str) and text.strip()), "")


def domain_of(claims: dict[str, Any]) -> str | None:
    """The domain of an e-mail address that the provider has verified; people can write others."""
    mail = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(mail, str):
        return None
    return mail.rpartition("@")[2].lower()


def groups_of(claims: dict[str, Any]) -> set[str]:
    """What stands in `groups` and `roles`: Keycloak and Entra ID name them so."""
    found = [claims.get("groups"), claims.get("roles")]
    return {str(each) for value in found if isinstance(value, list) for each in value}
