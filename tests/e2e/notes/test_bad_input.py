"""What bad input gets: a sentence in the reader's language, nothing lost, nobody else disturbed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browsers.browser import People, Person, Workshop

pytestmark = pytest.mark.xdist_group("e2e-bad-input")

NOTE_LIMIT = 2000  # characters of a note
NOT_FOUND = r"status of (400|401|403|404)"  # the browser logs a call that is refused
LANGUAGES = ("fi", "sv", "en")


@pytest.fixture
def lead(people: People) -> Person:
    return people("Vetäjä")


@pytest.fixture
def workshop(lead: Person) -> Workshop:
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    return workshop


def says(person: Person, code: str) -> None:
    """The page says this error's title and what to do, without a placeholder left open."""
    for part in ("title", "detail"):
        expect(person.page.get_by_text(person.t(f"error.{code}.{part}")).first).to_be_visible()


def try_to_join(person: Person, code: str, name: str) -> None:
    person.go("/")
    person.textbox("join.code").fill(code)
    person.textbox("join.name").fill(name)
    person.button("join.join").click()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ABC", "code-unfinished"),
        ("ABCD-EFG0", "code-impossible"),
        ("ABCD-EFGH", "code-unknown"),
        ("", "code-unfinished"),
    ],
)
def test_a_code_that_opens_nothing(typed: str, code: str, language: str, people: People) -> None:
    person = people("Kuovi", language=language)
    person.forgive(NOT_FOUND)
    try_to_join(person, typed, "Kuovi")
    says(person, code)
    expect(person.textbox("join.code")).to_be_focused()
    expect(person.textbox("join.code")).to_have_value(typed)  # what was typed can be corrected
    expect(person.textbox("join.name")).to_have_value("Kuovi")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_is_missing_or_too_long(
    language: str, workshop: Workshop, people: People
) -> None:
    person = people("Kuovi", language=language)
    person.forgive(NOT_FOUND)
    try_to_join(person, workshop.code, "  ")
    says(person, "name-missing")
    expect(person.textbox("join.name")).to_be_focused()
    person.textbox("join.name").fill("K" * 200)
    person.button("join.join").click()
    expect(person.page.get_by_text(person.t("error.name-too-long.title"))).to_be_visible()
    problem = person.page.get_by_role("alert")
    expect(problem).to_contain_text("200")  # how long it is
    expect(problem).not_to_contain_text("{")
    person.textbox("join.name").fill("Kuovi")
    person.button("join.join").click()
    person.sees_status("saved")


def test_a_link_with_an_unknown_code(people: People) -> None:
    person = people("Kuovi", language="sv")
    person.forgive(NOT_FOUND)
    person.go("/j/ABCDEFGH")
    says(person, "code-unknown")
    person.shot("unknown-link")
    expect(person.textbox("join.code")).to_be_editable()  # the way on is right here


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_token_that_is_unknown_or_no_longer_valid(
    language: str, workshop: Workshop, people: People
) -> None:
    person = people("Kuovi", language=language)
    person.forgive(NOT_FOUND)
    person.go(f"/w/{workshop.id}#t=tokenOfYesterday")
    says(person, "token-unknown")
    assert "#" not in person.page.url  # no token stays in the address


def test_a_member_of_one_workshop_is_nobody_in_another(
    workshop: Workshop, lead: Person, people: People
) -> None:
    other = people("Naapuri", language="en")
    foreign = other.create("Another team")
    person = people("Kuovi", language="en")
    person.forgive(NOT_FOUND)
    person.join(workshop)
    person.go(f"/w/{foreign.id}")
    says(person, "token-unknown")
    person.shot("foreign-workshop")
    board = other.board_id(foreign)
    for path in (f"/api/workshops/{foreign.id}", f"/api/boards/{board}"):
        status, problem = person.get(path)
        assert status in (401, 403)
        assert problem["code"] in ("not-allowed", "token-unknown")
    link = lead.page.evaluate(
        "id => JSON.parse(localStorage.getItem(`hahmo_keepsake_${id}`)).facilitatorUrl", workshop.id
    )
    person.go(f"/w/{foreign.id}#{link.split('#')[1]}")  # a token of another workshop
    says(person, "token-unknown")


def test_a_workshop_deleted_under_ones_hands(
    workshop: Workshop, lead: Person, people: People
) -> None:
    person = people("Kuovi", language="sv")
    for each in (person, lead):
        each.forgive(NOT_FOUND)
    person.join(workshop)
    person.put("challenges", "Snart borta")
    assert lead.call("DELETE", f"/api/workshops/{workshop.id}")[0] == 204
    says(person, "workshop-gone")
    person.shot("deleted")
    person.go(f"/w/{workshop.id}")
    says(person, "workshop-gone")


def test_a_note_takes_as_much_as_it_holds_and_says_saved(
    workshop: Workshop, lead: Person, people: People
) -> None:
    person = people("Kuovi")
    person.join(workshop)
    person.add("challenges")
    person.page.keyboard.insert_text("ä" * NOTE_LIMIT + "🌱 ja vielä muutakin")
    expect(person.editor).to_have_value("ä" * NOTE_LIMIT)
    person.done()
    person.sees_status("saved")
    [note] = person.get(f"/api/boards/{person.board_id(workshop)}")[1]["notes"]
    assert note["text"] == "ä" * NOTE_LIMIT
    expect(lead.notes).to_have_count(1)


def test_frames_that_are_no_messages_close_their_own_connection_only(
    workshop: Workshop, lead: Person, people: People
) -> None:
    person = people("Kuovi")
    person.join(workshop)
    board = person.board_id(workshop)
    for frame in ([255, 255, 255], [0, 2, 5, 1, 2, 3, 4, 5], [0, 0], [7, 7, 7, 7, 7, 7, 7]):
        code = person.page.evaluate(
            """([board, frame]) => new Promise(done => {
                const socket = new WebSocket(`ws://${location.host}/sync/${board}`);
                socket.onopen = () => {
                    socket.send(new Uint8Array([0, 0, 1, 0]));
                    socket.send(new Uint8Array(frame));
                    socket.send(new Uint8Array([0, 9, 9]));
                };
                socket.onclose = ({ code }) => done(code);
            })""",
            [board, frame],
        )
        assert 4400 <= code < 4500, (frame, code)
    person.put("challenges", "Ei haitannut")
    lead.sees("Ei haitannut")
    person.sees_status("saved")
    lead.sees_status("saved")


def test_the_facilitators_calls_are_refused_to_others(workshop: Workshop, people: People) -> None:
    person = people("Kuovi", language="en")
    person.join(workshop)
    board = person.board_id(workshop)
    calls = [
        ("PATCH", f"/api/workshops/{workshop.id}", {"title": "Mine now"}),
        ("POST", f"/api/workshops/{workshop.id}/breakouts", {"board": board, "groups": 2}),
        ("DELETE", f"/api/workshops/{workshop.id}", None),
    ]
    for method, path, body in calls:
        status, problem = person.call(method, path, body)
        assert (status, problem["code"]) == (403, "not-allowed"), path
        assert problem["detail"] == person.t("error.not-allowed.detail")
    assert person.get(f"/api/workshops/{workshop.id}")[1]["title"] == "Tiimin kehittämispäivä"
