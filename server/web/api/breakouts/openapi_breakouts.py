"""The description of the calls on group work while it goes on; part of openapi.py."""

from server.web.api.openapi_shapes import (
    EMPTY,
    ID,
    TRUTH,
    WHOLE,
    Json,
    answered,
    answers,
    call,
    many,
    maybe,
    pair,
    ref,
    taken,
    takes,
)

__all__ = ["BREAKOUTS", "BREAKOUT_SCHEMAS"]

BREAKOUT_SCHEMAS: Json = {
    "Gathered": answered(
        gathered={
            **maybe(ref("Merged")),
            "description": "null when it ended otherwise, or nobody knows any more",
        }
    ),
    "Merging": taken(
        groups={**many(ID), "minItems": 1, "description": "whose work comes; all if left out"}
    ),
    "MergePreview": answered(
        groups=many(
            answered(
                id=ID,
                added=many(ref("Note")),
                changed={**WHOLE, "description": "notes of the shared board that would change"},
                removed={**WHOLE, "description": "notes of the shared board that would go"},
                there={**WHOLE, "description": "notes of the group that stand there already"},
                more={**TRUTH, "description": "something else than notes would come"},
            )
        ),
        edited_on_both_sides=many(ref("Note")),
        likely_duplicates=many(pair(ref("Note"))),
    ),
    "GroupChoice": taken("group", group={**maybe(ID), "description": "null: none"}),
    "CallForHelp": taken(
        "help",
        help={**TRUTH, "description": "false takes it back, or answers it"},
        group={**ID, "description": "one's own where it is left out; who leads has to say"},
    ),
    "GroupMessage": taken(
        "text",
        text={**maybe({"type": "string", "maxLength": 500}), "description": "null takes it away"},
        group={**ID, "description": "all groups where it is left out"},
    ),
    "NewRecall": {
        "anyOf": [
            taken(
                "seconds",
                seconds={
                    **maybe({"type": "integer", "minimum": 5, "maximum": 3600}),
                    "description": "of notice, from now on; null calls it off",
                },
                gather={**TRUTH, "description": "bring home what the groups have done"},
            ),
            taken(
                "add_seconds",
                add_seconds={
                    "type": "integer",
                    "minimum": -3600,
                    "maximum": 3600,
                    "description": "later; a notice that was called off meanwhile stays so",
                },
            ),
        ]
    },
}

BREAKOUTS: Json = {
    "/api/breakouts/{breakout}/preview": {
        "get": call(
            "What a merge would bring if it came now, group by group; nothing changes",
            answers(200, "What would come", ref("MergePreview")),
            parameters="breakout",
        ),
    },
    "/api/breakouts/{breakout}/gathered": {
        "get": call(
            "What came home as the group work ended by itself",
            answers(200, "What it brought", ref("Gathered")),
            parameters="breakout",
        ),
    },
    "/api/breakouts/{breakout}/choose": {
        "post": call(
            "Go to a group of one's own choice, where that is open to those who take part",
            answers(200, "The breakout", ref("Breakout")),
            parameters="breakout",
            **takes(ref("GroupChoice")),
        ),
    },
    "/api/breakouts/{breakout}/help": {
        "post": call(
            "A group asks who leads for help, or no more",
            answers(200, "The breakout", ref("Breakout")),
            parameters="breakout",
            **takes(ref("CallForHelp")),
        ),
    },
    "/api/breakouts/{breakout}/message": {
        "post": call(
            "A word to all groups, or to one",
            answers(200, "The breakout", ref("Breakout")),
            parameters="breakout",
            **takes(ref("GroupMessage")),
        ),
    },
    "/api/breakouts/{breakout}/reopen": {
        "post": call(
            "Group work that was over goes on, in the same groups on the same boards",
            answers(200, "The breakout", ref("Breakout")),
            parameters="breakout",
            **takes(EMPTY, required=False),
        ),
    },
    "/api/breakouts/{breakout}/recall": {
        "post": call(
            "Give notice: the group work is over by itself after so long",
            answers(200, "The breakout", ref("Breakout")),
            parameters="breakout",
            **takes(ref("NewRecall")),
        ),
    },
}
