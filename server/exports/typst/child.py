"""Typst in a process of its own: a job as JSON comes in, a document goes out.

    python -I child.py < job > document

The job: `template` (file name in template/), `inputs` (handed to it as `sys.inputs.data`, JSON),
`timestamp` (s since the epoch), `format`, `ppi` (pixels per inch, of a picture), `memory` (bytes),
`seconds` (of processor time). It imports nothing of the server: it starts quickly, and what goes
wrong here ends here.
Exit status: 0, or REFUSED with Typst's own words as the last line on stderr.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "template"
FONTS = HERE.parent / "fonts"  # copied there by scripts/fonts.mjs
FACES = [
    "Atkinson Hyperlegible Next",
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Emoji",
    "DejaVu Sans Mono",  # this and the next come with Typst: arrows, ticks
    "Libertinus Serif",
]
STANDARDS: Any = ["a-2a", "ua-1"]  # PDF/A-2a, PDF/UA-1
REFUSED = 3
NICENESS = 10  # people on boards come first, as of all our children


def fonts() -> Any:
    """Our fonts and Typst's own; never the machine's, so that a document is the same everywhere."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)]
    )


def limit(memory: int, seconds: int) -> None:
    """From here on this process gets so much address space and processor time, and no core file."""
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def typeset(job: dict[str, Any]) -> bytes:
    """Of a picture of many pages, the first. Raises typst.TypstError when Typst refuses it."""
    return pages(job)[0]


def pages(job: dict[str, Any]) -> list[bytes]:
    """Pictures, one for each page; or all of the document, if it is none."""
    import typst

    document: bytes | list[bytes] = typst.compile(
        str(TEMPLATES / job["template"]),
        root=str(TEMPLATES),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format=job["format"],
        pdf_standards=STANDARDS if job["format"] == "pdf" else [],
        timestamp=job["timestamp"],
        ppi=job["ppi"],
        sys_inputs={"data": json.dumps(job["inputs"])},
    )
    return [document] if isinstance(document, bytes) else document


def main() -> None:
    os.nice(NICENESS)
    job = json.load(sys.stdin)
    limit(job["memory"], job["seconds"])
    try:
        document = typeset(job)
    except BaseException as error:  # a panic of Typst's is no Exception
        print(getattr(error, "message", "") or type(error).__name__, file=sys.stderr, flush=True)
        os._exit(REFUSED)  # at once: there is nothing to tidy up
    with os.fdopen(1, "wb", closefd=False) as out:
        out.write(document)
    os._exit(0)


if __name__ == "__main__":
    main()
