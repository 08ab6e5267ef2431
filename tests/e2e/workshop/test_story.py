"""The whole story with five people: create, join, write, split, crash, merge, recall, export."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.e2e.support import actions
from tests.e2e.support.actions import file_link, typing
from tests.e2e.support.team import Group, Team
from tests.support.browsers.browser import PHONE, WIDE, People, Person
from tests.support.server import Server, running_server

pytestmark = [pytest.mark.xdist_group("e2e-story"), pytest.mark.timeout(300)]

OFFLINE = r"WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED"
SAVED_NOW = """() => ({
    saved: document.querySelector('.badge').dataset.status === 'saved',
    text: document.querySelector('#board textarea').value,
})"""


def test_a_workshop_from_end_to_end(server: Server, people: People, tmp_path: Path) -> None:
    team = gather(people)
    write_at_once(team)
    edit_one_note_together(team)
    groups = split(team)
    own = write_in_groups(team, groups)
    keep_groups_apart(team, groups, own)
    watch_both(team, groups)
    crash_while_typing(team, groups, own, server, tmp_path)
    merge(team, groups, own)
    merge_again(team)
    merge_what_is_new(team, groups, own)
    recall(team, own)
    export(team)


# -- gather -------------------------------------------------------------------------------------


def gather(people: People) -> Team:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.shot("created")
    lead.close_dialog()
    team = Team(
        lead=lead,
        mouse=people("Tiira"),
        keys=people("Kurki", language="sv"),
        button=people("Lokki", language="en"),
        phone=people("Kuovi", device=PHONE),
        workshop=workshop,
        shared=lead.board_id(workshop),
    )
    team.phone.join(workshop, "link")
    for person in (team.mouse, team.keys, team.button):
        person.join(workshop, "code")
    expect(lead.button("workshop.people_here", n=5)).to_be_visible()
    for person in team.all:
        assert person.page.locator("html").get_attribute("lang") == person.language
    lead.shot("all-here")
    return team


# -- write --------------------------------------------------------------------------------------


def write_at_once(team: Team) -> None:
    """Each in their own way, and letter by letter in turn: five notes grow at the same time."""
    team.lead.add("challenges")
    team.mouse.double_click("challenges", 330, 430)
    team.keys.zone("inspirations").click(position={"x": 60, "y": 520})
    team.keys.page.keyboard.press("n")
    team.button.add("inspirations")
    team.phone.add("inspirations")
    texts = ["Tieto katkeaa vuorossa", "Jono kasvaa aamuisin", "Vi löste det på plats"]
    texts += ["Customers came back happy", "Uusi työkaveri auttoi 🌱"]
    type_in_turns(team.all, texts)
    team.button.shot("everybody-writes")
    team.phone.shot("phone-writes")
    for person in team.all:
        person.done()
    team.texts += texts
    for person in team.all:
        person.sees(*texts)
        person.sees_status("saved")
        assert person.texts() == sorted(texts)
    team.lead.shot("all-written")


def type_in_turns(people: Sequence[Person], texts: Sequence[str]) -> None:
    for _ in typing(people, texts):
        pass


def edit_one_note_together(team: Team) -> None:
    """Two write in one note, one at each end: nobody's caret jumps, no letter is lost."""
    text, before, after = team.texts[1], "Varhain: ", ", varsinkin maanantaina"
    first, last = team.mouse, team.lead
    first.edit(text)
    last.edit(text)
    first.page.keyboard.press("Control+Home")
    for at in typing([first, last], [before, after]):
        assert caret(first) == (min(at, len(before)),) * 2
        assert caret(last) == (len(last.editor.input_value()),) * 2
    expect(team.keys.board.get_by_text("Tiira")).not_to_have_count(0)  # the name on the note
    team.keys.shot("two-write-one-note")
    whole = before + text + after
    for person in (first, last):
        expect(person.editor).to_have_value(whole)
        person.done()
    team.texts[1] = whole
    for person in team.all:
        person.sees(*team.texts)


def caret(person: Person) -> tuple[int, int]:
    start, end = person.editor.evaluate("field => [field.selectionStart, field.selectionEnd]")
    return start, end


# -- split --------------------------------------------------------------------------------------


def split(team: Team) -> list[Group]:
    lead = team.lead
    actions.panel_tab(lead, "groups")
    panel = lead.page.get_by_role("complementary")
    how_many = panel.get_by_role("group", name=lead.t("breakout.how_many"))
    expect(how_many.get_by_role("status")).to_have_text("2")  # four participants make two groups
    lead.shot("groups-planned")
    lead.button("breakout.start").click()
    expect(lead.button("breakout.recall")).to_be_visible()
    groups = read_groups(team)
    for group in groups:
        for person in group.people:
            banner = person.t("workshop.my_group", name=group.name)
            expect(person.board.get_by_text(banner)).to_be_visible()
            person.sees(*team.texts)  # a group starts from what was written together
            person.sees_status("saved")
    return groups


def read_groups(team: Team) -> list[Group]:
    desk = team.desk()
    by_id = {each["id"]: each["name"] for each in desk["people"]}
    by_name = {person.name: person for person in team.participants}
    [breakout] = desk["breakouts"]
    groups = [
        Group(
            each["name"],
            "AB"[index],
            each["id"],
            each["board"],
            [by_name[by_id[person]] for person in each["people"]],
        )
        for index, each in enumerate(breakout["groups"])
    ]
    assert [len(group.people) for group in groups] == [2, 2]
    return groups


def write_in_groups(team: Team, groups: list[Group]) -> dict[str, list[str]]:
    """Everybody writes one note on their group's board; gives the texts of each group by its id."""
    own: dict[str, list[str]] = {}
    for group in groups:
        own[group.id] = [f"{person.name} ryhmästä {group.name}" for person in group.people]
        for person, text in zip(group.people, own[group.id], strict=True):
            person.put("challenges", text)
    for group in groups:
        for person in group.people:
            person.sees(*own[group.id])
        group.people[0].shot(f"group-{group.letter}")
    return own


def keep_groups_apart(team: Team, groups: list[Group], own: dict[str, list[str]]) -> None:
    """Another group's board is nowhere on the page, and asking for it by hand is refused."""
    for group, other in (groups, groups[::-1]):
        for person in group.people:
            page = person.page.content()
            assert not [text for text in own[other.id] if text in page]
            assert person.texts() == sorted(team.texts + own[group.id])
            for path in ("", "/export.json", "/export.pdf", "/snapshots"):
                status, problem = person.get(f"/api/boards/{other.board}{path}")
                assert (status, problem["code"]) == (403, "not-allowed")
            assert knock(person, other.board) == 4403
            assert knock(person, group.board) == 0


def knock(person: Person, board: str) -> int:
    """Ask for a board past the interface: the close code, or 0 when the server answers."""
    return int(
        person.page.evaluate(
            """board => new Promise(done => {
                const socket = new WebSocket(`ws://${location.host}/sync/${board}?ack=1`);
                socket.onopen = () => socket.send(new Uint8Array([0, 0, 1, 0]));  // what is there?
                socket.onmessage = () => (done(0), socket.close());
                socket.onclose = ({ code }) => done(code);
            })""",
            board,
        )
    )


def watch_both(team: Team, groups: list[Group]) -> None:
    """The facilitator sees every group's board change, in the drawer and by a visit."""
    lead = team.lead
    shared = len(team.texts)
    for group in groups:
        card = lead.page.get_by_role("article", name=group.name)
        expect(card.locator("figcaption")).to_contain_text(lead.t("board.notes", n=shared + 2))
        expect(card.locator("rect.note")).to_have_count(shared + 2)
    lead.shot("both-groups-live")
    visited = groups[1]
    card = lead.page.get_by_role("article", name=visited.name)
    card.get_by_role("button").click()
    expect(lead.board.get_by_text(lead.t("workshop.visiting", name=visited.name))).to_be_visible()
    lead.sees(f"{visited.people[0].name} ryhmästä {visited.name}")
    lead.shot("visiting")
    lead.board.get_by_role("button", name=lead.t("workshop.back_to_shared")).click()
    expect(lead.notes).to_have_count(shared)


# -- crash --------------------------------------------------------------------------------------


def crash_while_typing(
    team: Team, groups: list[Group], own: dict[str, list[str]], server: Server, folder: Path
) -> None:
    """`kill -9` in the middle of four sentences. What showed as saved is in the files then and
    there; the browsers find their way back by themselves, with all that was written meanwhile."""
    writers = team.participants
    texts = [f"{person.name} kirjoittaa, vaikka palvelin kaatuu" for person in writers]
    for person in team.all:
        person.forgive(OFFLINE)
    for person in writers:
        person.add("inspirations")
    promised: list[str] = []
    for at in typing(writers, texts):
        if at == 16:
            promised = [seen["text"] for seen in map(look, writers) if seen["saved"]]
            server.kill9()
    for person in team.all:
        person.sees_status("offline")
    team.mouse.shot("server-killed")
    shutil.copytree(server.data, folder / "as-it-was")
    server.restart()
    for person in team.all:
        person.sees_status("saved")
    for person in writers:
        person.done()
    team.mouse.shot("server-back")
    for group in groups:
        mine = [text for person, text in zip(writers, texts, strict=True) if person in group.people]
        own[group.id] += mine
        for person in group.people:
            person.sees(*team.texts, *own[group.id])
            assert person.texts() == sorted(team.texts + own[group.id])
    assert_durable(team, groups, promised, folder / "as-it-was")


def look(person: Person) -> dict[str, Any]:
    """The badge and the text in one look, so that both are of the same moment."""
    return dict(person.page.evaluate(SAVED_NOW))


def assert_durable(team: Team, groups: list[Group], promised: list[str], data: Path) -> None:
    """Another server on a copy of the files, as the crash left them, has what was promised."""
    print(f"{len(promised)} of 4 notes showed as saved when the server was killed")
    with running_server(data) as other:
        for group in groups:
            answer = team.lead.page.request.get(f"{other.url}/api/boards/{group.board}")
            found = [note["text"] for note in answer.json()["notes"]]
            for text in promised:
                if any(text.startswith(person.name) for person in group.people):
                    assert any(each.startswith(text) for each in found), (text, found)


# -- merge --------------------------------------------------------------------------------------


def merge(team: Team, groups: list[Group], own: dict[str, list[str]]) -> None:
    lead = team.lead
    lead.button("merge.merge").click()
    report = lead.page.get_by_role("complementary").get_by_role("status")
    added = sum(map(len, own.values()))
    expect(report).to_contain_text(lead.t("merge.added", n=added, board=lead.board_title))
    assert_gathered(team, groups, own)
    lead.shot("merged")


def assert_gathered(team: Team, groups: list[Group], own: dict[str, list[str]]) -> None:
    """On the shared board every note stands exactly once, with the mark of its group."""
    expected = sorted(
        [(text, None) for text in team.texts]
        + [(text, group.id) for group in groups for text in own[group.id]],
        key=str,
    )
    found = sorted(((note["text"], note["group"]) for note in team.board()["notes"]), key=str)
    assert found == expected
    expect(team.lead.notes).to_have_count(len(expected))
    for group in groups:
        for text in own[group.id]:
            expect(team.lead.note(text).locator(".group-mark")).to_have_text(group.letter)
    for text in team.texts:
        expect(team.lead.note(text).locator(".group-mark")).to_have_count(0)


def merge_again(team: Team) -> None:
    lead = team.lead
    before = team.board()
    lead.button("merge.again").click()
    report = lead.page.get_by_role("complementary").get_by_role("status")
    expect(report).to_have_text(lead.t("merge.nothing_new"))
    assert team.board() == before
    lead.shot("merged-again")


def merge_what_is_new(team: Team, groups: list[Group], own: dict[str, list[str]]) -> None:
    """A group went on after the merge: the next one brings just that."""
    late = "Vielä yksi asia"
    groups[0].people[0].put("challenges", late)
    groups[0].people[1].sees(late)
    own[groups[0].id].append(late)
    lead = team.lead
    lead.button("merge.again").click()
    report = lead.page.get_by_role("complementary").get_by_role("status")
    expect(report).to_contain_text(lead.t("merge.added", n=1, board=lead.board_title))
    assert_gathered(team, groups, own)


def recall(team: Team, own: dict[str, list[str]]) -> None:
    team.lead.button("breakout.recall").click()
    team.texts += [text for texts in own.values() for text in texts]
    for person in team.participants:
        expect(person.page.get_by_text(person.t("workshop.recalled"))).to_be_visible()
        person.sees(*team.texts)
        assert person.texts() == sorted(team.texts)
    for person in team.all:
        person.shot(f"recalled-{person.name}")


# -- export -------------------------------------------------------------------------------------


def export(team: Team) -> None:
    lead = team.lead
    lead.page.get_by_role("tab", name=lead.t("panel.tab_outputs")).click()
    lead.shot("export")
    assert sorted(note["text"] for note in team.board()["notes"]) == sorted(team.texts)
    as_data, as_text = (download(team, kind).decode() for kind in ("json", "md"))
    assert not [text for text in team.texts if text not in as_data or text not in as_text]
    pages = PdfReader(io.BytesIO(download(team, "pdf"))).pages
    words = squeezed(" ".join(page.extract_text() for page in pages))
    assert not [text for text in team.texts if squeezed(text) not in words]


def squeezed(text: str) -> str:
    """Without white space and soft hyphens: a line may end anywhere in a document."""
    return "".join(text.replace("\N{SOFT HYPHEN}", "").split())


def download(team: Team, kind: str) -> bytes:
    lead = team.lead
    link = file_link(lead, lead.board_title, kind)
    with lead.page.expect_download() as started:
        link.click()
    path = started.value.path()
    assert started.value.suggested_filename.endswith(f".{kind}")
    kept = lead.screens.folder / f"board.{kind}"
    shutil.copyfile(path, kept)
    return kept.read_bytes()
