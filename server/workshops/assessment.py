"""Surveys: rounds are opened and closed by a facilitator, and answered once by each of the team.

Who answered and what was answered lie apart, each sorted by content, and are rewritten in one
commit whose predecessors are scrubbed from the store's files: neither order nor time pairs them.
A round's results are told once, when it closes; then answers and voters are forgotten.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boards.definition import Form
from boards.desk import Desk, put_field
from boards.survey import COMMENT_CHARACTERS, STEPS, Answer, Results, answer_from, results
from server.errors import (
    AlreadyAnswered,
    Conflict,
    InvalidField,
    NotAllowed,
    RoundClosed,
    RoundOpen,
)
from server.store import Record
from server.workshops import fields
from server.workshops.desks import Desks, Member
from server.workshops.records import round_record
from server.workshops.scrubbing import Scrubbing
from server.workshops.workbooks import find_workbook

__all__ = ["MAX_ROUNDS", "Assessment"]

MAX_ROUNDS = 100  # of one form in one workshop

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round as stored while it is open: two lists that nothing but their length connects."""

    answers: tuple[str, ...] = ()  # canonical JSON, sorted
    voters: tuple[str, ...] = ()  # HMACs, sorted

    @classmethod
    def of(cls, value: Fields) -> "OpenRound":
        """From its record."""
        return cls(tuple(value["answers"]), tuple(value["voters"]))

    def json(self) -> dict[str, Any]:
        """As stored."""
        return {"state": "open", "answers": list(self.answers), "voters": list(self.voters)}

    def with_answer(self, answer: Answer, voter: str) -> "OpenRound":
        """One answer more. Raises AlreadyAnswered."""
        if voter in self.voters:
            raise AlreadyAnswered("answered this round already")
        return OpenRound(
            tuple(sorted((*self.answers, canonical(answer)))),
            tuple(sorted((*self.voters, voter))),
        )

    def results(self, form: Form) -> Results:
        """What may be told of the answers."""
        return results(form, [answer_from(json.loads(text)) for text in self.answers])


class Assessment:
    """Rounds of all workshops. `key`: the server's secret."""

    def __init__(self, desks: Desks, scrubbing: Scrubbing, *, key: bytes) -> None:
        self._desks = desks
        self._scrubbing = scrubbing
        self._store = desks.store
        self._committer = desks.rooms.committer
        self._key = key
        self._lock = asyncio.Lock()  # a round is read, added to and written by one at a time

    async def answer(self, member: Member, body: Fields) -> None:
        """Take one person's answer. Raises RoundClosed, AlreadyAnswered."""
        if member.role == "observer":
            raise NotAllowed("observers do not answer")
        fields.known_fields(body, ("form", "ratings", "comment"))
        form, answer = await self._read_answer(member, body)
        async with self._lock:
            number, value = await self._last(member.workshop, form.id)
            if value is None or value["state"] != "open":
                raise RoundClosed("no open round")
            voter = self._voter(member, form.id, number)
            added = OpenRound.of(value).with_answer(answer, voter)
            await self._write(round_record(member.workshop, form.id, number, added.json()))

    async def open(self, member: Member, body: Fields) -> dict[str, Any]:
        """Begin a round. Raises RoundOpen, or Conflict after MAX_ROUNDS."""
        member.must_lead()
        form = await self._read_form(member, body)
        async with self._lock:
            last, value = await self._last(member.workshop, form.id)
            if value is not None and value["state"] == "open":
                raise RoundOpen("a round is open")
            if last >= MAX_ROUNDS:
                raise Conflict(f"more than {MAX_ROUNDS} rounds")
            record = round_record(member.workshop, form.id, last + 1, OpenRound().json())
            await self._write(record, shown_as="open")
        return self._told(member, record.value)

    async def close(self, member: Member, body: Fields) -> dict[str, Any]:
        """End a round for good: its results are told, its answers forgotten. Raises RoundClosed."""
        member.must_lead()
        form = await self._read_form(member, body)
        async with self._lock:
            number, value = await self._last(member.workshop, form.id)
            if value is None or value["state"] != "open":
                raise RoundClosed("no open round")
            found = OpenRound.of(value).results(form)
            closed = {"state": "closed", "results": found.json()}
            record = round_record(member.workshop, form.id, number, closed)
            await self._write(record, shown_as="closed")
        return self._told(member, record.value)

    async def results(
        self, member: Member, form: str | None, number: str | None
    ) -> list[dict[str, Any]]:
        """The rounds of a form (or of every form), or one of them, oldest first, as far as they
        may be told."""
        forms = await self._forms(member.workshop)
        asked = list(forms) if form is None else [fields.choice(form, "form", forms)]
        rounds = {id: await self._rounds(member.workshop, id) for id in asked}
        if number is not None:
            known = {str(round) for of_form in rounds.values() for round in of_form}
            fields.choice(number, "round", sorted(known))
        return [
            self._told(member, of_form[round])
            for of_form in rounds.values()
            for round in sorted(of_form)
            if number in (None, str(round))
        ]

    async def closed_rounds(self, workshop: str) -> list[dict[str, Any]]:
        """Every closed round whose results are released: {form, round, …}; for exports."""
        found = [value for _, value in await self._store.find("round", workshop)]
        closed = [value for value in found if value["state"] == "closed"]
        return [
            {"form": value["form"], "round": value["round"], **value["results"]}
            for value in sorted(closed, key=lambda value: (value["form"], value["round"]))
            if value["results"]["released"]
        ]

    def _told(self, member: Member, value: Fields) -> dict[str, Any]:
        """A round as calls answer it: while it is open, the number of answers is all there is."""
        head = {"form": value["form"], "round": value["round"], "state": value["state"]}
        if value["state"] == "closed":
            return {**head, "answered": False, **value["results"]}
        voter = self._voter(member, value["form"], value["round"])
        nothing = Results(len(value["answers"])).json()
        return {**head, "answered": voter in value["voters"], **nothing}

    def _voter(self, member: Member, form: str, number: int) -> str:
        """A name for somebody that means nothing in any other round."""
        words = f"{member.workshop}|{form}|{number}|{member.person}".encode()
        return hmac.new(self._key, b"hahmo survey|" + words, hashlib.sha256).hexdigest()

    async def _rounds(self, workshop: str, form: str) -> dict[int, dict[str, Any]]:
        """The rounds of a form by number."""
        found = await self._store.find("round", workshop)
        return {value["round"]: value for _, value in found if value["form"] == form}

    async def _last(self, workshop: str, form: str) -> tuple[int, dict[str, Any] | None]:
        """Number and record of the last round; 0 and None before the first."""
        rounds = await self._rounds(workshop, form)
        number = max(rounds, default=0)
        return number, rounds.get(number)

    async def _write(self, record: Record, *, shown_as: str | None = None) -> None:
        """Commit a round, with its state on the desk when that changes, and scrub what it was."""
        workshop = record.parent
        async with self._desks.hold(workshop) as room:
            if shown_as is not None:
                now = rounds_json(self._desks.read(room))
                value = {"round": record.value["round"], "state": shown_as}
                now[record.value["form"]] = value
                room.edit(lambda document: put_field(document, "assessment", now))
            await self._committer.flush(puts=[record])
        await self._scrubbing.do()  # no earlier version stays behind

    async def _read_form(self, member: Member, body: Fields) -> Form:
        """The form that a command names."""
        fields.known_fields(body, ("form",))
        forms = await self._forms(member.workshop)
        return forms[fields.choice(body.get("form"), "form", forms)]

    async def _read_answer(self, member: Member, body: Fields) -> tuple[Form, Answer]:
        form = await self._read_form(member, {"form": body.get("form")})
        return form, read_answer(form, body)

    async def _forms(self, workshop: str) -> dict[str, Form]:
        """Every form of a workshop's workbook."""
        desk = await self._desks.desk(workshop)
        return {f.id: f for board in find_workbook(desk.workbook).boards for f in board.forms}


def read_answer(form: Form, body: Fields) -> Answer:
    """The ratings and the comment of a command: at least one statement is answered."""
    ratings, comment = body.get("ratings"), body.get("comment") or ""
    if not isinstance(ratings, dict) or not ratings:
        raise InvalidField(
            "ratings", expected="an object of statement: 1 to 5 or null", got=ratings
        )
    known = [statement.id for statement in form.statements]
    read: dict[str, int | None] = {}
    for statement, rating in ratings.items():
        fields.choice(statement, "ratings", known)
        field = f"ratings.{statement}"
        read[statement] = (
            None if rating is None else fields.whole(rating, field, least=1, most=len(STEPS))
        )
    if isinstance(comment, str) and not comment.strip():
        return Answer(read)
    return Answer(read, fields.text(comment, "comment", most=COMMENT_CHARACTERS, lines=True))


def canonical(answer: Answer) -> str:
    """Equal answers have equal texts, whoever gave them."""
    return json.dumps(answer.json(), ensure_ascii=False, separators=(",", ":"))


def rounds_json(desk: Desk) -> dict[str, Any]:
    """The desk's field, to be written anew."""
    return {
        form: {"round": last.round, "state": last.state} for form, last in desk.assessment.items()
    }
