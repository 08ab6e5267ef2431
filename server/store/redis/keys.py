"""Names of keys. All of a workshop have one hash tag: Redis Cluster keeps them on one shard.

The index lies outside, a key for each entry: whose a board or a record is, and which workshops
have records under a parent.
"""

from dataclasses import dataclass

from server.store import SERVER

__all__ = ["WORKSHOPS", "Keys", "board_name", "escaped", "record_name", "under_name", "unescaped"]

WORKSHOPS = "workshops"  # in the index: all that have boards
SERVER_TAG = "server"  # an empty hash tag is none; ids of workshops have 20 characters
ESCAPES = (("%", "%25"), ("\t", "%09"), ("\n", "%0A"))  # what our lists in Redis are parted by


@dataclass(frozen=True, slots=True)
class Keys:
    """`prefix`: of all of them, so that several stores can share one Redis."""

    prefix: str

    def of(self, workshop: str, what: str, board: str = "") -> str:
        """A workshop's key, or one of its boards'."""
        tag = SERVER_TAG if workshop == SERVER else workshop
        return f"{self.prefix}:{{{tag}}}:{what}:{board}" if board else self.home(workshop, what)

    def home(self, workshop: str, what: str = "home") -> str:
        tag = SERVER_TAG if workshop == SERVER else workshop
        return f"{self.prefix}:{{{tag}}}:{what}"

    def some(self, workshop: str, *what: str) -> list[str]:
        return [self.home(workshop, each) for each in what]

    def of_board(self, workshop: str, board: str, *what: str) -> list[str]:
        return [self.of(workshop, each, board) for each in what]

    def node(self, session: str) -> str:
        """Of a process that lives."""
        return f"{self.prefix}:node:{session}"

    def index(self, name: str) -> str:
        return f"{self.prefix}:index:{name}"


def board_name(board: str) -> str:
    """Of a board in the index."""
    return f"board:{board}"


def record_name(kind: str, id: str) -> str:
    """Of a record in the index."""
    return f"record:{kind}/{escaped(id)}"


def under_name(kind: str, parent: str) -> str:
    """Of who has records under a parent; where that is nobody, of this kind."""
    return f"under:{escaped(parent) if parent else '/' + kind}"


def escaped(text: str) -> str:
    for plain, escape in ESCAPES:
        text = text.replace(plain, escape)
    return text


def unescaped(text: str) -> str:
    for plain, escape in reversed(ESCAPES):
        text = text.replace(escape, plain)
    return text
