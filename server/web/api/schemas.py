"""Shapes of what calls take and answer, as JSON Schema 2020-12 (data of openapi.py)."""

from boards.desk import Breakout, Desk, Timer
from boards.desk_parts.board_rights import MOST_NOTES, SCOPES
from server.web.api.described import described
from server.web.api.openapi_shapes import (
    DAY,
    ID,
    LANGUAGE,
    MINUTES,
    NAME,
    ROLE,
    ROUND_STATE,
    TEXT,
    TIME,
    TRUTH,
    WHOLE,
    Json,
    answered,
    many,
    maybe,
    pair,
    parameter,
    ref,
    taken,
)

__all__ = ["PARAMETERS", "SCHEMAS"]

SCOPE: Json = {"enum": list(SCOPES)}
MOST: Json = {"type": "integer", "minimum": 1, "maximum": MOST_NOTES}
DOTS: Json = {"type": "integer", "minimum": 1, "maximum": 20}
WORDS: Json = {
    "description": "in every language, or by language",
    "anyOf": [TEXT, {"type": "object", "additionalProperties": TEXT}],
}
POSITION: Json = {"type": "array", "items": WHOLE, "minItems": 2, "maxItems": 2}
NOTE: Json = answered(
    id=TEXT,
    zone=TEXT,
    text=TEXT,
    color=TEXT,
    group=maybe(TEXT),
    author=maybe(TEXT),
    theme=maybe(TEXT),
    at=TIME,
    carried={**TRUTH, "description": "from the last round"},
    position=maybe(POSITION),
    votes={**maybe(WHOLE), "description": "dots; null while their numbers are hidden from you"},
)
BREAKOUT: Json = described(Breakout)
DESK: Json = described(Desk, named={Timer: "Timer", Breakout: "Breakout"})

DELETION: Json = {
    "board": ID,
    "person": {**maybe(ID), "description": "null: somebody who is no longer here"},
    "from": TIME,
    "until": TIME,
    "count": {**WHOLE, "description": "notes that are still gone"},
    "others": {**WHOLE, "description": "of them, those that others wrote"},
}

SCHEMAS: Json = {
    "Problem": {
        **answered(type=TEXT, title=TEXT, status=WHOLE, code=TEXT, detail=TEXT),
        "additionalProperties": True,
    },
    "NewWorkshop": taken(
        workbook={"type": "string", "default": "valoa"},
        workbook_toml={"type": "string", "description": "a workbook of one's own, as TOML"},
        workbook_file={"type": "string", "maxLength": 120, "description": "its name in messages"},
        title={"type": "string", "maxLength": 120},
        language={**LANGUAGE, "default": "fi"},
        name=NAME,
        joining={
            **DESK["properties"]["joining"],
            "default": "open",
            "description": "closed: nobody else gets in until who leads opens it",
        },
    ),
    "Created": answered(
        id=ID,
        person=ID,
        token=TEXT,
        join_code=TEXT,
        join_url=TEXT,
        facilitator_url=TEXT,
        return_code=TEXT,
        boards=many(answered(id=ID, key=TEXT, kind=TEXT)),
    ),
    "Addresses": answered(
        origins=many(TEXT),
        only_here={**TRUTH, "description": "no other machine gets there"},
        known={**TRUTH, "description": "the server knows the address asked at as its own"},
    ),
    "PersonData": answered(
        at=TIME,
        workshop=answered(id=ID, title=TEXT),
        person=answered(id=ID, name=TEXT, role=ROLE, joined=TIME),
        groups=many(answered(id=ID, name=TEXT, board=ID, left=maybe(TIME))),
        deletions={**many(answered(**DELETION)), "description": "notes that they deleted"},
        apart={
            "type": "object",
            "additionalProperties": TEXT,
            "description": "what is not in it, and why, in the reader's language",
        },
        boards=many(
            answered(
                id=ID,
                key=TEXT,
                notes=many(answered(id=TEXT, zone=TEXT, text=TEXT, at=TIME, deleted=TRUTH)),
                dots=many(answered(note=TEXT, dots=WHOLE)),
            )
        ),
    ),
    "JoinCode": answered(join_code=TEXT, join_url=TEXT),
    "Token": taken(
        "token",
        token=TEXT,
        replace={**TRUTH, "description": "also where the browser is somebody else there"},
    ),
    "Facilitator": answered(name=TEXT, workshops=many(answered(id=ID, title=TEXT))),
    "Led": answered(workshop=ID, person=ID),
    "OpenMine": taken(replace=TRUTH),
    "Session": answered(workshop=ID, person=ID, role=ROLE, name=TEXT),
    "Desk": {
        **DESK,
        "properties": {"id": ID, **DESK["properties"]},
        "required": ["id", *DESK["required"]],
    },
    "Timer": described(Timer),
    "DeskPatch": taken(
        stage=TEXT,
        title={"type": "string", "minLength": 1, "maxLength": 120},
        timer=maybe(
            {
                "anyOf": [
                    taken(
                        "seconds", seconds=WHOLE, ends=TIME, paused=maybe(WHOLE), locks=maybe(ID)
                    ),
                    {
                        **taken(add_seconds={"type": "integer"}, pause=TRUTH, locks=maybe(ID)),
                        "minProperties": 1,
                        "description": "a change of the one that is there, paused or not",
                    },
                ]
            }
        ),
        locks={"type": "object", "additionalProperties": TRUTH},
        announcement=maybe({"anyOf": [TEXT, taken("text", text=TEXT)]}),
        board=maybe(ID),
        invitation=maybe(
            {
                **taken("board seconds", board=ID, seconds=WHOLE),
                "description": "everybody goes there in 1 to 600 seconds; null: no more",
            }
        ),
        starts={
            "type": "object",
            "description": "shared board → when it is planned to begin, ms since 1970, or null",
            "additionalProperties": maybe(TIME),
        },
        joining=DESK["properties"]["joining"],
        guidance=maybe(ref("Guidance")),
        guidance_change={
            **taken(
                stages=ref("Guidance/properties/stages"),
                boards=ref("Guidance/properties/boards"),
                move=taken("by", stage=TEXT, board=TEXT, by={"type": "integer"}),
            ),
            "description": "laid over what is changed already; `move`: a stage or a board, "
            "so many places later",
        },
        rights={
            "type": "object",
            "description": "shared board, or * for all others → what changes of what participants "
            "may do with notes there; null: as all others",
            "additionalProperties": maybe(
                taken(
                    add=TRUTH,
                    edit=SCOPE,
                    move=SCOPE,
                    delete=SCOPE,
                    most=maybe(MOST),
                    anonymous=TRUTH,
                )
            ),
        },
        locked_parts={
            "type": "object",
            "description": "shared board → zones and notes that participants may not change from "
            "now on (true), or may again (false)",
            "additionalProperties": taken(
                zones={"type": "object", "additionalProperties": TRUTH},
                notes={"type": "object", "additionalProperties": TRUTH},
            ),
        },
        votes={
            "type": "object",
            "description": "shared board → what changes of how it is voted on",
            "additionalProperties": taken(
                dots=DOTS, add_dots={"type": "integer"}, hidden=TRUTH, open=TRUTH
            ),
        },
    ),
    "Guidance": taken(
        stages=many(
            taken(
                "id",
                id=TEXT,
                hidden=TRUTH,
                title=WORDS,
                minutes=MINUTES,
                boards={**many(TEXT), "description": "keys of its boards, in order"},
            )
        ),
        boards={
            "type": "object",
            "description": "by key",
            "additionalProperties": taken(
                hidden=TRUTH,
                title=WORDS,
                minutes=MINUTES,
                principles={**WORDS, "description": "one a line, all anew; as a title is told"},
                prompts={
                    "type": "object",
                    "description": "by id of a zone, column, row, question or field",
                    "additionalProperties": WORDS,
                },
            ),
        },
    ),
    "Deletions": many(
        answered(**DELETION, texts={**many(TEXT), "description": "of the first few"})
    ),
    "Restoration": taken(
        "person from until",
        person=maybe(ID),
        **{"from": TIME},
        until=TIME,
        board={**maybe(ID), "description": "or on all boards"},
    ),
    "Restored": answered(restored={**WHOLE, "description": "how many notes"}),
    "NextRound": taken(title={"type": "string", "maxLength": 120}),
    "CopiedWorkshop": taken(
        title={"type": "string", "maxLength": 120},
        contents={**TRUTH, "description": "with what stands on the shared boards"},
        joining=DESK["properties"]["joining"],
    ),
    "Previous": answered(workshop=ID, title=TEXT, board=ref("Board")),
    "NewBreakout": taken(
        "board groups",
        board=ID,
        groups={
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 200},
                many(taken(name=NAME, people=many(ID), pages=many(WHOLE))),
            ]
        },
        seed={"type": "integer", "minimum": 0, "description": "the same split again"},
        choice={**TRUTH, "description": "those who take part choose their group themselves"},
    ),
    "Moves": {
        **taken(
            groups=many(taken("id", id=ID, people=many(ID), name=NAME)),
            moves=many(taken("person group", person=ID, group=maybe(ID))),
        ),
        "minProperties": 1,
    },
    "Breakout": BREAKOUT,
    "Closing": taken(gather={**TRUTH, "description": "bring home what the groups have done"}),
    "Closed": {
        **BREAKOUT,
        "properties": {
            **BREAKOUT["properties"],
            "gathered": {
                **maybe(ref("Merged")),
                "description": "if asked for; null when it could not be done",
            },
        },
    },
    "Merged": answered(
        added=many(ref("Note")),
        edited_on_both_sides=many(ref("Note")),
        kept_deleted=many(ref("Note")),
        put_back=many(ref("Note")),
        likely_duplicates=many(pair(ref("Note"))),
        snapshot=maybe(ID),
    ),
    "Now": answered(now=TIME),
    "SurveyForm": taken("form", form=TEXT),
    "NewRound": taken(
        "form",
        form=TEXT,
        also={**many(ID), "description": "people to ask though they were not seen at work"},
        without={**many(ID), "description": "people not to ask though they were"},
        few={**TRUTH, "description": "also when fewer are asked than results need"},
    ),
    "Asked": answered(asked=many(ID), not_asked=many(ID)),
    "AskMore": taken(
        "form",
        form=TEXT,
        people={**many(ID), "description": "people to ask who are not asked yet"},
        without={**many(ID), "description": "people not to ask any more"},
    ),
    "SurveyAnswer": taken(
        "form ratings",
        form=TEXT,
        ratings={
            "type": "object",
            "minProperties": 1,
            "description": 'statement → 1 to 5, or null for "can\'t say"',
            "additionalProperties": maybe({"type": "integer", "minimum": 1, "maximum": 5}),
        },
        comment={"type": "string", "maxLength": 2000},
    ),
    "SurveyRound": answered(
        form=TEXT,
        round=WHOLE,
        state=ROUND_STATE,
        asked={**WHOLE, "description": "how many may answer"},
        added={**WHOLE, "description": "how many of them a facilitator named"},
        left_out={**WHOLE, "description": "how many more a facilitator did not want asked"},
        invited={**TRUTH, "description": "whether you are asked, while the round is open"},
        whom={**many(ID), "description": "who is asked and still here, while it is open"},
        not_asked={**many(ID), "description": "while it is open; empty but for facilitators"},
        answered={**TRUTH, "description": "by you, while the round is open"},
        answers={**WHOLE, "description": "how many"},
        released={**TRUTH, "description": "closed, with five answers or more"},
        statements=many(answered(id=TEXT, theme=TEXT, distribution=maybe(ref("Distribution")))),
        themes=many(answered(id=TEXT, distribution=maybe(ref("Distribution")))),
        comments=many(TEXT),
    ),
    "Distribution": answered(
        counts={"type": "array", "items": WHOLE, "minItems": 5, "maxItems": 5},
        cant_say=WHOLE,
        mean={"type": "number"},
    ),
    "Note": NOTE,
    "Board": answered(
        id=ID,
        kind=TEXT,
        key=TEXT,
        notes=many(ref("Note")),
        themes=many(answered(id=TEXT, name=TEXT, zone=TEXT, position=maybe(POSITION))),
        links=many(answered(id=TEXT, to=TEXT, kind=TEXT, **{"from": TEXT})),
        answers={"type": "object", "additionalProperties": TEXT},
        experiments=many(
            answered(
                id=TEXT,
                at=TIME,
                group=maybe(TEXT),
                fields={"type": "object", "additionalProperties": TEXT},
                checks=many(DAY),
                crossed=TRUTH,
            )
        ),
    ),
    "Brought": answered(
        notices=many(answered(id=TEXT, rule=TEXT, code=TEXT, texts=many(TEXT), count=WHOLE))
    ),
}

PARAMETERS: Json = {
    "code": parameter("code", TEXT, "A join code, with or without dashes"),
    "workshop": parameter("workshop", ID, "A workshop's id"),
    "board": parameter("board", ID, "A board's id"),
    "breakout": parameter("breakout", ID, "A breakout's id"),
    "person": parameter("person", ID, "A person's id"),
    "snapshot": parameter("snapshot", ID, "A snapshot's id"),
    "moment": parameter("moment", WHOLE, "The number of a moment"),
    "since": parameter("since", WHOLE, "ms since 1970; what was done then or later", "query"),
    "origin": parameter("origin", TEXT, "One of those at /addresses", "query"),
    "form": parameter("form", TEXT, "Only this form", "query"),
    "round": parameter("round", WHOLE, "Only this round", "query"),
    "lineage": parameter("lineage", TEXT, "Of the copy that the edit was made on", "query"),
    "once": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "At random, new for each command; a repeated one within 10 minutes is not "
        "carried out again and gets the same answer",
        "schema": {"type": "string", "minLength": 20, "maxLength": 200, "pattern": "^[!-~]+$"},
    },
    "language": parameter("language", LANGUAGE, "The document's language", "query"),
}
