"""Running the application under uvicorn: one process, one event loop, one clean end."""

import asyncio
import contextlib
import gc
import resource
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Network, ip_network
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import uvicorn
import uvloop
from uvicorn.middleware.proxy_headers import _TrustedHosts

from server.addresses import EVERYWHERE
from server.app import create_app
from server.config import Config
from server.doorway import DoorProtocol
from server.logs import unheard
from server.service import Service
from server.sync.transport.lobby import Lobby
from server.sync.transport.takeover import HandoffProtocol

__all__ = ["calm_collector", "listen", "serve", "work"]

LARGEST_FRAME = 8 << 20  # bytes of one WebSocket message; the engine has stricter limits of its own
DRAIN_SECONDS = 8  # how long open requests may take once the end has been asked for
KEPT_FILES = 64  # that the store, child processes and new connections need besides
MOST_FILES = 100_000
BACKLOG = 2048  # connections that wait to be accepted


def listen(config: Config) -> socket.socket:
    """The socket to serve on. Raises OSError when the address is taken or not ours."""
    return bound(config.host, config.port)


def bound(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def listen_inside(config: Config, after: int = 0) -> socket.socket:
    """The socket for the other processes: at HAHMO_NODE_ADDRESS, or at any free port of the address
    by which we reach Redis, if we listen everywhere.

    `after`: so many ports later, where that is set. Raises OSError.
    """
    host, _, port = (config.node_address or "").rpartition(":")
    host = host.strip("[]") or (own_address(config) if config.host in EVERYWHERE else config.host)
    return bound(host, int(port) + after if port else 0)


def own_address(config: Config) -> str:
    """Of this machine, on the way to Redis; nothing is sent."""
    parts = urlsplit(config.redis_url or "")
    if parts.hostname is None:
        return "127.0.0.1"
    family, _, _, _, address = socket.getaddrinfo(
        parts.hostname, parts.port or 6379, type=socket.SOCK_DGRAM
    )[0]
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(address)
        return str(probe.getsockname()[0])


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def serve(config: Config, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; then let go of people, and commit what is pending.

    `on_ready` is called once, when the first request would be answered. Raises what `opened` does.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(served(config, listener, on_ready))


def work(config: Config, on_ready: Callable[[], None]) -> None:
    """Look after a shared store until SIGTERM or Ctrl-C; only other processes reach this one."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(served(config, None, on_ready))


async def served(
    config: Config, listener: socket.socket | None, on_ready: Callable[[], None]
) -> None:
    """`listener`: where people come in; None: nowhere, this is a worker."""
    asyncio.get_running_loop().set_exception_handler(unheard)
    app = create_app(config, works=listener is None)
    proxies = in_both_forms(config.trusted_proxies)
    lobby = Lobby(
        most=raise_open_files() - KEPT_FILES, is_proxy=_TrustedHosts(proxies).__contains__
    )
    # The lifespan frames uvicorn, and not the other way round: a start that fails is an exception
    # here and no traceback in a log, and the last commit comes after the last connection.
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        service: Service = app.state.service
        inner = []
        if service.passer is not None:
            inner.append(stack.enter_context(listen_inside(config, after=listener is None)))
        settings = uvicorn.Config(
            app,
            http=type("Http", (DoorProtocol,), {"lobby": lobby, **passing(service, inner)}),
            ws=type("WebSocket", (HandoffProtocol,), {"lobby": lobby}),
            ws_max_size=LARGEST_FRAME,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=proxies,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            backlog=BACKLOG,
        )
        if service.passer is not None:
            await service.passer.homes.tell(address_of(inner[0]))
        outer = [] if listener is None else [listener]
        await Server(settings, on_ready, service.hand_over).serve(sockets=[*outer, *inner])


def passing(service: Service, inner: Sequence[socket.socket]) -> dict[str, Any]:
    """What the protocol knows of other processes, if there may be any."""
    return {"passer": service.passer, "inner": inner[0].getsockname()[1]} if inner else {}


def in_both_forms(proxies: str) -> list[str] | str:
    """Addresses and networks, comma-separated; IPv4 ones also as a socket for both shows them."""
    if proxies.strip() == "*":
        return "*"
    return [form for text in proxies.split(",") for form in forms(text.strip())]


def forms(text: str) -> tuple[str, ...]:
    """`10.0.0.0/8` and `::ffff:a00:0/104`; what is no network stands as it is."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return (text,)
    if isinstance(network, IPv4Network):
        mapped = f"::ffff:{network.network_address}/{96 + network.prefixlen}"
        return (str(network), mapped)
    plain = network.network_address.ipv4_mapped
    if plain is None or network.prefixlen < 96:
        return (str(network),)
    return (str(network), f"{plain}/{network.prefixlen - 96}")


def raise_open_files() -> int:
    """Let this process open as many files as it may, each connection being one; how many."""
    most, highest = resource.getrlimit(resource.RLIMIT_NOFILE)
    if highest == resource.RLIM_INFINITY or highest > MOST_FILES:
        highest = max(most, MOST_FILES)
    with contextlib.suppress(OSError, ValueError):  # then it stays as it was
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (highest, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        )
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def calm_collector() -> None:
    """Look for cyclic garbage seldom, and never among what the start has made.

    Boards are many small objects that live long and have no cycles; walking them for nothing
    would stop the loop every few seconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class Server(uvicorn.Server):
    """uvicorn that says when it is ready, and ends by returning instead of by its signal."""

    def __init__(
        self,
        settings: uvicorn.Config,
        on_ready: Callable[[], None],
        on_end: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(settings)
        self._on_ready = on_ready
        self._on_end = on_end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Nobody who is told to come back elsewhere finds that we serve them still."""
        await self._on_end()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        calm_collector()
        if self.started:
            self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal ends it in order, a second Ctrl-C at once."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True
