"""`python -m tests.server.exports.day FOLDER [LANGUAGE]`: every document of the day, to look at."""

import asyncio
import sys
from pathlib import Path

from server.exports import FORMATS, export_board, has_format
from tests.server.exports.day import day


def main(folder: Path, language: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for context in day(language):
        for format in FORMATS:
            if has_format(context.board.kind, format):
                made = asyncio.run(export_board(format, context))
                (folder / f"{context.board.key}.{format}").write_bytes(made.body)


main(Path(sys.argv[1]), (*sys.argv[2:], "fi")[0])
