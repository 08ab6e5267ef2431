"""Addresses under which other machines reach this one, for links and the QR code."""

import contextlib
import socket
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from server.config import Config

__all__ = ["EVERYWHERE", "Offer", "is_loopback", "machine_addresses", "offer", "web_origin"]

EVERYWHERE = ("0.0.0.0", "::", "")
ELSEWHERE = ("192.0.2.1", 9), ("2001:db8::1", 9)  # RFC 5737, RFC 3849: nobody's; nothing is sent
INNER = ("docker", "br-", "veth", "virbr", "lo")  # interfaces that lead to no other machine
SIOCGIFADDR = 0x8915  # Linux: the IPv4 address of an interface; netdevice(7)


@dataclass(frozen=True, slots=True)
class Offer:
    """Where people can join: origins, the likeliest first. `only_here`: no other machine can."""

    origins: tuple[str, ...]
    only_here: bool = False


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
