"""Bounds of the engine: every queue has one, every wait a deadline (docs/operations.md)."""

from dataclasses import dataclass

__all__ = ["SyncLimits"]


@dataclass(frozen=True, kw_only=True)
class SyncLimits:
    """Bytes, seconds and counts; a client that passes one is closed, alone."""

    frame_bytes: int = 256 << 10  # one live message
    first_frame_bytes: int = 512 << 10  # one message while a client brings its offline work
    delivery_seconds: float = 20.0  # for an edit that is brought by a call
    messages_per_second: int = 100  # sustained, per connection; 0 = no limit
    messages_burst: int = 400
    person_bytes: int = 1 << 20  # a second, that one person sends on all connections and by calls
    person_bytes_burst: int = 8 << 20  # at once; who sends more is heard later
    workshop_bytes: int = 16 << 20  # the same of all people of a workshop
    workshop_bytes_burst: int = 64 << 20
    connections_per_board: int = 1000
    connections_per_workshop: int = 3000
    connections_per_person: int = 500  # on all boards; a page opens two or three
    connections_per_person_and_board: int = 100  # a program that writes for many has one token
    client_ids: int = 3000  # of one person on one board; a reload that writes makes one
    client_ids_burst: int = 300  # of them at once
    client_ids_per_minute: int = 30  # beyond that
    unknown_clients: int = 5_000  # in a state vector, beside those that the board has
    outbox_bytes: int = 4 << 20  # waiting for one reader; beyond it, close 1013
    own_step2_bytes: int = 1 << 20  # to one reader; who lacks more gets the bytes that all get
    blocked_seconds: float = 10.0  # a reader that takes nothing for so long is closed
    parked_bytes: int = 256 << 10  # updates of one client that wait for a gap to close
    parked_seconds: float = 5.0
    backlog_bytes: int = 16 << 20  # frames that wait while a board loads
    state_bytes: int = 4096  # one person's presence, as JSON
    note_characters: int = 4000  # the client stops at 2000; two writers may pass that together
    name_characters: int = 200  # themes and other one-line texts
    answer_characters: int = 20_000
    notes: int = 20_000
    board_bytes: int = 20 << 20  # of the whole board as one update
    full_seconds: float = 5.0  # how often it is looked whether a full board has room again
    keepalive_seconds: float = 12.0  # y-websocket hangs up after 30 s of silence
    presence_seconds: float = 0.006  # presence waits so long for an edit to ride along with
    commit_seconds: float = 0.006  # a tick: least distance of two commits while edits keep coming
    log_updates: int = 500  # so many updates behind a quiet board's checkpoint call for a new one
    busy_log_updates: int = 10_000  # and so many while people write
    log_bytes: int = 1 << 20
    checkpoint_seconds: float = (
        10.0  # least distance of two checkpoints of a board while people write
    )
    replay_seconds: float = 60.0  # for making a checkpoint, in another process
    history_bytes: int = 16 << 20  # of a board: how it came about, beside the log
    history_days: int = 30
    apply_seconds: float = 0.5  # for one update, and as much again per 64 KiB of it
    grace_seconds: float = 2.0  # for edits on their way when somebody may no longer write
    notice_seconds: float = 600.0  # for so long what was put right is told again to its author
    notice_bytes: int = 8 << 20  # of all such notices, the latest
    rest_seconds: float = 3.0  # without an edit; then a board lets its document go, keeping bytes
    rest_bytes: int = 128 << 10  # of a board; building a larger one anew would be felt
    unload_seconds: float = 60.0  # how long a board without people stays in memory
