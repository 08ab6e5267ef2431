"""Surveys: rounds are opened and closed by a facilitator, and answered once by each of the team.

Whom a round asks is fixed when it opens (asked.py); a facilitator may add people.
Who answered and what was answered lie apart, each sorted by content, and are rewritten in one
commit whose predecessors are scrubbed from the store's files: neither order nor time pairs them.
A round's results are told once, when it closes; then all three lists are forgotten.
"""

from collections.abc import Callable, Mapping
from typing import Any

from boards.desk import Desk
from boards.desk_edits import put_field
from boards.survey import COMMENT_CHARACTERS, FLOOR, STEPS, Answer, Results
from boards.workbook.definition import Form
from server.errors import Conflict, InvalidField, NotAllowed
from server.store import Commit, Expected, Record
from server.store.versions import retried
from server.workshops.errors import NotAsked, RoundClosed, RoundOpen, TooFewAsked
from server.workshops.input import fields
from server.workshops.locks import Locks
from server.workshops.members import Desks, Member
from server.workshops.records import round_id, round_record
from server.workshops.scrubbing import Scrubbing
from server.workshops.surveys.asked import at_work, may_be_asked, read_people
from server.workshops.surveys.rounds import Names, OpenRound
from server.workshops.workbooks import find_workbook

__all__ = ["MAX_ROUNDS", "Assessment"]

MAX_ROUNDS = 100  # of one form in one workshop

Fields = Mapping[str, Any]


class Assessment:
    """Commands on surveys and their rounds, of all workshops. `key`: the server's secret."""

    def __init__(self, desks: Desks, scrubbing: Scrubbing, *, key: bytes) -> None:
        self._desks = desks
        self._scrubbing = scrubbing
        self._store = desks.store
        self._committer = desks.rooms.committer
        self._key = key
        self._locks = Locks()  # a workshop's rounds are read, added to and written by one at a time

    async def answer(self, member: Member, body: Fields) -> None:
        """Take one person's answer. Raises RoundClosed, AlreadyAnswered."""
        if member.role == "observer":
            raise NotAllowed("observers do not answer")
        fields.known_fields(body, ("form", "ratings", "comment"))
        form, answer = await self._read_answer(member, body)

        def with_answer(round: OpenRound, names: Names) -> OpenRound:
            if names.asked(member.person) not in round.asked:
                raise NotAsked("was not at work here when the round opened")
            return round.with_answer(answer, names.voter(member.person))

        await self._change(member.workshop, form.id, with_answer)

    async def whom(self, member: Member) -> dict[str, list[str]]:
        """Whom a round would ask that is opened now, and whom it would not, by arrival."""
        member.must_lead()
        desk = await self._desks.desk(member.workshop)
        seen = await at_work(self._desks, member.workshop, desk)
        people = [person.id for person in may_be_asked(desk)]
        return {
            "asked": [person for person in people if person in seen],
            "not_asked": [person for person in people if person not in seen],
        }

    async def open(self, member: Member, body: Fields) -> dict[str, Any]:
        """Begin a round. `also`: people to ask though they were not seen at work; `without`: people
        not to ask though they were; `few`: fewer may be asked than results need.

        Raises RoundOpen, TooFewAsked, or Conflict after MAX_ROUNDS."""
        member.must_lead()
        fields.known_fields(body, ("form", "also", "without", "few"))
        form = await self._read_form(member, {"form": body.get("form")})
        desk = await self._desks.desk(member.workshop)
        without = read_people(body, "without", desk)
        also = read_people(body, "also", desk) - without
        few = fields.boolean(body.get("few", False), "few")
        async with self._locks.of(member.workshop):
            last, value, _ = await self._last(member.workshop, form.id)
            if value is not None and value["state"] == "open":
                raise RoundOpen("a round is open")
            if last >= MAX_ROUNDS:
                raise Conflict(f"more than {MAX_ROUNDS} rounds")
            at_work_now = await at_work(self._desks, member.workshop, desk)
            seen = at_work_now - without
            if len(seen | also) < FLOOR and not few:
                raise TooFewAsked(n=len(seen | also))
            names = self._names(member.workshop, form.id, last + 1)
            round = OpenRound(asked=names.all(seen), left_out=len(at_work_now & without))
            round = round.with_asked(names.all(also))
            record = round_record(member.workshop, form.id, last + 1, round.json())
            await self._write(record, 0, shown_as="open")
        return await self._told(member, record.value)

    async def ask(self, member: Member, body: Fields) -> dict[str, Any]:
        """Change whom the open round asks: `people` who came later, or only came in; not those
        `without` any more, whose answer stays if they gave one. Raises RoundClosed, TooFewAsked."""
        member.must_lead()
        fields.known_fields(body, ("form", "people", "without"))
        form = await self._read_form(member, {"form": body.get("form")})
        desk = await self._desks.desk(member.workshop)
        without = read_people(body, "without", desk)
        people = read_people(body, "people", desk) - without

        def change(round: OpenRound, names: Names) -> OpenRound:
            changed = round.with_asked(names.all(people)).leaving_out(names.all(without))
            if len(changed.asked) < min(FLOOR, len(round.asked)):
                raise TooFewAsked(n=len(changed.asked))
            return changed

        record = await self._change(member.workshop, form.id, change)
        return await self._told(member, record.value)

    async def close(self, member: Member, body: Fields) -> dict[str, Any]:
        """End a round for good: its results are told, its answers forgotten. Raises RoundClosed."""
        member.must_lead()
        form = await self._read_form(member, body)
        async with self._locks.of(member.workshop):
            number, round, version = await self._open_round(member.workshop, form.id)
            closed = {
                "state": "closed",
                "results": round.results(form).json(),
                "asked": len(round.asked),
                "added": round.added,
                "left_out": round.left_out,
            }
            record = round_record(member.workshop, form.id, number, closed)
            await self._write(record, version, shown_as="closed")
        return await self._told(member, record.value)

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
            await self._told(member, of_form[round])
            for of_form in rounds.values()
            for round in sorted(of_form)
            if number in (None, str(round))
        ]

    async def closed_rounds(self, workshop: str) -> list[dict[str, Any]]:
        """Every closed round whose results are released: {form, round, …}; for exports."""
        found = [value for _, value in await self._store.find("round", workshop)]
        closed = [value for value in found if value["state"] == "closed"]
        return [
            {
                "form": value["form"],
                "round": value["round"],
                "asked": value.get("asked", 0),
                **value["results"],
            }
            for value in sorted(closed, key=lambda value: (value["form"], value["round"]))
            if value["results"]["released"]
        ]

    async def _told(self, member: Member, value: Fields) -> dict[str, Any]:
        """A round as calls answer it: while it is open, whom it asks, numbers, and what one is
        oneself. Who could answer and is not asked is told to facilitators alone."""
        head = {"form": value["form"], "round": value["round"], "state": value["state"]}
        if value["state"] == "closed":
            counts = {name: value.get(name, 0) for name in ("asked", "added", "left_out")}
            nobody = {"answered": False, "invited": False, "whom": [], "not_asked": []}
            return {**head, **counts, **nobody, **value["results"]}
        round = OpenRound.of(value)
        names = self._names(member.workshop, value["form"], value["round"])
        people = [p.id for p in may_be_asked(await self._desks.desk(member.workshop))]
        whom = [person for person in people if names.asked(person) in round.asked]
        leads = member.role == "facilitator"
        return {
            **head,
            "asked": len(round.asked),
            "added": round.added,
            "left_out": round.left_out,
            "answered": names.voter(member.person) in round.voters,
            "invited": names.asked(member.person) in round.asked,
            "whom": whom,
            "not_asked": [p for p in people if p not in whom] if leads else [],
            **Results(len(round.answers)).json(),
        }

    def _names(self, workshop: str, form: str, number: int) -> Names:
        return Names(self._key, f"{workshop}|{form}|{number}")

    async def _rounds(self, workshop: str, form: str) -> dict[int, dict[str, Any]]:
        """The rounds of a form by number."""
        found = await self._store.find("round", workshop)
        return {value["round"]: value for _, value in found if value["form"] == form}

    async def _last(self, workshop: str, form: str) -> tuple[int, dict[str, Any] | None, int]:
        """Number, value and version of the last round; 0, None and 0 before the first."""
        number = max(await self._rounds(workshop, form), default=0)
        value, version = await self._store.read("round", round_id(workshop, form, number))
        return number, value, version

    async def _open_round(self, workshop: str, form: str) -> tuple[int, OpenRound, int]:
        """The same of one that is open. Raises RoundClosed."""
        number, value, version = await self._last(workshop, form)
        if value is None or value["state"] != "open":
            raise RoundClosed("no open round")
        return number, OpenRound.of(value), version

    async def _change(
        self, workshop: str, form: str, change: Callable[[OpenRound, Names], OpenRound]
    ) -> Record:
        """Add to the open round: one at a time, and nothing of what others add is lost."""

        async def attempt() -> Record:
            number, round, version = await self._open_round(workshop, form)
            changed = change(round, self._names(workshop, form, number))
            record = round_record(workshop, form, number, changed.json())
            expects = [Expected("round", record.id, version)]
            await self._committer.commit_alone(Commit(workshop, puts=[record], expects=expects))
            return record

        async with self._locks.of(workshop):
            record = await retried(attempt)
            await self._scrubbing.do()  # no earlier version stays behind
        return record

    async def _write(self, record: Record, version: int, *, shown_as: str) -> None:
        """Commit a round that had this version, with its state on the desk; scrub what it was."""
        workshop = record.parent
        async with self._desks.hold(workshop) as room:
            now = rounds_json(self._desks.read(room))
            value = {"round": record.value["round"], "state": shown_as}
            now[record.value["form"]] = value
            room.edit(lambda document: put_field(document, "assessment", now))
            expects = [Expected("round", record.id, version)]
            await self._committer.commit(workshop, puts=[record], expects=expects)
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


def rounds_json(desk: Desk) -> dict[str, Any]:
    """The desk's field, to be written anew."""
    return {
        form: {"round": last.round, "state": last.state} for form, last in desk.assessment.items()
    }
