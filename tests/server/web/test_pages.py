"""The pages: whole without the client, in three languages, and safe whatever is in them."""

import base64
import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from boards.desk import read_desk
from boards.document import Document
from boards.workbook.definition import in_language
from server.i18n import LANGUAGES, t
from server.web.assets import BOARD, FONTS, START, Assets
from tests.support.app import App, running_app

HTML = {"Accept": "text/html"}


class Page(HTMLParser):
    """A parsed page: its language, its boot data, its text, and whether it is well-formed."""

    VOID = frozenset({"meta", "link", "br", "img"})

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.language = ""
        self.texts: list[str] = []
        self.boot: dict[str, Any] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        self.feed(answer.text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "html":
            self.language = dict(attrs).get("lang") or ""
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["script"]:
            if self.tags[-1][1].get("id") == "boot":
                self.boot = json.loads(data)
        elif data.strip():
            self.texts.append(data.strip())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_start_page_speaks_the_readers_language(app: App, language: str) -> None:
    answer = await app.http.get("/", headers={"Accept-Language": language})
    page = Page(answer)
    assert page.language == answer.headers["content-language"] == language
    assert t(language, "page.start.title") in page.texts
    assert t(language, "page.client_missing") in page.texts
    assert page.boot == {
        "page": "start",
        "language": language,
        "languages": ["fi", "sv", "en"],
        "version": page.boot["version"],
        "needs_key": False,
    }


async def test_a_language_that_was_chosen_is_kept(app: App) -> None:
    http = app.client(headers={"Accept-Language": "en"})
    assert Page(await http.get("/?lang=sv")).language == "sv"
    assert Page(await http.get("/")).language == "sv"
    assert Page(await http.get("/?lang=de")).language == "sv"


async def test_the_join_page_knows_the_workshop(app: App) -> None:
    team = await app.team(title="Kevätpäivä")
    page = Page(await app.http.get(f"/j/{team.made['join_code'].lower()}"))
    assert page.boot["page"] == "join"
    assert page.boot["workshop"] == {"id": team.id, "title": "Kevätpäivä"}
    assert page.boot["me"] is None
    assert "Kevätpäivä" in page.texts


async def test_the_workshop_page_tells_strangers_nothing(app: App) -> None:
    team = await app.team(title="Salainen suunnitelma")
    answer = await app.http.get(f"/w/{team.id}")
    assert "Salainen" not in answer.text
    assert Page(answer).boot["me"] is None


async def test_whoever_previews_a_link_is_told_nothing_of_the_workshop(app: App) -> None:
    """A messenger's server that fetches a link is a stranger, and keeps what it gets."""
    team = await app.team(title="Luottamuksellinen")
    await app.write(team.board(), "jonot kasvavat")
    for path in (f"/w/{team.id}", f"/w/{team.id}?board={team.board()}"):
        page = (await app.client().get(path)).text
        assert "og:" not in page
        for secret in ("Luottamuksellinen", "jonot kasvavat", team.board()):
            assert secret not in page


async def test_the_workshop_page_knows_its_people_by_cookie(app: App) -> None:
    team = await app.team(title="Kevätpäivä")
    browser = app.client(headers={"Origin": "http://hahmo.test"})
    body = {"code": team.made["join_code"], "name": "Koivu"}
    person = (await browser.post("/api/join", json=body)).json()["person"]
    for address in (f"/w/{team.id}", f"/j/{team.made['join_code']}"):
        boot = Page(await browser.get(address)).boot
        assert boot["me"] == {"id": person, "name": "Koivu", "role": "participant"}
        assert boot["workshop"] == {"id": team.id, "title": "Kevätpäivä"}


@pytest.mark.parametrize(
    ("path", "code"),
    [("/j/AAAA-AAAA", "code-unknown"), ("/w/unknown", "workshop-gone"), ("/nope", "not-found")],
)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_wrong_address_is_a_page_with_a_way_on(
    app: App, path: str, code: str, language: str
) -> None:
    answer = await app.http.get(path, headers={**HTML, "Accept-Language": language})
    assert answer.status_code == 404
    page = Page(answer)
    words = {part: t(language, f"error.{code}.{part}") for part in ("title", "detail")}
    assert page.boot["page"] == "error"
    assert page.boot["error"] == {"code": code, **words}
    assert set(words.values()) <= set(page.texts)
    assert ("a", {"href": "/"}) in page.tags


async def test_an_export_that_fails_in_a_tab_is_a_page(app: App) -> None:
    answer = await app.http.get("/api/boards/unknown/export.pdf", headers=HTML)
    assert Page(answer).boot["error"]["code"] == "board-gone"


@pytest.mark.parametrize(
    "title",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        '"><img src=x onerror=alert(1)>',
        "&lt;",
        "{{ 7 * 7 }} {% raise %}",
    ],
)
async def test_no_title_gets_out_of_its_place(app: App, title: str) -> None:
    team = await app.team(title=title)
    answer = await app.http.get(f"/j/{team.made['join_code']}")
    page = Page(answer)
    assert page.boot["workshop"]["title"] == title
    assert title in "".join(page.texts)
    assert "<img" not in answer.text
    assert answer.text.count("<script") == 1


async def test_a_path_does_not_get_out_of_its_place(app: App) -> None:
    answer = await app.http.get('/w/x"><img src=x onerror=alert(1)>', headers=HTML)
    assert "<img" not in answer.text
    Page(answer)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A client as Vite leaves it: a manifest, hashed files, and a smaller twin of one."""
    folder = tmp_path / "static"
    (folder / ".vite").mkdir(parents=True)
    (folder / "assets").mkdir()
    for name in ("main-abc.js", "shared-def.js", "sv-ghi.js", "main-jkl.css"):
        (folder / "assets" / name).write_text(f"/* {name} */")
    (folder / "assets" / "main-abc.js.gz").write_bytes(gzip.compress(b"/* small */"))
    (folder / ".vite" / "manifest.json").write_text(json.dumps(MANIFEST))
    return folder


MANIFEST = {
    "src/main.ts": {
        "file": "assets/main-abc.js",
        "css": ["assets/main-jkl.css"],
        "imports": ["_shared.js"],
        "isEntry": True,
    },
    "_shared.js": {"file": "assets/shared-def.js", "imports": ["src/main.ts"]},
    "../server/i18n/fi.json?later": {"file": "assets/fi-rest.js"},
    "../server/i18n/sv.json?first": {"file": "assets/sv-ghi.js"},
    "../server/i18n/sv.json?later": {"file": "assets/sv-rest.js"},
    "src/pages/entry/Start.svelte": {"file": "assets/Start-vwx.js"},
    "_board.js": {"file": "assets/board-mno.js", "name": "board", "css": ["assets/board-pqr.css"]},
    "_board.css": {"file": "assets/board-pqr.css", "name": "board"},
    "src/fonts.css": {"file": "assets/fonts-stu.css"},
}


async def test_a_built_client_is_loaded_with_its_language(tmp_path: Path, built: Path) -> None:
    async with running_app(tmp_path / "data", static=built) as app:
        page = Page(await app.http.get("/?lang=sv"))
        tags = addresses(page)
        assert ("script", "/static/assets/main-abc.js") in tags
        assert ("link", "/static/assets/main-jkl.css") in tags
        assert ("link", "/static/assets/shared-def.js") in tags
        for name in ("sv-ghi", "sv-rest", "Start-vwx"):
            assert ("link", f"/static/assets/{name}.js") in tags
        assert ("link", "/static/assets/fonts-stu.css") in tags
        assert ("link", "/static/assets/board-mno.js") not in tags
        assert t("sv", "page.client_missing") not in page.texts
        for language in LANGUAGES:  # whoever cannot run the client reads at least why
            for key in ("page.needs_script", "page.too_old"):
                assert t(language, key) in page.texts
        nonces = {a["nonce"] for tag, a in page.tags if tag == "script" or "nonce" in a}
        assert len(nonces) == 1


def addresses(page: Page) -> list[tuple[str, str | None]]:
    """What a page loads: tag and address."""
    return [(tag, given.get("href") or given.get("src")) for tag, given in page.tags]


async def test_each_page_names_what_comes_next(tmp_path: Path, built: Path) -> None:
    async with running_app(tmp_path / "data", static=built) as app:
        team = await app.team()
        board = addresses(Page(await app.http.get(f"/w/{team.id}")))
        assert {("link", f"/static/assets/board-{end}") for end in ("mno.js", "pqr.css")} <= {
            *board
        }
        join = addresses(Page(await app.http.get(f"/j/{team.made['join_code']}")))
        for name in ("fi-rest", "Start-vwx"):  # nobody needs these for a first note
            assert ("link", f"/static/assets/{name}.js") not in {*board, *join}
        assert ("link", "/static/assets/fonts-stu.css") in board
        assert ("link", "/static/assets/fonts-stu.css") not in join


async def test_a_member_gets_workbook_and_desk_with_the_page(app: App) -> None:
    team = await app.team(title="Kevätpäivä")
    boot = Page(await team.facilitator.http.get(f"/w/{team.id}?lang=sv")).boot
    answer = await team.facilitator.http.get(f"/api/workshops/{team.id}/workbook")
    whole, brought = answer.json(), boot["workbook"]
    assert whole["title"].keys() == {"fi", "sv", "en"}
    assert brought["title"] == {"sv": whole["title"]["sv"]}, "the reader's language alone"
    assert brought == in_language(whole, "sv", whole["languages"])
    desk = Document()
    desk.apply_update(base64.b64decode(boot["desk"]))
    assert read_desk(desk).title == "Kevätpäivä"
    stranger = Page(await app.http.get(f"/w/{team.id}")).boot
    assert not {"workbook", "desk"} & stranger.keys()


async def test_a_wall_is_for_who_leads_and_leads_others_to_the_workshop(app: App) -> None:
    team = await app.team(1, title="Kevätpäivä")
    page = Page(await team.facilitator.http.get(f"/w/{team.id}/wall"))
    assert page.boot["page"] == "wall"
    assert page.boot["me"]["role"] == "facilitator"
    assert page.boot["workbook"]["boards"]
    for http in (app.client(), team.people[0].http):
        answer = await http.get(f"/w/{team.id}/wall", headers=HTML)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/w/{team.id}")
        assert "Kevätpäivä" not in answer.text


async def test_the_workbook_of_a_page_is_never_older_than_its_desk(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the old one stays on the screen, as the desk that came along tells of no change."""
    team = await app.team()
    workshops, path = app.service.workshops, f"/api/workshops/{team.id}"
    desk_update = workshops.desk_update
    prompt = {"prompts": {"challenges": {"fi": "Mikä on"}}}

    async def changed_meanwhile(workshop: str) -> bytes:
        body = {"guidance_change": {"boards": {"phenomena": prompt}}}
        (await team.facilitator.http.patch(path, json=body)).raise_for_status()
        return await desk_update(workshop)

    monkeypatch.setattr(workshops, "desk_update", changed_meanwhile)
    page = Page(await team.facilitator.http.get(f"/w/{team.id}", headers=HTML))
    desk = read_desk(Document(base64.b64decode(page.boot["desk"])))
    assert "Mikä on" in str(desk.guidance)
    assert "Mikä on" in str(page.boot["workbook"])


async def test_hashed_files_are_kept_and_sent_small(tmp_path: Path, built: Path) -> None:
    async with running_app(tmp_path / "data", static=built) as app:
        http = app.http
        address = "/static/assets/main-abc.js"
        small = await http.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert (small.text, small.headers["content-encoding"]) == ("/* small */", "gzip")
        plain = await http.get(address, headers={"Accept-Encoding": "gzip;q=0"})
        assert plain.text == "/* main-abc.js */"
        assert "content-encoding" not in plain.headers
        for answer in (small, plain):
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
            assert answer.headers["vary"] == "Accept-Encoding"
        gone = await http.get("/static/assets/none.js")
        assert gone.status_code == 404
        assert "immutable" not in gone.headers.get("cache-control", "")


def test_a_client_that_is_built_anew_is_noticed(built: Path) -> None:
    assets = Assets(built)
    entry = assets.entry("start", "fi")
    assert entry is not None
    assert entry.script.endswith("main-abc.js")
    manifest = built / ".vite" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("main-abc", "main-new"))
    entry = assets.entry("start", "fi")
    assert entry is not None
    assert entry.script.endswith("main-new.js")
    manifest.write_text("{half")
    assert assets.entry("start", "fi") is None
    manifest.unlink()
    assert assets.entry("start", "fi") is None


@pytest.mark.parametrize("path", ["main-abc.js.gz", "../.vite/manifest.json", "none.woff2"])
async def test_only_what_pages_ask_for_is_served(tmp_path: Path, built: Path, path: str) -> None:
    async with running_app(tmp_path / "data", static=built) as app:
        assert (await app.http.get(f"/static/assets/{path}")).status_code == 404


async def test_a_file_that_is_known_is_not_sent_again(tmp_path: Path, built: Path) -> None:
    async with running_app(tmp_path / "data", static=built) as app:
        address = "/static/assets/main-abc.js"
        packed = {"Accept-Encoding": "gzip"}
        small = await app.http.get(address, headers=packed)
        known = {"If-None-Match": small.headers["etag"]}
        again = await app.http.get(address, headers=packed | known)
        assert (again.status_code, again.headers["vary"]) == (304, "Accept-Encoding")
        plain = await app.http.get(address, headers={"Accept-Encoding": "identity"} | known)
        assert plain.text == "/* main-abc.js */"


def test_what_is_named_ahead_exists_in_the_client() -> None:
    sources = Path(__file__).parents[3] / "client"
    assert f"  {BOARD}: [" in (sources / "bundling" / "sources.ts").read_text()
    assert (sources / FONTS).is_file()
    assert (sources / START).is_file()


async def test_pages_are_not_kept_by_caches(app: App) -> None:
    answer = await app.http.get("/")
    assert answer.headers["cache-control"] == "no-store"


async def test_the_icon_is_there(app: App) -> None:
    icon = re.search(r'rel="icon" href="([^"]+)"', (await app.http.get("/")).text)
    assert icon is not None
    assert (await app.http.get(icon[1])).headers["content-type"] == "image/svg+xml"
