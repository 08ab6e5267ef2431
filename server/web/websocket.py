"""The WebSocket door: accept, find out who it is, and hand over to the engine."""

import logging
from collections.abc import Callable

from starlette.websockets import WebSocket

from server.errors import ForeignOrigin, Malformed, NotSignedIn, ServiceError
from server.exports.turns import asker
from server.service import Service
from server.sync.access import Access
from server.sync.transport.endpoint import close_quietly, serve_connection
from server.web.requests import address, foreign_origin, is_own_origin, session_token

__all__ = ["sync"]

log = logging.getLogger(__name__)

MAX_TOKEN = 200  # characters


async def sync(websocket: WebSocket) -> None:
    """`/sync/{board}?token=&ack=1&lineage=`: one board, live, or the desk by the workshop's id.

    Accepted first and closed with a code then: a browser cannot read a refused upgrade.
    """
    service: Service = websocket.app.state.service
    await websocket.accept()
    asks = asker.set(address(websocket))
    try:
        access, token = await authorise(websocket, service)
    except ServiceError as error:
        service.metrics.refused(error.slug)
        if isinstance(error, ForeignOrigin):
            log.warning("refused a connection: %s", error)
        await close_quietly(websocket, error)
        return
    except Exception:
        log.exception("unnamed error while a connection was authorised")
        await close_quietly(websocket, ServiceError())
        return
    finally:
        asker.reset(asks)
    query = websocket.query_params
    await serve_connection(
        websocket,
        access,
        service.rooms,
        ack=query.get("ack") == "1",
        lineage=query.get("lineage") or None,
        renew=renewal(service, token),
    )


def renewal(service: Service, token: str | None) -> Callable[[Access], Access]:
    """What holds once the board is there: the token may have ended meanwhile, or rights changed."""

    def renew(access: Access) -> Access:
        service.doors.ended.check(token)
        return service.workshops.renewed(access)

    return renew


async def authorise(websocket: WebSocket, service: Service) -> tuple[Access, str | None]:
    """What they may do, and by which token: programs bring it, our own pages have a cookie."""
    websocket.app.state.site.hosts.check(websocket)
    token = websocket.query_params.get("token")
    if token is not None:
        if len(token) > MAX_TOKEN:
            raise Malformed("token too long")
        found = await service.workshops.access(websocket.path_params["board"], lambda _: token)
        return found, token
    if not websocket.cookies:
        raise NotSignedIn("neither token nor cookie")
    if not is_own_origin(websocket, service.config.public_url):
        raise foreign_origin(websocket.headers, service.config.public_url)
    found = await service.workshops.access(
        websocket.path_params["board"], lambda id: session_token(websocket, service.config, id)
    )
    return found, session_token(websocket, service.config, found.workshop)
