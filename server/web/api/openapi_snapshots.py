"""The calls of snapshots, as OpenAPI describes them."""

from server.web.api.openapi_shapes import answers, call, ref, takes

__all__ = ["SNAPSHOTS"]

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
    "/api/snapshots/{snapshot}/restore": {
        "post": call(
            "Make the board as it was, or take back the merge that came after (facilitator)",
            answers(200, "What changed", ref("WentBack")),
            parameters="snapshot",
            **takes(ref("Restore"), required=False),
        ),
    },
}
