"""What a facilitator changes of the workbook for their workshop, read field by field. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from boards.definition import Workbook
from boards.guidance import prompt_ids
from server.errors import InvalidField
from server.workshops import fields

__all__ = ["read_guidance"]

TITLE_CHARACTERS = 120
PROMPT_CHARACTERS = 1_000
MOST_MINUTES = 10_080  # a week

Fields = Mapping[str, Any]


def read_guidance(value: object, workbook: Workbook) -> dict[str, Any]:
    """`{stages?, boards?}`; null, as an empty object, goes back to the workbook's own."""
    if value is None:
        return {}
    told = an_object(value, "guidance", ("stages", "boards"))
    found: dict[str, Any] = {}
    if "stages" in told:
        found["stages"] = read_stages(told["stages"], workbook)
    if "boards" in told:
        found["boards"] = read_boards(told["boards"], workbook)
    return found


def read_stages(value: object, workbook: Workbook) -> list[dict[str, Any]]:
    """Stages in the order they are done; one that is not named comes after them."""
    ids = [stage.id for stage in workbook.stages]
    found: list[dict[str, Any]] = []
    for n, told in enumerate(fields.objects(value, "guidance.stages", most=len(ids))):
        at = f"guidance.stages[{n}]"
        an_object(told, at, ("id", "hidden", "title", "minutes"))
        stage = {"id": fields.choice(told.get("id"), f"{at}.id", ids), **read_common(told, at)}
        if any(before["id"] == stage["id"] for before in found):
            raise InvalidField(f"{at}.id", expected="each stage once", got=stage["id"])
        if "title" in told:
            stage["title"] = read_text(
                told["title"], f"{at}.title", workbook, most=TITLE_CHARACTERS
            )
        found.append(stage)
    return found


def read_boards(value: object, workbook: Workbook) -> dict[str, Any]:
    """Changes by key of the board."""
    keys = [board.key for board in workbook.boards]
    found = {}
    for key, told in an_object(value, "guidance.boards", keys).items():
        at = f"guidance.boards.{key}"
        an_object(told, at, ("hidden", "minutes", "prompts"))
        board = read_common(told, at)
        if "prompts" in told:
            ids = prompt_ids(workbook.board(key))
            prompts = an_object(told["prompts"], f"{at}.prompts", ids)
            board["prompts"] = {
                id: read_text(
                    text, f"{at}.prompts.{id}", workbook, most=PROMPT_CHARACTERS, lines=True
                )
                for id, text in prompts.items()
            }
        found[key] = board
    return found


def read_common(told: Fields, at: str) -> dict[str, Any]:
    """Whether something is left out, and how long it takes."""
    found: dict[str, Any] = {}
    if "hidden" in told:
        found["hidden"] = fields.boolean(told["hidden"], f"{at}.hidden")
    if "minutes" in told:
        found["minutes"] = read_minutes(told["minutes"], f"{at}.minutes")
    return found


def read_minutes(value: object, field: str) -> list[int]:
    """From and to, whole minutes."""
    if not isinstance(value, list) or len(value) != 2:
        raise InvalidField(field, expected="two whole numbers, from and to", got=str(value))
    least = fields.whole(value[0], field, least=0, most=MOST_MINUTES)
    return [least, fields.whole(value[1], field, least=least, most=MOST_MINUTES)]


def read_text(
    value: object, field: str, workbook: Workbook, *, most: int, lines: bool = False
) -> dict[str, str]:
    """A text for every language, or an object of language: text; other languages stay."""
    if isinstance(value, str):
        words = fields.text(value, field, most=most, lines=lines)
        return dict.fromkeys(workbook.languages, words)
    told = an_object(value, field, workbook.languages)
    return {
        code: fields.text(words, f"{field}.{code}", most=most, lines=lines)
        for code, words in told.items()
    }


def an_object(value: object, field: str, known: Collection[str]) -> Fields:
    """An object with no other fields than these."""
    if not isinstance(value, Mapping):
        raise InvalidField(field, expected="an object", got=str(value))
    fields.known_fields(
        {f"{field}.{key}": "" for key in value}, [f"{field}.{key}" for key in known]
    )
    return value
