"""What people may read before they trust this server: privacy, accessibility, security.

The texts are in `server/i18n/notices`, one template per page and language; what the operator has
not set they say in a sentence. They need no script. Source of security.txt: RFC 9116.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.config import Config
from server.errors import Missing
from server.i18n import NAMES, t
from server.service import Service
from server.web.encoding import packed
from server.web.pages import finished, reader_language, templates
from server.web.requests import is_secure

__all__ = ["NOTICES", "SECURITY_TXT", "contact_address", "notice_routes"]

NOTICES = ("privacy", "accessibility", "security")
SECURITY_TXT = "/.well-known/security.txt"
EXPIRES_DAYS = 90  # of security.txt, from each time it is asked for; the RFC wants under a year


def notice_routes() -> list[Route]:
    """A page for each notice, and the address where researchers look."""
    pages = [Route(f"/{name}", partial(notice, name)) for name in NOTICES]
    return [*pages, Route(SECURITY_TXT, security_txt)]


async def notice(name: str, request: Request) -> Response:
    """`/privacy`, `/accessibility`, `/security`."""
    service: Service = request.app.state.service
    config, chosen = service.config, reader_language(request)
    entry = request.app.state.site.assets.entry("start", chosen)
    html = (
        templates()
        .get_template("notice.html")
        .render(
            name=name,
            text=f"{name}.{chosen}.html",
            titles={each: t(chosen, f"notice.{each}") for each in NOTICES},
            styles=entry.styles if entry else (),
            language=chosen,
            languages=NAMES,
            operator=config.operator,
            contact=contact_link(config),
            officer=config.data_officer,
            supervisor=config.supervisor,
            days=config.retention_days,
            sign_in=service.sign_in is not None,
            https=is_secure(request, config),
            t=lambda key: t(chosen, key),
        )
    )
    response = finished(html, request, service, chosen)
    packed(request, response)
    return response


async def security_txt(request: Request) -> Response:
    """Whom to tell of a weakness. Raises Missing where no contact is set that a program can use."""
    service: Service = request.app.state.service
    contact = contact_address(service.config)
    if contact is None:
        raise Missing("no contact is set that is an address")
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=EXPIRES_DAYS)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        f"Preferred-Languages: {', '.join(NAMES)}",
    ]
    origin = service.config.public_url or ""
    if origin.startswith("https:"):
        lines += [f"Canonical: {origin}{SECURITY_TXT}", f"Policy: {origin}/security"]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "no-store"})


def contact_address(config: Config) -> str | None:
    """HAHMO_OPERATOR_CONTACT as an address that opens: mailto: or https:, else None."""
    contact = config.operator_contact or ""
    if contact.startswith("https://") and " " not in contact:
        return contact
    name, at, host = contact.partition("@")
    is_mail = name and at and "." in host and not any(sign in contact for sign in ' /<>,"')
    return f"mailto:{quote(contact, safe='@.+-_')}" if is_mail else None


def contact_link(config: Config) -> str | None:
    """The same as a link to show; a postal address or a number is shown as it is."""
    address = contact_address(config)
    if address is None:
        return config.operator_contact
    return Markup('<a href="{}">{}</a>').format(address, config.operator_contact)
