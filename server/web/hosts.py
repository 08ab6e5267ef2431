"""Under which address we are asked: whom we serve, and which of them may stand in a link.

A Host header is written by whoever asks, so links, QR codes and redirects follow it only where it
is one of ours. Other names are served all the same, unless HAHMO_ALLOWED_HOSTS says which are ours:
a proxy that was put in front has a name that we cannot know (docs/decisions.md, Names of the
server).
"""

import functools
import io
import logging
from dataclasses import replace

import segno
from starlette.requests import HTTPConnection

from server.addresses import (
    Asked,
    Offer,
    fallback_origin,
    known_origin,
    machine_addresses,
    offer,
)
from server.config import Config
from server.errors import HostUnknown, Malformed, shorten

__all__ = ["Hosts", "asked", "qr_of"]

log = logging.getLogger(__name__)

SAID = 5  # unknown names that the log tells of, each once: anybody can make more up
UNHOSTED = ("/healthz", "/readyz", "/static/", "/public/")  # the same for everybody


class Hosts:
    """Looks at the Host of requests."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._said: set[str] = set()

    def check(self, connection: HTTPConnection) -> None:
        """Raises HostUnknown for a name that is none of ours, where we know all of them.

        Raises Malformed for two names: a proxy may go by the one, and we by the other. Source: RFC
        9112, 3.2.
        """
        if len(connection.headers.getlist("host")) > 1:
            raise Malformed("more than one Host")
        if not self._config.allowed_hosts or connection.scope["path"].startswith(UNHOSTED):
            return
        if self._known(asked(connection)) is None:
            self._say(asked(connection), "refused")
            raise HostUnknown("no name of this server")

    def origin(self, connection: HTTPConnection) -> str:
        """Where a link to us leads: the public address, else what was asked if it is ours."""
        found = self._config.public_url or self._known(asked(connection))
        if found is None:
            found = fallback_origin(self._config, asked(connection))
            self._say(asked(connection), f"links lead to {found} instead")
        return found

    def offer(self, connection: HTTPConnection) -> Offer:
        """Where others can join, as far as we know from where this one is."""
        found = offer(self._config, self.origin(connection), machine_addresses())
        known = self._config.public_url or self._known(asked(connection))
        return replace(found, known=known is not None)

    def _known(self, asked: Asked) -> str | None:
        return known_origin(self._config, asked, machine_addresses())

    def _say(self, asked: Asked, what: str) -> None:
        name = shorten(f"{asked.scheme}://{asked.host}")
        if name in self._said or len(self._said) >= SAID:
            return
        self._said.add(name)
        log.warning(
            "asked as %s, which is no address of this server that it knows: %s. "
            "If it is one, set HAHMO_PUBLIC_URL, or add it to HAHMO_ALLOWED_HOSTS.",
            name,
            what,
        )


def asked(connection: HTTPConnection) -> Asked:
    """The address that a request was sent to, by its own word."""
    scheme = "https" if connection.scope["scheme"] in ("https", "wss") else "http"
    return Asked(scheme, connection.headers.get("host", ""), connection.scope.get("server"))


@functools.lru_cache(maxsize=256)
def qr_of(url: str) -> bytes:
    """An address for a camera, as SVG; a drawn one is kept, as each takes some milliseconds."""
    picture = io.BytesIO()
    # Dark on white, also on a dark page: many cameras cannot read it the other way round.
    segno.make(url, error="m", micro=False).save(
        picture, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, svgclass=None
    )
    return picture.getvalue()
