"""Which of a board's snapshots go as they age (docs/operations.md). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from server.workshops.snapshots.snapshot import BY_HAND, Snapshot

__all__ = ["too_old"]

HOUR, DAY = 3_600_000, 86_400_000  # ms
WINDOWS = ((30 * DAY, DAY), (DAY, HOUR))  # older than so much: the last of each window of so much
MOST = 200  # that the server took, of one board
MOST_BYTES = 100 << 20  # of these; the newest stays, however large it is


def too_old(snapshots: Iterable[Snapshot], now: int) -> list[str]:
    """Ids of those to forget; what somebody took by hand stays until somebody deletes it."""
    own = sorted(
        (one for one in snapshots if one.cause != BY_HAND), key=lambda one: -one.at
    )  # the newest first
    kept: set[tuple[int, int]] = set()
    gone = []
    stay = held = 0
    for one in own:
        place = window(one, now)
        if place in kept or stay == MOST or (stay and held + one.size > MOST_BYTES):
            gone.append(one.id)
        else:
            stay, held = stay + 1, held + one.size
            if place is not None:
                kept.add(place)
    return gone


def window(snapshot: Snapshot, now: int) -> tuple[int, int] | None:
    """(length, number) of the window of time in which it is one of several; None: it stands."""
    for age, length in WINDOWS:
        if now - snapshot.at > age:
            return length, snapshot.at // length
    return None
