"""The calls of snapshots and of what became of boards, as OpenAPI describes them."""

from server.web.api.openapi_shapes import (
    ID,
    TEXT,
    TIME,
    WHOLE,
    Json,
    answered,
    answers,
    call,
    many,
    maybe,
    ref,
    taken,
    takes,
)

__all__ = ["SNAPSHOTS", "SNAPSHOT_SCHEMAS"]

SNAPSHOT: Json = answered(
    id=ID,
    name=TEXT,
    at=TIME,
    board=ID,
    cause={"enum": ["by_hand", "merge", "restore", "move", "recall", "activity"]},
    person=maybe(ID),
    merge={
        **maybe({"enum": ["done", "undone"]}),
        "description": "of the merge that came after it, where that can be taken back",
    },
)
TOUCHED: Json = many(
    answered(
        kind={"enum": ["note", "theme", "experiment", "answer"]},
        id=TEXT,
        text={**TEXT, "description": "as it reads now, its beginning"},
        was={**maybe(TEXT), "description": "as it read before, where that is something else"},
    )
)
SNAPSHOT_SCHEMAS: Json = {
    "Snapshot": SNAPSHOT,
    "NewSnapshot": taken("name", name={**TEXT, "minLength": 1, "maxLength": 120}),
    "Restore": taken(mode={"enum": ["in_place", "undo_merge"], "default": "in_place"}),
    "WentBack": answered(snapshot=maybe(ID), deleted=WHOLE, restored=WHOLE),
    "Doings": answered(deleted=TOUCHED, moved=TOUCHED, changed=TOUCHED),
    "TakeBack": taken(
        "person since",
        person=ID,
        since={**TIME, "description": "ms since 1970; what was done then or later"},
        what={
            "type": "array",
            "items": {"enum": ["deleted", "moved", "changed"]},
            "maxItems": 3,
            "description": "all of it if left out",
        },
    ),
    "PutBack": answered(snapshot=maybe(ID), deleted=WHOLE, moved=WHOLE, changed=WHOLE),
    "Replay": answered(
        begins={**WHOLE, "description": "the moment with which what is kept begins; 0: nothing"},
        moments=many(
            answered(
                seq={**WHOLE, "description": "its number"},
                at=TIME,
                who={**many(ID), "description": "people, as far as known"},
                updates=WHOLE,
                notes={**WHOLE, "description": "on the board then"},
                added={**WHOLE, "description": "notes, without what groups brought"},
                deleted=WHOLE,
                changed={**WHOLE, "description": "notes in other words or another colour"},
                moved={**WHOLE, "description": "notes, not changed otherwise"},
                answers={**WHOLE, "description": "that read otherwise than before"},
                experiments={**WHOLE, "description": "that read otherwise than before"},
                brought=many(answered(group=ID, notes=WHOLE)),
            )
        ),
    ),
    "SnapshotWithContent": answered(**SNAPSHOT["properties"], content=ref("Board")),
}

SNAPSHOTS = {
    "/api/boards/{board}/snapshots": {
        "get": call(
            "The snapshots of a board, oldest first",
            answers(200, "The list", {"type": "array", "items": ref("Snapshot")}),
            parameters="board",
        ),
        "post": call(
            "Keep the board as it stands, under a name (facilitator)",
            answers(201, "The snapshot", ref("Snapshot")),
            parameters="board",
            **takes(ref("NewSnapshot")),
        ),
    },
    "/api/snapshots/{snapshot}": {
        "get": call(
            "A board as it was",
            answers(200, "The snapshot with its board", ref("SnapshotWithContent")),
            parameters="snapshot",
        ),
        "delete": call(
            "Forget a snapshot; the board stays as it is (facilitator)",
            {"204": {"description": "It is gone"}},
            parameters="snapshot",
        ),
    },
    "/api/snapshots/{snapshot}/picture.svg": {
        "get": call(
            "A board as it was, drawn",
            answers(200, "The picture", {"type": "string"}, "image/svg+xml"),
            parameters="snapshot language",
        ),
    },
    "/api/boards/{board}/moments": {
        "get": call(
            "How a board came about, step by step, oldest first; in longer steps where it is old",
            answers(200, "The moments", ref("Replay")),
            parameters="board",
        ),
    },
    "/api/boards/{board}/moments/{moment}": {
        "get": call(
            "A board as it stood at a moment",
            answers(200, "The board", ref("Board")),
            parameters="board moment",
        ),
    },
    "/api/snapshots/{snapshot}/copy": {
        "post": call(
            "Open a new workshop that has a board as it was; nothing changes here (facilitator)",
            answers(201, "The workshop, and the facilitator's ways in", ref("Created")),
            parameters="snapshot",
            **takes(ref("NextRound"), required=False),
        ),
    },
    "/api/boards/{board}/changes/{person}": {
        "get": call(
            "What somebody deleted, moved and changed on a board and nobody has touched since "
            "(facilitator)",
            answers(200, "What it was", ref("Doings")),
            parameters="board person since",
        ),
    },
    "/api/boards/{board}/restore": {
        "post": call(
            "Take back what somebody did to a board; what others wrote stays (facilitator)",
            answers(200, "How much came back", ref("PutBack")),
            parameters="board",
            **takes(ref("TakeBack")),
        ),
    },
    "/api/snapshots/{snapshot}/restore": {
        "post": call(
            "Make the board as it was, or take back the merge that came after (facilitator)",
            answers(200, "What changed", ref("WentBack")),
            parameters="snapshot",
            **takes(ref("Restore"), required=False),
        ),
    },
}
