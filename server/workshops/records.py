"""The records of a workshop as the store keeps them: one function per kind, and nothing else.

All of them belong to their workshop (rule ST10), and every one but the workshop's own has a parent,
so that a workshop can be found and deleted whole.
The desk document holds what people see; records hold what opens doors.
"""

from collections.abc import Mapping
from typing import Any

from boards.desk import DeskBoard, Person, Role
from boards.edits import new_id
from server.access.codes import code_id, token_id
from server.store import Record

__all__ = [
    "board_record",
    "breakout_record",
    "code_record",
    "entry",
    "entry_by",
    "fork_record",
    "idle_record",
    "owner_record",
    "person_record",
    "previous_record",
    "return_code_record",
    "round_id",
    "round_record",
    "script_record",
    "token_record",
    "waiting_record",
    "wipe_record",
    "workbook_record",
    "workshop_record",
]


def workshop_record(workshop: str, *, workbook: str, at: int) -> Record:
    """`at`: when it was opened, ms since the epoch."""
    return Record("workshop", workshop, "", {"workbook": workbook, "created": at})


def idle_record(workshop: str, idle: Mapping[str, int]) -> Record:
    """On how many days it was found unused, until it is used: {looks, at}."""
    return Record("idle", workshop, workshop, dict(idle))


def workbook_record(workshop: str, toml: str) -> Record:
    """A workbook that a workshop brought along."""
    return Record("workbook", workshop, workshop, {"toml": toml})


def previous_record(workshop: str, value: Mapping[str, Any]) -> Record:
    """The last round's change map as it was when this workshop began: {workshop, title, board}."""
    return Record("previous", workshop, workshop, dict(value))


def script_record(workshop: str, board: str, text: str) -> Record:
    """Notes of those who lead, beside a shared board."""
    return Record("script", board, workshop, {"text": text})


def person_record(workshop: str, person: str, *, role: Role, at: int) -> Record:
    """A person; the name stands on the desk only. `seen`: whether they used what let them in."""
    value = {"workshop": workshop, "role": role, "joined": at}
    return Record("person", person, workshop, {**value, "seen": role == "facilitator"})


def token_record(workshop: str, person: str, token: str, *, role: Role) -> Record:
    """What a token opens, under its SHA-256."""
    value = {"workshop": workshop, "person": person, "role": role}
    return Record("token", token_id(token), workshop, value)


def code_record(workshop: str, code: str, *, key: bytes) -> Record:
    """What a join code opens, under its HMAC."""
    return Record("code", code_id(key, code), workshop, {"workshop": workshop})


def return_code_record(workshop: str, person: str, code: str, *, key: bytes) -> Record:
    """Whom a return code brings back, under its HMAC."""
    value = {"workshop": workshop, "person": person}
    return Record("return_code", code_id(key, code), workshop, value)


def entry(
    workshop: str, person: Person, token: str, return_code: str, *, key: bytes
) -> list[Record]:
    """What lets one person in."""
    return entry_by(workshop, person, token_id(token), code_id(key, return_code))


def entry_by(workshop: str, person: Person, token: str, return_code: str) -> list[Record]:
    """The same by the names under which the store knows a token and a code."""
    theirs = {"workshop": workshop, "person": person.id}
    return [
        person_record(workshop, person.id, role=person.role, at=person.joined),
        Record("token", token, workshop, {**theirs, "role": person.role}),
        Record("return_code", return_code, workshop, theirs),
    ]


def waiting_record(
    workshop: str, token: str, return_code: str, *, name: str, role: Role, at: int, id: str
) -> Record:
    """Somebody who waits to be let in, under the name of the token that will be theirs.

    `id`: what facilitators call them by; `return_code`: the name of the code that will be theirs.
    """
    value = {"workshop": workshop, "id": id, "name": name, "role": role, "at": at}
    return Record("waiting", token, workshop, {**value, "return_code": return_code})


def board_record(workshop: str, board: DeskBoard) -> Record:
    """Which workshop a board belongs to."""
    value = {
        "workshop": workshop,
        "key": board.key,
        "kind": board.kind,
        "lineage": board.lineage,
        "breakout": board.breakout,
        "group": board.group,
    }
    return Record("board", board.id, workshop, value)


def breakout_record(workshop: str, breakout: str) -> Record:
    """Which workshop a breakout belongs to."""
    return Record("breakout", breakout, workshop, {"workshop": workshop})


def fork_record(board: str, base: str) -> Record:
    """Which board a group's board was forked from, whose writers it inherits."""
    return Record("fork", board, board, {"base": base})


def owner_record(board: str, client: int, person: str = "") -> Record:
    """Who writes under a Yjs client id on a board; "" is the server, and nobody else may."""
    value = {"client": client, "person": person}
    return Record("owner", f"{board}/{client}", board, value)


def wipe_record(workshop: str) -> Record:
    """Something was deleted on a desk that stays: its log and history have it until wiped."""
    return Record("wipe", new_id(), "", {"board": workshop})


def round_record(workshop: str, form: str, round: int, value: Mapping[str, Any]) -> Record:
    """A round of a survey's form: answers while it is open, results once it is closed."""
    record = {"workshop": workshop, "form": form, "round": round, **value}
    return Record("round", round_id(workshop, form, round), workshop, record)


def round_id(workshop: str, form: str, round: int) -> str:
    return f"{workshop}/{form}/{round}"
