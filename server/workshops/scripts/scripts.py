"""Notes of those who lead, one text for each shared board, for nobody else.

They are records of the workshop and stand on no desk and no board, so that no browser but a
facilitator's ever gets them; they go with the workshop, and into no export.
"""

from collections.abc import Mapping
from typing import Any

from boards.texts import is_visible, plain_lines
from server.errors import BoardGone, InvalidField, TextTooLong
from server.store import Commit, Expected
from server.workshops import records
from server.workshops.input import fields
from server.workshops.members import Desks, Member
from server.workshops.rights import find_board

__all__ = ["MOST_CHARACTERS", "Scripts", "both"]

KIND = "script"
MOST_CHARACTERS = 20_000


class Scripts:
    """The notes of workshops; all who lead one share them."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._store = desks.store

    async def all(self, member: Member) -> dict[str, str]:
        """By shared board; those without notes are left out."""
        member.must_lead()
        found = await self._store.find(KIND, member.workshop)
        return {board: value["text"] for board, value in found}

    async def write(self, member: Member, body: Mapping[str, Any]) -> str:
        """`{board, text, before?}`; the text as it stands then, see `both`. An empty one is gone.

        Raises BoardGone, InvalidField, TextTooLong.
        """
        member.must_lead()
        fields.known_fields(body, ("board", "text", "before"))
        board = str(body.get("board", ""))
        text, before = read_text(body.get("text"), "text"), body.get("before")
        if before is not None:
            before = read_text(before, "before")
        async with self._desks.hold(member.workshop) as room:
            found = find_board(self._desks.read(room), board)
            if found is None or found.group is not None:
                raise BoardGone("no shared board of this workshop")
            value, version = await self._store.read(KIND, board)
            text = both(text, before, "" if value is None else value["text"])
            record = records.script_record(member.workshop, board, text)
            await self._desks.rooms.committer.commit_alone(
                Commit(
                    member.workshop,
                    puts=[record] if text else [],
                    deletes=[] if text else [(KIND, board)],
                    expects=[Expected(KIND, board, version)],
                )
            )
        return text


def both(text: str, before: str | None, stands: str) -> str:
    """What one writes, and below it what somebody else wrote meanwhile: nothing is lost.

    `before`: what its writer had found there; None takes the place of whatever stands.
    """
    if before is None or stands in (before, text, "") or stands in text:
        return text
    return f"{text}\n\n{stands}" if text else stands


def read_text(value: object, field: str) -> str:
    """Lines as they were written; none at all are no notes."""
    if not isinstance(value, str):
        raise InvalidField(field, expected="a text", got=value)
    if len(value) > MOST_CHARACTERS:
        raise TextTooLong(field, most=MOST_CHARACTERS, got=len(value))
    tidy = plain_lines(value)
    return tidy if is_visible(tidy) else ""
