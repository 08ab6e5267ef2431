"""What a facilitator changes of the workbook for their workshop, read field by field. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from boards.workbook.adapted import prompt_ids, shaped
from boards.workbook.definition import Workbook
from server.errors import InvalidField
from server.workshops.input import fields

__all__ = ["changed_guidance", "read_guidance"]

TITLE_CHARACTERS = 120
PROMPT_CHARACTERS = 1_000
PRINCIPLES_CHARACTERS = 2_000  # all of a board's, one a line
MOST_MINUTES = 10_080  # a week
COMMON = ("hidden", "title", "minutes")  # of a stage and of a board

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


def changed_guidance(before: Fields, value: object, workbook: Workbook) -> dict[str, Any]:
    """`before` with `{stages?, boards?, move?}` laid over it: what is not told stays as it is.

    Two facilitators who change different texts undo nothing of each other.
    """
    told = an_object(value, "guidance_change", ("stages", "boards", "move"))
    found = shaped(before)
    if told.get("stages"):
        changes = {stage["id"]: stage for stage in read_stages(told["stages"], workbook)}
        stages = all_stages(found, workbook)
        found["stages"] = [laid_over(stage, changes.get(stage["id"], {})) for stage in stages]
    if told.get("boards"):
        found["boards"] = laid_over(found.get("boards", {}), read_boards(told["boards"], workbook))
    return found if told.get("move") is None else moved(found, told["move"], workbook)


def laid_over(before: Fields, change: Fields) -> dict[str, Any]:
    """Objects within objects keep what the change does not name; everything else is replaced."""
    return {
        **before,
        **{
            key: laid_over(before.get(key, {}), value) if isinstance(value, dict) else value
            for key, value in change.items()
        },
    }


def moved(guidance: Fields, value: object, workbook: Workbook) -> dict[str, Any]:
    """`{stage | board, by}`: so many places later (or earlier: -1) than where it stands now."""
    at = "guidance_change.move"
    told = an_object(value, at, ("stage", "board", "by"))
    by = fields.whole(told.get("by"), f"{at}.by", least=-100, most=100)
    stages = all_stages(guidance, workbook)
    if "stage" in told:
        ids = [stage["id"] for stage in stages]
        order = shifted(ids, fields.choice(told["stage"], f"{at}.stage", ids), by)
        return {**guidance, "stages": [stages[ids.index(id)] for id in order]}
    keys = [key for stage in workbook.stages for key in stage.boards]
    board = fields.choice(told.get("board"), f"{at}.board", keys)
    known = next(stage for stage in workbook.stages if board in stage.boards)
    for stage in stages:
        if stage["id"] == known.id:
            boards = list(dict.fromkeys((*stage.get("boards", ()), *known.boards)))
            stage["boards"] = shifted(boards, board, by)
    return {**guidance, "stages": stages}


def shifted(items: list[str], item: str, by: int) -> list[str]:
    """The same with one item so many places later, or at the end it would pass."""
    rest = [other for other in items if other != item]
    to = min(len(rest), max(0, items.index(item) + by))
    return [*rest[:to], item, *rest[to:]]


def all_stages(guidance: Fields, workbook: Workbook) -> list[dict[str, Any]]:
    """Every stage as it is told, in the order they are done."""
    told = [dict(stage) for stage in guidance.get("stages", ())]
    named = {stage["id"] for stage in told}
    return told + [{"id": stage.id} for stage in workbook.stages if stage.id not in named]


def read_stages(value: object, workbook: Workbook) -> list[dict[str, Any]]:
    """Stages in the order they are done; one that is not named comes after them."""
    ids = [stage.id for stage in workbook.stages]
    found: list[dict[str, Any]] = []
    for n, told in enumerate(fields.objects(value, "guidance.stages", most=len(ids))):
        at = f"guidance.stages[{n}]"
        an_object(told, at, ("id", "boards", *COMMON))
        stage = {
            "id": fields.choice(told.get("id"), f"{at}.id", ids),
            **read_common(told, at, workbook),
        }
        if any(before["id"] == stage["id"] for before in found):
            raise InvalidField(f"{at}.id", expected="each stage once", got=stage["id"])
        if "boards" in told:
            known = next(known.boards for known in workbook.stages if known.id == stage["id"])
            stage["boards"] = read_order(told["boards"], f"{at}.boards", known)
        found.append(stage)
    return found


def read_order(value: object, field: str, known: Collection[str]) -> list[str]:
    """Boards of a stage in the order they are met; one that is not named comes after them."""
    keys = fields.items(value, field, most=len(known))
    order = [fields.choice(key, f"{field}[{n}]", known) for n, key in enumerate(keys)]
    if len(set(order)) < len(order):
        raise InvalidField(field, expected="each board once", got=", ".join(order))
    return order


def read_boards(value: object, workbook: Workbook) -> dict[str, Any]:
    """Changes by key of the board."""
    keys = [board.key for board in workbook.boards]
    found = {}
    for key, told in an_object(value, "guidance.boards", keys).items():
        at = f"guidance.boards.{key}"
        an_object(told, at, ("principles", "prompts", *COMMON))
        board = read_common(told, at, workbook)
        if "principles" in told:
            board["principles"] = read_lines(told["principles"], f"{at}.principles", workbook)
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


def read_common(told: Fields, at: str, workbook: Workbook) -> dict[str, Any]:
    """Whether something is left out, how long it takes, and what it is called."""
    found: dict[str, Any] = {}
    if "title" in told:
        found["title"] = read_text(told["title"], f"{at}.title", workbook, most=TITLE_CHARACTERS)
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


def read_lines(value: object, field: str, workbook: Workbook) -> dict[str, str]:
    """As `read_text`, one item a line; an empty text is no item at all."""
    told = dict.fromkeys(workbook.languages, value) if isinstance(value, str) else value
    found = {}
    for code, words in an_object(told, field, workbook.languages).items():
        empty = isinstance(words, str) and not words.strip()
        found[code] = (
            ""
            if empty
            else fields.text(words, f"{field}.{code}", most=PRINCIPLES_CHARACTERS, lines=True)
        )
    return found


def an_object(value: object, field: str, known: Collection[str]) -> Fields:
    """An object with no other fields than these."""
    if not isinstance(value, Mapping):
        raise InvalidField(field, expected="an object", got=str(value))
    fields.known_fields(
        {f"{field}.{key}": "" for key in value}, [f"{field}.{key}" for key in known]
    )
    return value
