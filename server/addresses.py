"""Addresses under which other machines reach this one, for links and the QR code."""

import contextlib
import socket
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from server.config import Config, same_origin_form

__all__ = [
    "EVERYWHERE",
    "Asked",
    "Offer",
    "fallback_origin",
    "is_loopback",
    "is_reached_directly",
    "known_origin",
    "machine_addresses",
    "offer",
    "web_origin",
]

EVERYWHERE = ("0.0.0.0", "::", "")
ELSEWHERE = ("192.0.2.1", 9), ("2001:db8::1", 9)  # RFC 5737, RFC 3849: nobody's; nothing is sent
INNER = ("docker", "br-", "veth", "virbr", "lo")  # interfaces that lead to no other machine
# Ends of names that nobody outside a local network can register; RFC 6762, RFC 8375, ICANN 2024.
LOCAL_ENDS = ("", ".local", ".home.arpa", ".internal", ".lan")
DEFAULT_PORTS = {"http": 80, "https": 443}
SIOCGIFADDR = 0x8915  # Linux: the IPv4 address of an interface; netdevice(7)


@dataclass(frozen=True, slots=True)
class Offer:
    """Where people can join: origins, the likeliest first. `only_here`: no other machine can.

    `known`: whether the address that was asked is one of ours, as far as we know.
    """

    origins: tuple[str, ...]
    only_here: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """Under which address a request came. `host` is its Host header, which anybody can write.

    `server`: address and port at which it arrived.
    """

    scheme: str  # http or https
    host: str
    server: tuple[str, int | None] | None


def offer(config: Config, own: str, machine: Sequence[str]) -> Offer:
    """Where to send people who shall join, asked for by somebody who is at `own`.

    `machine`: addresses of this machine. Whoever sits at it may be at localhost, where nobody
    else gets.
    """
    if config.public_url is not None:
        return Offer((config.public_url,))
    parts = urlsplit(own)
    if not is_loopback(parts.hostname or ""):
        return Offer((own,))
    reachable = machine if config.host in EVERYWHERE else ()
    origins = tuple(web_origin(host, parts.port or 80, parts.scheme) for host in reachable)
    return Offer(origins or (own,), only_here=not origins)


def known_origin(config: Config, asked: Asked, machine: Sequence[str]) -> str | None:
    """The origin that was asked, if it is one of ours; a link may lead there.

    Ours are the settings' names, localhost, this machine's addresses and its name in a local
    network, at the port we listen on.
    """
    try:
        origin = same_origin_form(f"{asked.scheme}://{asked.host}")
        parts = urlsplit(origin)
        host, port = parts.hostname or "", parts.port or DEFAULT_PORTS[asked.scheme]
    except ValueError:
        return None
    allowed = {same_origin_form(f"{asked.scheme}://{name}") for name in config.allowed_hosts}
    if origin == config.public_url or origin in allowed:
        return origin
    at, ours = asked.server or (config.host, None)
    names = {at, config.host, *config.allowed_hosts, *machine, *machine_names()}
    is_ours = bool(host) and (host in names or is_loopback(host))
    return origin if is_ours and port == (ours or DEFAULT_PORTS[asked.scheme]) else None


def fallback_origin(config: Config, asked: Asked) -> str:
    """Where we are for sure, when the address that was asked may be anybody's."""
    at, port = asked.server or (config.host, config.port)
    return web_origin(at, port or 80)


def is_reached_directly(asked: Asked) -> bool:
    """Whether nothing stands in front of us that could speak another scheme: our own port was
    asked for, by its number."""
    try:
        port = urlsplit(f"//{asked.host}").port
    except ValueError:
        return False
    return port is not None and asked.server is not None and port == asked.server[1]


def machine_names() -> set[str]:
    """This machine's name, and those it may have in a local network."""
    name = socket.gethostname().lower()
    first = name.partition(".")[0]
    return {name} | {first + end for end in LOCAL_ENDS} if first else set()


def web_origin(host: str, port: int, scheme: str = "http") -> str:
    """An origin such as http://192.168.1.5:8000."""
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port == 80 else f"{scheme}://{shown}:{port}"


def is_loopback(host: str) -> bool:
    """Whether this name leads each machine to itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def machine_addresses() -> list[str]:
    """This machine's addresses, the one that leads to the rest of the world first.

    IPv6 only where there is nothing shorter to type. Empty without any network.
    """
    outward = [address for place in ELSEWHERE for address in way_to(place)]
    found = [address for address in (*outward, *interfaces()) if is_useful(address)]
    short = [address for address in dict.fromkeys(found) if ":" not in address]
    return short or list(dict.fromkeys(found))


def way_to(place: tuple[str, int]) -> Iterator[str]:
    """Our address on the way there: the routing table knows, and nothing is sent."""
    family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(place)
        yield str(probe.getsockname()[0])


def interfaces() -> Iterator[str]:
    """The IPv4 address of each interface that leads outside, where the system tells."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            if name.startswith(INNER):
                continue
            asked = struct.pack("256s", name.encode()[:15])
            with contextlib.suppress(OSError):
                answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, asked)
                yield socket.inet_ntoa(answer[20:24])


def is_useful(address: str) -> bool:
    found = ip_address(address)
    return not (found.is_loopback or found.is_link_local or found.is_unspecified)
