"""How long an export takes, child process included: `python -m tests.bench.exports`.

Prints milliseconds for 60, 500 and 2,000 notes in every format: the best and the median of some
rounds. Targets for PDF: 300 ms for 60 notes, 800 ms for 500.
"""

import asyncio
import statistics
import time

from server.exports import FORMATS, ExportContext, export_board
from tests.server.export_samples import TEXTS, phenomena

SIZES = {60: 5, 500: 5, 2000: 3}  # notes: rounds


def board_of(notes: int) -> ExportContext:
    """A phenomena map of `notes` notes, no two alike, as long as people write them."""
    texts = TEXTS["fi"]
    return phenomena("fi", [f"{texts[n % len(texts)]} ({n})" for n in range(notes)])


async def milliseconds(format: str, context: ExportContext) -> float:
    start = time.perf_counter()
    await export_board(format, context)
    return (time.perf_counter() - start) * 1000


async def main() -> None:
    print(f"{'export':<8}{'notes':>7}{'best ms':>10}{'median ms':>11}")
    for format in FORMATS:
        for notes, rounds in SIZES.items():
            context = board_of(notes)
            taken = [await milliseconds(format, context) for _ in range(rounds)]
            print(f"{format:<8}{notes:>7}{min(taken):>10.1f}{statistics.median(taken):>11.1f}")


if __name__ == "__main__":
    asyncio.run(main())
