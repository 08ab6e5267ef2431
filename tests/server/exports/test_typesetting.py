"""The child processes: bounded in number, time, memory and reach; a bad end costs one document."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from server.exports import ExportFailed, Limits, Typesetting, export_board
from server.exports.typst import pool as module
from server.exports.typst.child import NICENESS, REFUSED
from server.exports.typst.pool import CHILD, Refused, judge
from tests.server.exports.samples import phenomena

HEAD = "import json, os, sys, time\njob = json.load(sys.stdin)\nwhere = job['inputs']['where']\n"
SHARE = """
mine = os.path.join(where, f"{job['inputs']['workshop']}-{os.getpid()}")
open(mine, "w").close()
most, ends = [], time.monotonic() + 0.5
while time.monotonic() < ends and len(most) < 3:
    most = max(most, os.listdir(where), key=len)
os.remove(mine)
sys.stdout.write(json.dumps(most))
"""


def child(folder: Path, code: str) -> Path:
    path = folder / "child.py"
    path.write_text(HEAD + code)
    return path


async def run(typesetting: Typesetting, where: Path, workshop: str = "w") -> bytes:
    inputs = {"where": str(where), "workshop": workshop}
    return await typesetting.run(workshop, "board.typ", "pdf", inputs, 0)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    return folder


async def test_two_documents_at_a_time_in_one_server(tmp_path: Path, shared: Path) -> None:
    typesetting = Typesetting(child=child(tmp_path, SHARE))
    seen = await asyncio.gather(*(run(typesetting, shared, f"w{n}") for n in range(4)))
    assert max(body.count(b",") + 1 for body in seen) == 2


async def test_one_document_at_a_time_in_one_workshop(tmp_path: Path, shared: Path) -> None:
    typesetting = Typesetting(child=child(tmp_path, SHARE))
    seen = await asyncio.gather(*(run(typesetting, shared, w) for w in ("a", "a", "b")))
    assert max(body.count(b'"a-') for body in seen) == 1
    assert max(body.count(b",") + 1 for body in seen) == 2


async def test_more_than_can_wait_are_told_at_once(tmp_path: Path, shared: Path) -> None:
    typesetting = Typesetting(Limits(waiting=2), child=child(tmp_path, SHARE))
    ends = await asyncio.gather(
        *(run(typesetting, shared) for _ in range(3)), return_exceptions=True
    )
    assert [type(end) for end in ends] == [bytes, bytes, ExportFailed]
    assert await run(typesetting, shared)  # and later there is room again


async def test_a_child_that_hangs_is_ended(tmp_path: Path, shared: Path) -> None:
    code = "open(os.path.join(where, 'pid'), 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    typesetting = Typesetting(Limits(seconds=1.0), child=child(tmp_path, code))
    with pytest.raises(ExportFailed, match="within"):
        await run(typesetting, shared)
    with pytest.raises(ProcessLookupError):
        os.kill(int((shared / "pid").read_text()), 0)


async def test_a_caller_who_leaves_takes_the_child_along(tmp_path: Path, shared: Path) -> None:
    code = "open(os.path.join(where, 'pid'), 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    task = asyncio.create_task(run(Typesetting(child=child(tmp_path, code)), shared))
    ends = time.monotonic() + 10
    while not (shared / "pid").exists() or not (shared / "pid").read_text():
        assert time.monotonic() < ends
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(int((shared / "pid").read_text()), 0)


@pytest.mark.timeout(30)
def test_a_child_yields_to_the_server() -> None:
    expected = min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)
    with subprocess.Popen([sys.executable, "-I", CHILD], stdin=subprocess.PIPE) as child:
        try:
            while os.getpriority(os.PRIO_PROCESS, child.pid) != expected:
                assert child.poll() is None
        finally:
            child.kill()


@pytest.mark.parametrize(
    "code",
    ["os.kill(os.getpid(), 11)", "sys.exit(7)", "pass", "raise SystemExit('no glyph `\"x\"`')"],
    ids=["crash", "status", "nothing", "words"],
)
async def test_a_bad_end_is_an_error_that_says_come_back(
    code: str, tmp_path: Path, shared: Path
) -> None:
    with pytest.raises(ExportFailed) as failed:
        await run(Typesetting(child=child(tmp_path, code)), shared)
    assert (failed.value.slug, failed.value.status) == ("export-failed", 503)


async def test_a_text_that_makes_typst_fall_over_costs_only_its_odd_signs(tmp_path: Path) -> None:
    code = f"""
seen = json.dumps(job["inputs"], ensure_ascii=False)
if "→" in seen:
    print("PanicException", file=sys.stderr)
    os._exit({REFUSED})
sys.stdout.buffer.write(seen.encode())
"""
    path = tmp_path / "child.py"
    path.write_text(f"import json, os, sys\njob = json.load(sys.stdin)\n{code}")
    document = await export_board("pdf", phenomena("fi", ["pää → häntä"]), Typesetting(child=path))
    assert "pää \ufffd häntä" in document.body.decode()


async def test_m6_all_tries_of_a_document_have_one_deadline(tmp_path: Path) -> None:
    path = tmp_path / "child.py"
    slow = "import os, sys, time\nsys.stdin.read()\ntime.sleep(0.4)\n"
    path.write_text(f"{slow}print('the text `\"x\"`', file=sys.stderr)\nos._exit({REFUSED})")
    with pytest.raises(ExportFailed, match="within"):
        await export_board("pdf", phenomena(), Typesetting(Limits(seconds=1.0), child=path))


async def test_m6_one_workshop_does_not_fill_the_queue(tmp_path: Path, shared: Path) -> None:
    typesetting = Typesetting(Limits(waiting_of_one=2), child=child(tmp_path, SHARE))
    workshops = ("greedy", "greedy", "greedy", "other")
    ends = await asyncio.gather(
        *(run(typesetting, shared, workshop) for workshop in workshops), return_exceptions=True
    )
    assert [type(end) for end in ends] == [bytes, bytes, ExportFailed, bytes]


async def test_what_is_refused_in_any_form_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "child.py"
    path.write_text(f"import os, sys\nsys.stdin.read()\nos._exit({REFUSED})")
    with pytest.raises(ExportFailed, match="simplest"):
        await export_board("pdf", phenomena(), Typesetting(child=path))


async def test_too_little_memory_ends_one_document_only() -> None:
    tight = Typesetting(Limits(memory=64 * 2**20))
    with pytest.raises(ExportFailed):
        await export_board("pdf", phenomena(), tight)
    assert (await export_board("pdf", phenomena())).body


async def test_processor_time_is_bounded() -> None:
    brief = Typesetting(Limits(processor_seconds=1, seconds=60))
    texts = [f"{number} sana kirjoitettu tähän kohtaan " * 60 for number in range(2500)]
    with pytest.raises(ExportFailed, match="status -"):
        await export_board("pdf", phenomena("fi", texts), brief)


async def test_a_child_gets_none_of_our_settings(
    tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAHMO_CREATE_KEY", "canary-of-a-secret")
    code = "sys.stdout.write(json.dumps(dict(os.environ)) + os.getcwd())"
    body = (await run(Typesetting(child=child(tmp_path, code)), shared)).decode()
    assert "canary" not in body
    assert "HAHMO" not in body
    assert body.endswith("}/")


async def test_the_event_loop_goes_on_meanwhile() -> None:
    gaps: list[float] = []

    async def tick() -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(0)
            now = time.perf_counter()
            gaps.append(now - before)
            before = now

    ticking = asyncio.create_task(tick())
    texts = [f"{number} sana kirjoitettu tähän" for number in range(1500)]
    await export_board("pdf", phenomena("fi", texts))
    ticking.cancel()
    assert len(gaps) > 100
    assert max(gaps) < 0.5  # the document itself takes more than that


def test_what_typst_refuses_is_named_exactly() -> None:
    for said, meant in (('"漢"', "漢"), (r'"\u{7}"', "\x07"), (r'"\""', '"'), (r'"a\\n"', "a\\n")):
        with pytest.raises(Refused) as refused:
            judge(REFUSED, b"", f"PDF/UA-1 error: the text `{said}` could not be displayed with")
        assert refused.value.text == meant
        assert meant not in refused.value.reason  # what people wrote stays out of the log


def test_missing_fonts_are_named_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "FONTS", tmp_path)
    with pytest.raises(ExportFailed):
        judge(REFUSED, b"", "unknown font family")
    assert "fonts.mjs" in caplog.text


def test_the_child_imports_nothing_of_ours() -> None:
    source = module.CHILD.read_text(encoding="utf-8")
    assert "from server" not in source
    assert "from boards" not in source
    assert sys.executable
