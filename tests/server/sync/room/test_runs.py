"""What somebody sent in one go: served as if it had come piece by piece, only quicker (RM12)."""

import json
import random
from functools import partial

from pycrdt import Text

from boards import edits
from boards.document import Document
from boards.schema import read_board
from server.store.memory import MemoryStore
from server.sync.room.inbox import RUN
from server.sync.wire import messages
from server.sync.wire.messages import AwarenessEntry
from tests.support.rooms import BOARD, Client, access, board_rooms, settled
from tests.support.seed import rounds
from tests.support.updates.runs import at_once, frames, new_note, synced


async def test_rm12_a_run_is_applied_in_one_go_and_every_edit_is_acked_and_stored() -> None:
    store = MemoryStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        ann, bea = synced(room), synced(room)
        at_once(ann, frames(ann, 1))
        document, events = room.document, list[object]()
        assert document is not None
        watching = document.watch("notes", lambda heard: events.append(None))
        sent = frames(ann, 3 * RUN + 1)
        at_once(ann, sent)
        watching.drop()
        assert len(events) == 4
        await settled(rooms)
        bea.hear()
        ann.hear()
        assert bea.texts() == ann.texts()
        assert ann.acked == ann.connection.received == 2 + 1 + len(sent)
        stored = await store.load(BOARD)
        assert stored is not None
        assert [messages.update(each) for each in stored.updates[-len(sent) :]] == sent


async def test_rm12_a_newcomer_gets_what_came_in_a_run() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = synced(room), synced(room)
        at_once(ann, frames(ann, 1))
        await settled(rooms)
        bea.hear()
        bea.reconnect()
        bea.sync()
        at_once(ann, frames(ann, 3))
        await settled(rooms)
        assert synced(room).texts() == ann.texts()
        bea.reconnect()
        bea.sync()
        assert bea.texts() == ann.texts()


async def test_rm12_frames_are_served_in_their_order() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = synced(room)
        at_once(ann, frames(ann, 1))
        await settled(rooms)
        ann.hear()
        at_once(ann, [*frames(ann, 2), messages.sync_step1(b"\0")])
        await settled(rooms)
        texts, ann.document = ann.texts(), Document()
        ann.hear()
        assert ann.texts() == texts


async def test_rm12_a_run_that_fills_a_gap_lets_in_what_waited() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = synced(room), synced(room)
        first, second, third, fourth = frames(ann, 4)
        at_once(ann, [first])
        at_once(ann, [fourth])
        assert len(ann.connection.parked) == 1
        at_once(ann, [second, third])
        await settled(rooms)
        bea.hear()
        assert bea.texts() == ann.texts()


async def test_rm12_what_deletes_something_unseen_waits_in_a_run_too() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = synced(room), synced(room)
        at_once(bea, frames(bea, 1))
        bea.document.apply_update(ann.document.record(partial(new_note, ann.document, 1))[1])
        unseen = next(note.id for note in bea.board().notes if note.text == "note 1")

        def change() -> None:
            new_note(bea.document, 2)
            del bea.document.root("notes")[unseen]

        at_once(bea, [*frames(bea, 2), messages.update(bea.document.record(change)[1])])
        assert len(bea.connection.parked) == 1


async def test_a_commit_is_told_to_whom_it_concerns() -> None:
    """A sole author hears nothing of it again; who has moved hears it without their own cursor."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = synced(room), synced(room)
        await settled(rooms)
        ann.hear()
        bea.hear()
        at_once(ann, frames(ann, 2))
        at_once(bea, [messages.awareness([AwarenessEntry(7, 1, "{}")])])
        await settled(rooms)
        assert [type(each) for each in ann.hear()] == [messages.Awareness]
        assert [type(each) for each in bea.hear()] == [messages.Update]
        assert bea.texts() == ann.texts()


async def test_rm12_however_it_is_cut_a_session_ends_the_same(dice: random.Random) -> None:
    for _ in range(rounds(20)):
        script = session(dice)
        one, whole, some = [await outcome(script, cut, dice) for cut in ("one", "all", "some")]
        assert one == whole == some


def session(dice: random.Random) -> list[bytes]:
    """Frames of somebody who writes, types, moves, deletes, repeats, runs ahead and points."""
    document, sent, held = Document(), list[bytes](), list[bytes]()
    notes: list[str] = []
    for number in range(dice.randrange(5, 60)):
        update = b""
        match dice.randrange(8) if notes else 0:
            case 0:
                note, update = document.record(partial(new_note, document, number))
                notes.append(note)
            case 1 | 2 | 3:
                text: Text = document.root("notes")[dice.choice(notes)]["text"]
                letter = dice.choice(["a", "ä", "🌲", "words "])
                update = document.record(partial(text.insert, len(text), letter))[1]
            case 4:
                note, x = dice.choice(notes), dice.randrange(900)
                move = partial(edits.move_note, document, BOARD, note, zone="inspirations")
                update = document.record(partial(move, position=(x, 5)))[1]
            case 5:
                note = dice.choice(notes)
                update = document.record(partial(edits.delete_note, document, note))[1]
            case 6:
                sent.append(messages.awareness([AwarenessEntry(7, number, f'{{"at":{number}}}')]))
            case 7:
                again = [frame for frame in sent if frame[0] == messages.SYNC]
                sent += [dice.choice(again), messages.update(b"\0\0")] if again else []
        if update:
            held.append(messages.update(update))
        if dice.random() < 0.8:
            dice.shuffle(held)
            sent += held
            held.clear()
    return [*sent, *held, messages.sync_step2(document.get_update())]


async def outcome(script: list[bytes], cut: str, dice: random.Random) -> object:
    """What everybody reads in the end, and what is stored; all of it was acked to its author."""
    store = MemoryStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        author, other = synced(room, Client(room, access("author"))), synced(room)
        at = 0
        while at < len(script):
            size = {"one": 1, "all": len(script), "some": dice.randrange(1, 20)}[cut]
            at_once(author, script[at : at + size])
            at += size
            if cut == "some" and dice.random() < 0.3:
                await settled(rooms)
        for _ in range(2):  # it answers the server's SyncStep1, and hears that this is durable
            await settled(rooms)
            author.hear()
        other.hear()
        assert room.document is not None
        board = read_board(room.document, BOARD, "notes", "phenomena")
        assert author.error is None
        assert author.acked == author.connection.received
        texts = sorted(note.text for note in board.notes)
        assert other.texts() == texts
        stored = await store.load(BOARD)
        assert stored is not None
        return texts, stored.updates


async def test_rm12_of_states_in_one_go_the_last_is_shown() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = synced(room), synced(room)
        states = [messages.awareness([AwarenessEntry(7, n, f'{{"at":{n}}}')]) for n in range(1, 5)]
        echo = messages.awareness([AwarenessEntry(9, 3, "{}")])
        both = messages.awareness([AwarenessEntry(7, 9, '{"at":9}'), AwarenessEntry(9, 4, "{}")])
        at_once(ann, [*states, echo])
        room._subscribers._send_presence()
        at_once(ann, [*states, both, echo])
        room._subscribers._send_presence()
        shown = [state_of(message) for message in bea.hear()]
        assert shown == [4, 9]
        at_once(ann, [messages.awareness([AwarenessEntry(7, 10, "no JSON")])])
        assert ann.error is not None
        await settled(rooms)


def state_of(message: messages.Message) -> object:
    assert isinstance(message, messages.Awareness)
    [(client, _, text)] = messages.read_awareness(message.update)
    assert client == 7
    return json.loads(text)["at"]
