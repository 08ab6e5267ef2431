"""Words of the workbook and of people, as an export shows them."""

from collections.abc import Mapping

from server.i18n import DEFAULT

__all__ = ["firsts", "words"]


def words(texts: object, language: str) -> str:
    """A text of the workbook in `language`, else in Finnish, else in any; "" when there is none."""
    if isinstance(texts, str):
        return texts
    if not isinstance(texts, Mapping):
        return ""
    found = texts.get(language) or texts.get(DEFAULT) or next(iter(texts.values()), "")
    return found if isinstance(found, str) else ""


def firsts(text: str, most: int) -> str:
    """A text on one line, cut short behind a word where it is longer than `most` characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return (line[: most - 1].rpartition(" ")[0] or line[: most - 1]).rstrip() + "…"
