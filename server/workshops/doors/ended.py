"""Tokens that have just ended, for connections that were on their way in with them."""

from collections import OrderedDict
from collections.abc import Iterable

from server.access.codes import token_id
from server.sync.errors import RightsChanged

__all__ = ["Ended"]

REMEMBERED = 10_000  # a connection waits for its board for seconds; the latest of hours stand here


class Ended:
    """The tokens that ended lately, for connections that were looked at before and come after.

    Between a look at a token and the moment in which its connection is there to be closed, a
    board may have to load.
    """

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()

    def add(self, ids: Iterable[str]) -> None:
        """`ids`: under which the store knew them."""
        for id in ids:
            self._ids[id] = None
        while len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)

    def check(self, token: str | None) -> None:
        """Raises RightsChanged: whoever still has a key comes back at once."""
        if token is not None and token_id(token) in self._ids:
            raise RightsChanged("signed out meanwhile")
