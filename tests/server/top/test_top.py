"""`hahmo top`: what servers did between two looks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import cli
from server.top.figures import between, quantile, read_metrics, together
from tests.faults.support.crash import Workshop, add_note
from tests.support.network.recut import straight
from tests.support.peer import Peer
from tests.support.server import Server, free_port, running_server

BEFORE = """\
# TYPE hahmo_people gauge
hahmo_uptime_seconds 10.0
hahmo_people 2.0
hahmo_updates_total 100.0
hahmo_refusals_total{code="malformed"} 1.0
hahmo_ack_seconds_bucket{le="0.01"} 10.0
hahmo_ack_seconds_bucket{le="0.02"} 10.0
hahmo_ack_seconds_bucket{le="+Inf"} 10.0
"""
NOW = """\
hahmo_uptime_seconds 12.0
hahmo_people 3.0
hahmo_updates_total 140.0
hahmo_refusals_total{code="malformed"} 2.0
hahmo_refusals_total{code="token-unknown"} 4.0
hahmo_ack_seconds_bucket{le="0.01"} 20.0
hahmo_ack_seconds_bucket{le="0.02"} 30.0
hahmo_ack_seconds_bucket{le="+Inf"} 30.0
hahmo_redis_seconds 0.001
hahmo_store_failing 0.0
"""


def test_figures_are_of_the_time_in_between() -> None:
    figures = between(read_metrics(BEFORE), read_metrics(NOW), 2.0)
    assert (figures.people, figures.edits, figures.refused) == (3.0, 20.0, 2.5)
    assert figures.ack_half == pytest.approx(0.01)
    assert figures.ack_most == pytest.approx(0.0198)
    assert figures.commit_most is None
    assert not figures.is_failing


def test_a_server_that_began_anew_counts_from_nothing() -> None:
    anew = NOW.replace("seconds 12.0", "seconds 1.0").replace("140.0", "6.0")
    assert between(read_metrics(BEFORE), read_metrics(anew), 2.0).edits == 3.0


def test_several_are_added_up_and_the_worst_is_told() -> None:
    other = NOW.replace("failing 0.0", "failing 1.0").replace("0.001", "0.2")
    both = together([read_metrics(NOW), read_metrics(other)])
    figures = between(together([read_metrics(BEFORE)] * 2), both, 2.0)
    assert (figures.people, figures.edits) == (6.0, 40.0)
    assert figures.ack_half == pytest.approx(0.01)
    assert figures.is_failing
    assert figures.redis == 0.2


def test_quantiles_are_prometheus_own() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({0.1: 0.0, float("inf"): 0.0}, 0.5) is None
    assert quantile({0.1: 4.0, 0.2: 4.0, float("inf"): 4.0}, 0.5) == pytest.approx(0.05)
    assert quantile({0.1: 1.0, 0.2: 1.0, float("inf"): 4.0}, 0.99) == 0.2


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("top") / "data") as running:
        yield running


@straight
async def test_a_real_server_is_shown_and_one_that_is_not_there(
    server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    workshop = Workshop.open(server.port, 1)
    board = workshop.boards[0]
    async with Peer(server.url, board, token=workshop.tokens[0]) as peer:
        peer.edit(lambda document: add_note(document, board, "näkyy"))
        await peer.saved()
        nobody = f"http://127.0.0.1:{free_port()}"
        ask = ["top", "--once", "--seconds", "0.1"]
        assert cli.main([*ask, server.url, nobody]) == 0
        head, one, other, everything = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["server", "people", "boards"]
    assert re.fullmatch(rf"{server.url} +1 +\d+ .* well", one), one
    assert re.fullmatch(rf"{nobody} +– .*no answer", other), other
    assert re.fullmatch(r"all +1 +\d+ .* well", everything), everything
    assert len(head) == len(one) == len(other)
    assert cli.main([*ask, nobody]) == 1


def test_what_is_no_address_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["top", f"file://{tmp_path}"]) == 1
    assert "URL" in capsys.readouterr().err
