"""Limits that browsers know are the server's (tests/vectors/limits.json; client text/limits.ts)."""

import json
from pathlib import Path

from boards.desk import DOTS_LIMIT, PERSON_COLORS
from boards.desk_parts.board_rights import MOST_NOTES
from boards.schema import POSITION_LIMIT, VOTE_LIMIT
from boards.survey import COMMENT_CHARACTERS, FLOOR, STEPS
from boards.workbook.file import TINTS
from server.sync.limits import SyncLimits
from server.workshops.breakouts.groups import MAX_GROUPS
from server.workshops.doors import passphrases
from server.workshops.input import desk_patch, fields, guidance

LIMITS = json.loads((Path(__file__).parents[1] / "vectors" / "limits.json").read_text("utf-8"))
SYNC = SyncLimits()


def test_jd15_browsers_know_the_limits_of_the_server() -> None:
    assert LIMITS["both"] == {
        "name": fields.NAME_CHARACTERS,
        "title": desk_patch.TITLE_CHARACTERS,
        "announcement": desk_patch.ANNOUNCEMENT_CHARACTERS,
        "prompt": guidance.PROMPT_CHARACTERS,
        "principles": guidance.PRINCIPLES_CHARACTERS,
        "comment": COMMENT_CHARACTERS,
        "passphrase": passphrases.MOST,
        "passphraseLeast": passphrases.LEAST,
        "notes": SYNC.notes,
        "position": POSITION_LIMIT,
        "dotsOnNote": VOTE_LIMIT,
        "dots": DOTS_LIMIT,
        "mostNotes": MOST_NOTES,
        "personColors": PERSON_COLORS,
        "zoneTints": TINTS,
        "surveyFloor": FLOOR,
        "surveySteps": len(STEPS),
    }
    assert guidance.TITLE_CHARACTERS == desk_patch.TITLE_CHARACTERS


def test_jd15_fields_stop_before_the_server_has_to() -> None:
    server = {
        "note": SYNC.note_characters,
        "themeName": SYNC.name_characters,
        "answer": SYNC.answer_characters,
        "otherForm": SYNC.answer_characters,
        "experiment": SYNC.answer_characters,
        "groups": MAX_GROUPS,
    }
    assert {name: limit["server"] for name, limit in LIMITS["fields"].items()} == server
    assert all(limit["field"] < limit["server"] for limit in LIMITS["fields"].values())
