"""A workshop in which everything has been done: full boards, merged groups, results."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from typing import Any

import httpx
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import People, Person, Workshop

__all__ = ["FullWorkshop", "answer_round"]

PHENOMENA = {
    "challenges": [
        "Kirjaamme samat tiedot kolmeen järjestelmään",
        "Tieto katkeaa, kun vuoro vaihtuu eikä kukaan ehdi kertoa, mitä yöllä tapahtui: aamulla "
        "kysytään samat asiat uudestaan, ja asiakas huomaa sen ennen meitä",
        "Asiakasrajapintapalvelukokonaisuusuudistus",
        "Jono kasvaa maanantaisin 🙁",
    ],
    "inspirations": ["Uusi kollega kysyi juuri oikeat kysymykset", "Kahvipöytä 🌱"],
}
LINKED = PHENOMENA["challenges"][0]
OLD, NEW = "Kolme erillistä rekisteriä", "Yksi yhteinen rekisteri"
CELLS = {
    "megatrends/from": "Palvelut olivat lähellä",
    "megatrends/to": "Väestö ikääntyy ja muuttaa keskustoihin",
    "customers/to": "Asiakkaat varaavat ajan itse",
    "tools/from": OLD,
    "tools/to": NEW,
    "learning/to": "Opimme toisiltamme joka viikko",
}
ANSWER = (
    "Moneen kertaan kirjaaminen ja tiedon katkeaminen vuoron vaihtuessa. Molemmat näkyvät "
    "asiakkaalle odotuksena."
)
COMMENT = "Kysymme enemmän kuin ennen, ja vastauksetkin kuullaan."
IDEAS = ["Yksi yhteinen kirjaus", "Viikon avauspalaveri seisten", "Soittovuoro aamuisin"]


class FullWorkshop:
    """`lead` and two participants with everything they have made. Takes about a minute."""

    def __init__(self, people: People) -> None:
        self.lead = people("Vetäjä")
        self.workshop: Workshop = self.lead.create("Kevään kehittämispäivä 2027")
        self.lead.close_dialog()
        self.aino = people("Aino Mäkinen-Saarikoski")
        self.bo = people("Bo", language="sv")
        for person in (self.aino, self.bo):
            person.join(self.workshop)
            actions.as_list(person)
        self._map()
        self._sum_up()
        self._change()
        self._assess()
        self._synthesise()
        self._plan()

    def call(self, path: str, body: Any, method: str = "POST") -> Any:
        status, answer = self.lead.call(method, path, body)
        assert status < 300, answer
        return answer

    @contextlib.contextmanager
    def in_groups(self, key: str) -> Iterator[None]:
        """Aino and Bo in a group each, gathered and called back in the end."""
        people = [
            each["id"]
            for each in self.lead.get(f"/api/workshops/{self.workshop.id}")[1]["people"]
            if each["role"] == "participant"
        ]
        board = self.lead.board_id(self.workshop, key)
        groups = [
            {"name": name, "people": [person]}
            for name, person in zip(("Koivu", "Mänty"), people, strict=True)
        ]
        path = f"/api/workshops/{self.workshop.id}/breakouts"
        breakout = self.call(path, {"board": board, "groups": groups})["id"]
        for person in (self.aino, self.bo):
            expect(person.board.locator(".banner[data-group]")).to_be_visible()
            person.sees_status("saved")
        yield
        for person in (self.aino, self.bo):
            person.sees_status("saved")
        self.call(f"/api/breakouts/{breakout}/merge", {})
        self.call(f"/api/breakouts/{breakout}/close", {})
        for person in (self.aino, self.bo):
            expect(person.board.locator(".banner[data-group]")).to_have_count(0)
            actions.go(person, key)

    def _map(self) -> None:
        for zone, texts in PHENOMENA.items():
            for text in texts:
                actions.put(self.aino, "phenomena", zone, text)
        with self.in_groups("phenomena"):
            actions.put(self.aino, "phenomena", "challenges", "Puhelin soi kesken keskustelun")
            actions.put(self.bo, "phenomena", "inspirations", "Vi löste det i korridoren")
        board = self.lead.board_id(self.workshop, "phenomena")
        voting = {board: {"dots": 3, "hidden": False, "open": True}}
        self.call(f"/api/workshops/{self.workshop.id}", {"votes": voting}, "PATCH")
        for person in (self.aino, self.bo):
            actions.give_dot(person, LINKED)

    def _sum_up(self) -> None:
        actions.go(self.aino, "phenomena_summary")
        actions.answer(self.aino, "phenomena_summary", "matter", ANSWER)
        actions.answer(self.aino, "phenomena_summary", "gain", "Aikaa jää asiakkaalle.")
        for note in (LINKED, PHENOMENA["challenges"][1]):
            actions.use_as_evidence(self.aino, note, "phenomena_summary", "matter")

    def _change(self) -> None:
        actions.go(self.aino, "change")
        for zone, text in CELLS.items():
            actions.put(self.aino, "change", zone, text)
        actions.link(self.aino, OLD, "change", NEW)
        actions.go(self.aino, "phenomena")
        actions.link(self.aino, LINKED, "change", OLD)
        key = "change_summary"
        for person in (self.aino, self.bo):
            actions.go(person, key)
        with self.in_groups(key):
            actions.answer(self.aino, key, "picture", ANSWER)
            actions.answer(self.bo, key, "picture", "Vi samlar det vi vet på ett ställe.")
        actions.answer(self.aino, key, "central", "Yhteinen rekisteri.")

    def _assess(self) -> None:
        forms = actions.definition("assessment")["forms"]
        rounds = f"/api/workshops/{self.workshop.id}/rounds"
        for number in range(2):
            self.call(rounds, {"form": forms[0]["id"], "few": True})
            answer_round(self.lead, self.workshop, forms[0], number)
            self.call(f"{rounds}/close", {"form": forms[0]["id"]})
        self.call(rounds, {"form": forms[1]["id"], "few": True})
        self.call(f"{rounds}/close", {"form": forms[1]["id"]})
        self.call(rounds, {"form": forms[0]["id"], "few": True})
        actions.go(self.aino, "assessment")
        for zone, number in (("works", 0), ("focus", 1)):
            text = actions.statement(number, "fi")
            where = actions.zone_title("assessment", zone, "fi")
            self.aino.button("survey.pick-named", zone=where, text=text).click()

    def _synthesise(self) -> None:
        actions.go(self.aino, "synthesis")
        actions.answer(self.aino, "synthesis", "solutions", ANSWER)
        actions.answer(self.aino, "synthesis", "first", IDEAS[0])

    def _plan(self) -> None:
        person = self.aino
        actions.go(person, "experiments")
        for text in IDEAS:
            actions.put(person, "experiments", "ideas", text)
        for number, ((start, end), text) in enumerate(
            zip(((-60, -10), (-5, 40), (None, None)), IDEAS, strict=True)
        ):
            note = person.note(text)
            note.get_by_role("button", name=person.t("plan.make")).click()
            if start is None or end is None:
                continue
            card = person.board.locator("article.card").nth(number)
            card.get_by_label(person.t("plan.start"), exact=True).fill(day(start))
            card.get_by_label(person.t("plan.end"), exact=True).fill(day(end))
            card.get_by_label(person.t("plan.check-day"), exact=True).fill(day(end - 20))
            card.get_by_role("button", name=person.t("plan.check-add"), exact=True).click()
            card.get_by_role("textbox").nth(1).fill("Aikaa jää asiakkaille, ja tieto säilyy.")
        actions.link(person, IDEAS[0], "change", NEW)
        person.sees_status("saved")


def answer_round(lead: Person, workshop: Workshop, form: Any, number: int) -> None:
    """Five people, past the interface, who are asked; `number` of the round: rounds differ."""
    asked = f"/api/workshops/{workshop.id}/rounds/asked"
    for person in range(5):
        with httpx.Client(base_url=lead.url, trust_env=False) as http:
            body = {"code": workshop.plain_code, "name": f"Osallistuja {person + 1}"}
            joined = http.post("/api/join", json=body).raise_for_status().json()
            token = joined["token"]
            http.cookies.clear()
            assert (
                lead.call("POST", asked, {"form": form["id"], "people": [joined["person"]]})[0]
                < 300
            )
            http.post(
                f"/api/workshops/{workshop.id}/answers",
                json=filled_in(form, person, number),
                headers={"Authorization": f"Bearer {token}"},
            ).raise_for_status()


def filled_in(form: Any, person: int, number: int) -> dict[str, Any]:
    """One person's answer: views that differ, one statement nobody can rate, one comment."""
    ratings: dict[str, int | None] = {
        each["id"]: 1 + (at * person + at + number) % 5
        for at, each in enumerate(form["statements"])
    }
    ratings[form["statements"][2]["id"]] = None
    comment = {"comment": COMMENT} if person == 0 else {}
    return {"form": form["id"], "ratings": ratings, **comment}


def day(ahead: int) -> str:
    return (datetime.date.today() + datetime.timedelta(days=ahead)).isoformat()
