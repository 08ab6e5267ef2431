"""An honest edit that goes too far is taken in, and what is too much taken back (JD5, JD12, JD15).

Every case ends with the same question: is the next honest edit of this person saved, over this
connection, their other device's, and a new one?
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Map, Text

from boards import edits
from boards.document import Document
from server.store.memory import MemoryStore
from server.sync.limits import SyncLimits
from server.sync.rooms import Rooms
from server.sync.wire import messages
from tests.support.rooms import BOARD, Client, access, board_rooms, settled

SMALL = SyncLimits(
    messages_per_second=0,
    commit_seconds=0,
    note_characters=10,
    name_characters=10,
    answer_characters=10,
    notes=3,
)
LONG = "0123456789too long"
TEXT = [("JD5", "text-too-long", 1, ["too long"])]
Change = Callable[[Document], object]


def send(client: Client, change: Change) -> None:
    client.send_update(client.document.record(lambda: change(client.document))[1])


async def told(rooms: Rooms, client: Client) -> list[tuple[str, str, int, list[str]]]:
    """What was put right, once it has heard everything: rule, code, how many, which texts."""
    for _ in range(2):  # it may be asked something, and its answer is acked as well
        await settled(rooms)
        client.hear()
    assert (client.error, client.not_taken) == (None, [])
    assert client.acked == client.connection.received
    return [(n["rule"], n["code"], n["count"], n["texts"]) for _, n in client.notices]


async def check_that_life_goes_on(rooms: Rooms, *clients: Client) -> None:
    """What each writes next is saved, now and after coming back, and all show the same."""
    for client in clients:
        for _ in range(2):
            send(client, lambda document: document.root("answers")["q"].insert(0, "."))
            await told(rooms, client)
            client.reconnect()
            client.sync()
            client.hear()
    for client in clients:
        await told(rooms, client)
    first = content(clients[0])
    assert all(content(client) == first for client in clients)
    assert first["answers"] == {"q": "." * 2 * len(clients)}


def content(client: Client) -> dict[str, Any]:
    roots = "notes", "themes", "links", "votes", "answers", "experiments"
    return {root: client.document.root(root).to_py() for root in roots}


def map_of(field: str, text: str) -> Map[Any]:
    return Map({field: Text(text), "zone": "challenges", "at": 1})


def put(root: str, field: str, text: str) -> Change:
    return lambda document: document.root(root).update({"new": map_of(field, text)})


def type_into(root: str, field: str) -> Change:
    """What is typed at the beginning stays; what was there before gives way at its end."""
    return lambda document: document.root(root)["old"][field].insert(0, "01234567")


FIELDS = [("notes", "text"), ("themes", "name"), ("experiments", "what")]


@pytest.mark.parametrize("how", ["live", "run", "step 2", "parked"])
@pytest.mark.parametrize(("root", "field"), FIELDS, ids=["note", "theme", "experiment"])
@pytest.mark.parametrize("make", [put, type_into], ids=["new", "typed"])
async def test_jd5_a_text_ends_where_its_limit_is(
    root: str, field: str, make: Callable[..., Change], how: str
) -> None:
    """Whichever way the edit came, and wherever in it the text is."""
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        room.edit(lambda document: edits.seed_answers(document, ("q",)))
        room.edit(lambda document: document.root(root).update({"old": map_of(field, "abcd")}))
        await settled(rooms)
        who = access("ann")
        ann, tablet, bea = Client(room, who), Client(room, who), Client(room)
        for client in ann, tablet, bea:
            client.sync()
        change = make(root, field, LONG) if make is put else make(root, field)
        update = ann.document.record(lambda: change(ann.document))[1]
        await arrives(ann, update, how)
        tail = "cd" if make is type_into else "too long"
        assert await told(rooms, ann) == [("JD5", "text-too-long", 1, [tail])]
        key = "new" if make is put else "old"
        expected = "01234567ab" if make is type_into else "0123456789"
        assert content(ann)[root][key][field] == expected
        await check_that_life_goes_on(rooms, ann, tablet, bea)


async def test_jd5_a_field_that_an_experiment_gets_later_is_as_short() -> None:
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        plans = {"old": map_of("what", "abcd")}
        room.edit(lambda document: document.root("experiments").update(plans))
        await settled(rooms)
        ann = Client(room)
        ann.sync()
        send(ann, lambda document: document.root("experiments")["old"].update({"why": Text(LONG)}))
        assert await told(rooms, ann) == TEXT
        assert content(ann)["experiments"]["old"]["why"] == "0123456789"


async def arrives(client: Client, update: bytes, how: str) -> None:
    if how == "live":
        client.send_update(update)
    elif how == "step 2":
        client.send(messages.sync_step2(client.document.get_update()))
    elif how == "run":
        second = write_key(client)
        client.room.receive(client.connection, messages.update(update), messages.update(second))
    else:
        ahead = write_key(client)
        client.send_update(ahead)
        assert client.connection.parked
        client.send_update(update)


def write_key(client: Client) -> bytes:
    """A placement: an edit that nothing is wrong with."""
    root = client.document.root(f"layout/{BOARD}")
    return client.document.record(lambda: root.update({"x": [1, 2]}))[1]


async def test_jd5_of_an_answer() -> None:
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        room.edit(lambda document: edits.seed_answers(document, ("q", "long")))
        await settled(rooms)
        ann, bea = Client(room), Client(room)
        ann.sync()
        bea.sync()
        send(ann, lambda document: document.root("answers")["long"].insert(0, LONG))
        assert await told(rooms, ann) == TEXT
        bea.hear()
        assert content(bea)["answers"]["long"] == "0123456789"


async def test_jd5_two_who_write_at_once_pass_the_limit_together_and_both_go_on() -> None:
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        room.edit(lambda document: edits.seed_answers(document, ("q",)))
        room.edit(lambda document: document.root("notes").update({"n": map_of("text", "")}))
        await settled(rooms)
        ann, bea = Client(room), Client(room)
        ann.sync()
        bea.sync()
        send(ann, lambda document: document.root("notes")["n"]["text"].insert(0, "äääää🌲"))
        send(bea, lambda document: document.root("notes")["n"]["text"].insert(0, "ööööö🌲"))
        heard = [await told(rooms, who) for who in (ann, bea)]
        assert heard[0] == []
        [(_, code, count, [tail])] = heard[1]
        assert (code, count, len(tail)) == ("text-too-long", 1, 2)
        assert len(content(ann)["notes"]["n"]["text"]) == 10
        await check_that_life_goes_on(rooms, ann, bea)


async def test_jd5_what_merging_made_too_long_is_not_cut_by_who_goes_on_writing() -> None:
    """Only what an edit adds to it is: two groups' texts stand there whole."""
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        room.edit(lambda document: edits.seed_answers(document, ("q",)))
        room.edit(lambda document: document.root("notes").update({"n": map_of("text", "ä" * 20)}))
        await settled(rooms)
        ann, bea = Client(room), Client(room)
        ann.sync()
        bea.sync()
        text: Text = ann.document.root("notes")["n"]["text"]

        def type_over(document: Document) -> None:
            del text[0:4]
            text.insert(0, "uu")

        send(ann, type_over)
        assert await told(rooms, ann) == []
        assert str(text) == "uu" + "ä" * 18
        send(ann, lambda document: text.insert(0, "xxx"))
        assert [code for _, code, _, _ in await told(rooms, ann)] == ["text-too-long"]
        assert str(text) == "xxxuu" + "ä" * 16
        await check_that_life_goes_on(rooms, ann, bea)


def entry(root: str, number: int) -> Any:
    if root == "links":
        return {"from": f"n{number}", "to": "b", "kind": "relates"}
    return map_of(dict(FIELDS)[root], f"t{number}")


@pytest.mark.parametrize("how", ["live", "run", "step 2", "parked"])
@pytest.mark.parametrize("root", ["notes", "themes", "links", "experiments"])
async def test_jd15_of_too_many_those_that_were_added_last_are_taken_out(
    root: str, how: str
) -> None:
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        room.edit(lambda document: edits.seed_answers(document, ("q",)))
        await settled(rooms)
        who = access("ann")
        ann, tablet, bea = Client(room, who), Client(room, who), Client(room)
        for client in ann, tablet, bea:
            client.sync()
        send(bea, lambda document: document.root(root).update({"a": entry(root, 0)}))
        await settled(rooms)
        new = {f"b{number}": entry(root, number) for number in range(1, 4)}
        update = ann.document.record(lambda: ann.document.root(root).update(new))[1]
        await arrives(ann, update, how)
        texts = [] if root == "links" else ["t3"]
        assert await told(rooms, ann) == [("JD15", f"board-full-of-{root}", 1, texts)]
        assert sorted(content(ann)[root]) == ["a", "b1", "b2"]
        await check_that_life_goes_on(rooms, ann, tablet, bea)


async def test_jd15_the_earliest_of_those_that_come_together_stay() -> None:
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        times = {"a": 4, "b": 3, "c": 2, "d": 1, "e": None}
        new = {
            key: Map({"text": Text(key), "zone": "z", **({} if at is None else {"at": at})})
            for key, at in times.items()
        }
        send(ann, lambda document: document.root("notes").update(new))
        [(_, _, count, texts)] = await told(rooms, ann)
        assert (count, sorted(texts)) == (2, ["a", "b"])
        assert sorted(content(ann)["notes"]) == ["c", "d", "e"]


async def test_jd15_what_merging_made_too_many_may_be_edited_and_gets_no_more() -> None:
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        many = {f"n{number}": map_of("text", "x") for number in range(5)}
        room.edit(lambda document: document.root("notes").update(many))
        await settled(rooms)
        ann = Client(room)
        ann.sync()
        send(ann, lambda document: edits.delete_note(document, "n1"))
        send(ann, lambda document: document.root("notes")["n2"]["text"].insert(0, "y"))
        assert await told(rooms, ann) == []
        send(ann, put("notes", "text", "y"))
        assert [code for _, code, _, _ in await told(rooms, ann)] == ["board-full-of-notes"]
        assert len(content(ann)["notes"]) == 5


async def test_jd12_an_edit_and_what_puts_it_right_are_one_commit_and_told_together() -> None:
    """The notice comes before the ack, and nobody ever sees what was too much."""
    store = MemoryStore()
    async with board_rooms(store, limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room)
        ann.sync()
        bea.sync()
        await settled(rooms)
        ann.hear()
        bea.hear()
        send(ann, put("notes", "text", LONG))
        before = rooms.committer.commits
        await settled(rooms)
        assert rooms.committer.commits == before + 1
        kinds = [frame[0] for frame in ann.outbox.messages]
        assert kinds.index(messages.NOTICE) < len(kinds) - 1 - kinds[::-1].index(messages.ACK)
        [(number, notice)] = [
            messages.read_notice(frame)
            for frame in ann.outbox.messages
            if frame[0] == messages.NOTICE
        ]
        assert number == ann.connection.received
        assert set(notice) == {"id", "rule", "code", "texts", "count"}
        assert len([frame for frame in bea.outbox.messages if frame[:2] == b"\0\2"]) == 1
        bea.hear()
        assert bea.texts() == ["0123456789"]
        stored = await store.load(BOARD)
        assert stored is not None
        assert stored.seq == 3


async def test_jd12_who_asks_for_no_frames_of_ours_is_put_right_as_well() -> None:
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        stock = Client(room, stock=True)
        stock.sync()
        send(stock, put("notes", "text", LONG))
        await settled(rooms)
        stock.hear()
        assert (stock.error, stock.notices, stock.texts()) == (None, [], ["0123456789"])
        stock.reconnect()
        stock.sync()
        stock.hear()
        assert stock.notices == []


async def test_jd12_what_could_not_stay_fits_a_frame() -> None:
    limits = replace(SMALL, notes=1, note_characters=4000)
    async with board_rooms(limits=limits) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        new = {f"n{number:03}": map_of("text", "ä" * 1500) for number in range(60)}
        send(ann, lambda document: document.root("notes").update(new))
        [(_, _, count, texts)] = await told(rooms, ann)
        assert count == 59
        assert 20 < len(texts) < 30
        assert sum(len(text.encode()) for text in texts) <= 64 << 10


async def test_cn9_jd12_a_notice_is_told_again_to_its_author_alone_and_on_this_board() -> None:
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room)
        ann.sync()
        bea.sync()
        send(ann, put("notes", "text", LONG))
        ann.room.leave(ann.connection)  # gone before the commit that it would have heard of
        await settled(rooms)
        for client in ann, bea:
            client.reconnect()
            client.sync()
            client.ask()
            client.hear()
        assert [(number, notice["texts"]) for number, notice in ann.notices] == [(0, ["too long"])]
        assert bea.notices == []


async def test_jd12_what_the_server_repairs_it_writes_under_a_client_id_of_its_own() -> None:
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        send(ann, put("notes", "text", LONG))
        await settled(rooms)
        ann.hear()
        assert room.document is not None
        own = room.document.doc.client_id
        assert own in room.loaded_board()._owners
        assert not room.loaded_board()._owners.are(ann.access.person, {own})


async def test_jd12_a_rule_that_honest_clients_keep_is_no_reason_to_keep_the_rest() -> None:
    async with board_rooms(limits=SMALL) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        odd = {"a": map_of("text", LONG), "b": "no map"}
        send(ann, lambda document: document.root("notes").update(odd))
        assert ann.error is not None
        assert ann.error.close_code == 4422
        while room.document is None:
            await settled(rooms)
        assert not room.document.root("notes").to_py()


@pytest.mark.parametrize("how", ["live", "run"])
async def test_jd15_what_is_written_into_a_note_that_was_taken_out_is_told(how: str) -> None:
    """Its author does not know yet, or is offline: the letters have no place, and are not lost."""
    async with board_rooms(limits=replace(SMALL, notes=1)) as rooms, rooms.hold(BOARD) as room:
        room.edit(lambda document: document.root("notes").update({"n": map_of("text", "x")}))
        await settled(rooms)
        ann = Client(room)
        ann.sync()
        new = ann.document.record(lambda: put("notes", "text", "")(ann.document))[1]
        text: Text = ann.document.root("notes")["new"]["text"]
        old: Text = ann.document.root("notes")["n"]["text"]
        typed = ann.document.record(lambda: text.insert(0, "ä🌲b"))[1]
        away = ann.document.record(lambda: text.insert(len(text), "deleted by its author"))[1]
        clear = ann.document.record(lambda: text.clear())[1]
        kept = ann.document.record(lambda: old.insert(0, "y"))[1]
        sent = [messages.update(update) for update in (new, typed, away, clear, kept)]
        if how == "run":
            ann.room.receive(ann.connection, *sent)
        else:
            for frame in sent:
                ann.send(frame)
        heard = [(code, texts) for _, code, _, texts in await told(rooms, ann)]
        assert heard == [
            ("board-full-of-notes", []),
            ("note-gone", ["ä🌲b"]),
            ("note-gone", ["deleted by its author"]),
        ]
        assert content(ann)["notes"]["n"]["text"] == "yx"
        assert list(content(ann)["notes"]) == ["n"]
