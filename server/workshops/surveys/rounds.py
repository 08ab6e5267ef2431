"""A survey's round as it is stored while it is open, and the names that people have in it."""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from boards.survey import Answer, Results, answer_from, results
from boards.workbook.definition import Form
from server.workshops.errors import AlreadyAnswered

__all__ = ["Names", "OpenRound"]

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round as stored while it is open: lists that nothing but their length connects.

    `added`: how many of `asked` a facilitator named; `left_out`: how many were at work, or
    asked, and a facilitator did not want them asked.
    """

    answers: tuple[str, ...] = ()  # canonical JSON, sorted
    voters: tuple[str, ...] = ()  # HMACs, sorted
    asked: tuple[str, ...] = ()  # other HMACs, sorted
    added: int = 0
    left_out: int = 0

    @classmethod
    def of(cls, value: Fields) -> "OpenRound":
        """From its record."""
        return cls(
            answers=tuple(value["answers"]),
            voters=tuple(value["voters"]),
            asked=tuple(value.get("asked", ())),
            added=value.get("added", 0),
            left_out=value.get("left_out", 0),
        )

    def json(self) -> dict[str, Any]:
        """As stored."""
        return {
            "state": "open",
            "answers": list(self.answers),
            "voters": list(self.voters),
            "asked": list(self.asked),
            "added": self.added,
            "left_out": self.left_out,
        }

    def with_answer(self, answer: Answer, voter: str) -> "OpenRound":
        """One answer more. Raises AlreadyAnswered."""
        if voter in self.voters:
            raise AlreadyAnswered("answered this round already")
        return replace(
            self,
            answers=tuple(sorted((*self.answers, canonical(answer)))),
            voters=tuple(sorted((*self.voters, voter))),
        )

    def with_asked(self, more: Collection[str]) -> "OpenRound":
        """Asking some more, named by a facilitator."""
        asked = {*self.asked, *more}
        added = self.added + len(asked) - len(self.asked)
        return replace(self, asked=tuple(sorted(asked)), added=added)

    def leaving_out(self, some: Collection[str]) -> "OpenRound":
        """Not asking some any more. Nobody learns whether they had answered: answers stay."""
        asked = tuple(each for each in self.asked if each not in some)
        return replace(self, asked=asked, left_out=self.left_out + len(self.asked) - len(asked))

    def results(self, form: Form) -> Results:
        """What may be told of the answers."""
        return results(form, [answer_from(json.loads(text)) for text in self.answers])


@dataclass(frozen=True, slots=True)
class Names:
    """Names for people in one round, which mean nothing in any other nor beside one another."""

    key: bytes
    round: str

    def voter(self, person: str) -> str:
        """As one who has answered."""
        return self._name(b"hahmo survey|", person)

    def asked(self, person: str) -> str:
        """As one who is asked."""
        return self._name(b"hahmo survey asked|", person)

    def all(self, people: Collection[str]) -> tuple[str, ...]:
        """Of all who are asked, sorted."""
        return tuple(sorted(map(self.asked, people)))

    def _name(self, use: bytes, person: str) -> str:
        words = f"{self.round}|{person}".encode()
        return hmac.new(self.key, use + words, hashlib.sha256).hexdigest()


def canonical(answer: Answer) -> str:
    """Equal answers have equal texts, whoever gave them."""
    return json.dumps(answer.json(), ensure_ascii=False, separators=(",", ":"))
