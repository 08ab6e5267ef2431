"""The first line of a connection that one process passes on to another: for whom it speaks.

`hahmo <client> <port> <server> <port> <scheme> <from session> <proof>`. The proof is made with the
shared key and names the session that it is meant for, so it opens no other process and no later
one; no clock is asked. Behind the line stands what the client said, as if it had said it there.
"""

import hashlib
import hmac
from typing import NamedTuple

__all__ = [
    "Address",
    "LEAVING",
    "MOST_BYTES",
    "Vouched",
    "WORK",
    "passing_key",
    "read_preamble",
    "write_preamble",
]

MOST_BYTES = 400
LEAVING = (
    "leaving"  # in the place of a scheme: who passes on ends, and whom it passed on is to be told
)
WORK = "work"  # there: a process asks for itself, for work of the kind of `work.py`
SCHEMES = {"http", "https", LEAVING, WORK}
NOBODY = "-"  # where the client's address is not known


Address = tuple[str, int | None] | None


class Vouched(NamedTuple):
    """Who speaks behind a preamble, and to which address of ours they did.

    `session`: of the process that passes it on.
    """

    client: Address
    server: Address
    scheme: str
    session: str


def passing_key(key: bytes) -> bytes:
    """What proofs are made with. `key`: the server's."""
    return hmac.new(key, b"hahmo passing on", hashlib.sha256).digest()


def write_preamble(key: bytes, vouched: Vouched, to: str) -> bytes:
    """`to`: the session of the process that it is meant for."""
    said = words(vouched)
    return f"{said} {proof(key, said, to)}\n".encode()


def read_preamble(key: bytes, line: bytes, to: str) -> Vouched | None:
    """None for what is none, or is not meant for the session `to`."""
    said, _, proven = line.decode("latin-1").rstrip("\n").rpartition(" ")
    if not to or not hmac.compare_digest(proven.encode("latin-1"), proof(key, said, to).encode()):
        return None
    _, *addresses, scheme, session = said.split(" ")
    return Vouched(address(*addresses[:2]), address(*addresses[2:]), scheme, session)


def words(vouched: Vouched) -> str:
    scheme = vouched.scheme if vouched.scheme in SCHEMES else "http"
    places = f"{word(vouched.client)} {word(vouched.server)}"
    return f"hahmo {places} {scheme} {vouched.session or NOBODY}"


def word(place: Address) -> str:
    host, port = place or (NOBODY, 0)
    plain = "".join(letter for letter in host if letter.isascii() and letter.isprintable())
    return f"{plain.replace(' ', '') or NOBODY} {port or 0}"


def address(host: str, port: str) -> tuple[str, int] | None:
    return None if host == NOBODY else (host, int(port))


def proof(key: bytes, said: str, to: str) -> str:
    return hmac.new(key, f"{said} {to}".encode("latin-1"), hashlib.sha256).hexdigest()
