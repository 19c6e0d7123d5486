"""Who may see what: the list, the login against a provider on this machine, and a county that nobody gets out of."""

import hashlib
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from pages import ui
from pages.ui import access
from pages.ui.access import Visitor
from pipeline import environment, intake, scoped
from pipeline.database import open_to_read, open_to_write
from pipeline.grants import ROLES, Grant, grants
from pipeline.model import CatalogueError, UserError
from tests import county
from tests.browsing import FLAGS, PATIENCE, Watched, free_port, served
from tests.provider import Provider, provider

ROOT = Path(__file__).parent.parent
OURS, THEIRS = "甲山县", "乙水县"
# Words that stand only in the other county's reports.
SECRET = ("秘密乡", "秘密镇", "不该看到的一句")
LIST = """claim,value,role,county
email,viewer@example.cn,viewer,甲山县
email,analyst@example.cn,analyst,甲山县
email,editor@example.cn,editor,甲山县
groups,政务公开科,admin,
key,{key},analyst,甲山县
"""
THEIRS_SCOPE = "demo-丙江市-乙水县"
KEY = "a-key-of-the-tests"


@pytest.fixture(scope="session")
def two_counties(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of two counties; the names and the text of one are secret to the other."""
    path = tmp_path_factory.mktemp("two") / "warehouse.duckdb"
    bodies = [county.Body(f"ours{n}", f"甲{n}镇") for n in range(3)]
    bodies += [county.Body(f"theirs{n}", name, county=THEIRS) for n, name in enumerate(SECRET[:2])]
    reports = [(body.body_id, year) for body in bodies for year in (2022, 2023)]
    figures = [
        county.Figure(body_id, year, measure, 987654 if body_id.startswith("theirs") else 12)
        for body_id, year in reports
        for measure in ("items_disclosed", "requests_received")
    ]
    county.build(path, bodies, reports, figures)
    with open_to_write(path) as connection:
        connection.execute(
            "insert into passage by name select report_id, 0 as block, "
            "case when body_id like 'theirs%' then $secret else '公开了十二条' end as text, '一' as section from report",
            {"secret": SECRET[2]},
        )
        connection.execute(
            "insert into past.report by name select * replace ('old' as report_id) from report where body_id = 'theirs0' limit 1"
        )
        connection.execute(
            "insert into past.fact by name select * replace ('old' as report_id, 987654 as value) from fact limit 1"
        )
        connection.execute(
            "insert into build values (1, 'aaaa', timestamp '2026-01-01', 'v', 'c', 10, 10, 10, 20, 0, 0)"
        )
    return path


class TestList:
    def test_the_highest_role_of_rows_without_a_county_holds(self) -> None:
        held = [Grant("email", "a@b.cn", "viewer", None), Grant("groups", "科", "admin", None)]
        assert access.granted({"email": "a@b.cn", "groups": ["科"]}, held) == Visitor("a@b.cn", "admin")

    def test_of_several_counties_the_lowest_role_holds(self) -> None:
        held = [Grant("email", "a@b.cn", "editor", OURS), Grant("email", "a@b.cn", "viewer", THEIRS)]
        assert access.granted({"email": "a@b.cn"}, held) == Visitor("a@b.cn", "viewer", (THEIRS, OURS))

    def test_who_is_not_listed_may_nothing(self) -> None:
        assert not access.granted({"email": "x"}, [Grant("email", "y", "admin", None)]).may("viewer")
        assert not access.granted({}, [Grant("email", "None", "admin", None)]).may("viewer")

    def test_an_address_that_the_provider_does_not_vouch_for_is_nobodys(self) -> None:
        held = [Grant("email", "a@b.cn", "admin", None)]
        assert access.granted({"email": "a@b.cn", "email_verified": False}, held).role is None

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("claim,value,role\n", "第 1 行"), ("claim,value,role,county\nemail,a,king,\n", "第 2 行"),
            ("claim,value,role,county\n,a,viewer,\n", "第 2 行"),
        ],
    )  # fmt: skip
    def test_a_list_that_is_none_is_refused_with_its_line(self, text: str, said: str, tmp_path: Path) -> None:
        file = tmp_path / "access.csv"
        file.write_text(text, "utf-8")
        with pytest.raises(CatalogueError, match=said):
            grants(file)

    def test_each_role_may_what_those_below_it_may(self) -> None:
        for place, role in enumerate(ROLES):
            may = [needed for needed in ROLES if Visitor("", role).may(needed)]
            assert may == list(ROLES[: place + 1])

    @pytest.mark.parametrize("page", [*ui.PAGES, *ui.DESK])
    def test_every_page_asks_for_its_role_itself(self, page: str) -> None:
        text = (ROOT / "pages" / f"{page}.py").read_text("utf-8")
        needed = access.needed(page)
        call = "sheet.opened(say)" if needed == ROLES[0] else f'sheet.opened(say, "{needed}")'
        if page in ui.DESK:
            call = f'sheet.admitted(access.needed("{page}"), say)'
        assert text.count("sheet.opened(") + text.count("sheet.admitted(") == 1 and call in text


class TestScoped:
    def test_what_is_not_the_countys_is_not_in_the_file(self, two_counties: Path, tmp_path: Path) -> None:
        file = tmp_path / "scoped.duckdb"
        scoped.write_scoped(two_counties, [OURS], file)
        raw = file.read_bytes()
        for secret in (*SECRET, "theirs0", THEIRS):
            assert secret.encode() not in raw
        with open_to_read(file) as connection:
            assert connection.execute("select count(*) from report").fetchone() == (6,)
            assert connection.execute("select max(value), count(*) from fact").fetchone() == (12, 12)
            assert connection.execute("select count(*) from past.fact").fetchone() == (0,)
            assert connection.execute("select count(*) > 100 from measure").fetchone() == (True,)

    def test_every_table_is_told_whose_its_rows_are(self, invented: Path, tmp_path: Path) -> None:
        """One that is not would be empty for a reader of some counties; a new table has to be thought about."""
        file = tmp_path / "all.duckdb"
        with open_to_read(invented) as connection:
            counties = [
                row[0] for row in connection.execute("select distinct county from body").fetchall() if row[0]
            ]
            held = {
                name: connection.execute(f"select count(*) from {name}").fetchone()
                for (name,) in connection.execute(
                    "select table_name from duckdb_tables() where schema_name = 'main'"
                ).fetchall()
            }
            scoped.write_scoped(invented, counties, file)
        with open_to_read(file) as connection:
            emptied = {
                name
                for name, count in held.items()
                if count != (0,) and connection.execute(f"select count(*) from {name}").fetchone() == (0,)
            }
        assert emptied == scoped.CLOSED & held.keys() - {name for name in held if held[name] == (0,)}

    def test_one_name_in_two_prefectures_has_to_be_told_by_its_code(self, tmp_path: Path) -> None:
        bodies = [
            county.Body("a", "甲镇", county="城关区"),
            county.Body("b", "乙镇", county="城关区", prefecture="丁州市"),
        ]
        path = county.build(
            tmp_path / "w.duckdb",
            bodies,
            [("a", 2022), ("b", 2022)],
            [county.Figure("a", 2022, "items_disclosed", 1)],
        )
        with pytest.raises(UserError, match="城关区"):
            scoped.write_scoped(path, ["城关区"], tmp_path / "s.duckdb")

    def test_a_file_is_made_once_and_the_old_builds_go(self, two_counties: Path, tmp_path: Path) -> None:
        whole = tmp_path / "whole.duckdb"
        whole.write_bytes(two_counties.read_bytes())
        first = scoped.scoped(whole, [OURS], tmp_path)
        stamp = first.stat().st_mtime_ns
        assert scoped.scoped(whole, [OURS], tmp_path) == first and first.stat().st_mtime_ns == stamp
        other = scoped.scoped(whole, [THEIRS], tmp_path)
        assert other != first and first.exists()
        whole.write_bytes(two_counties.read_bytes())
        newer = scoped.scoped(whole, [OURS], tmp_path)
        assert newer.exists() and not first.exists() and not other.exists()


# --- the login, for real -------------------------------------------------------------------------


@dataclass
class Site:
    """The dashboard with login on, and the provider that signs people in."""

    address: str
    provider: Provider
    browser: Browser
    desk: intake.Site

    def signed_in(self, **claims: Any) -> BrowserContext:
        """A browser of somebody whom the provider says this of."""
        context = self.browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 760})
        context.set_default_timeout(PATIENCE)
        self.provider.claims = {"sub": "1", "name": "某人", **claims}
        page = context.new_page()
        page.goto(self.address)
        page.get_by_role("button", name="登录").click()
        expect(page.locator("[data-testid=stSidebar]")).to_contain_text("退出登录")
        page.close()
        return context


@pytest.fixture(scope="module")
def site(two_counties: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    listed = folder / "access.csv"
    listed.write_text(LIST.format(key=hashlib.sha256(KEY.encode()).hexdigest()), "utf-8")
    port = free_port()
    with provider(free_port()) as signs, sync_playwright() as playwright:
        secrets = folder / "secrets.toml"
        secrets.write_text(signs.secrets(f"http://localhost:{port}"), "utf-8")
        options = ("--secrets.files", str(secrets))
        environ = {"PIPELINE_ACCESS": str(listed), "PIPELINE_INTAKE": str(folder / "intake")}
        with served(two_counties, folder / "log.txt", *options, port=port, environ=environ) as address:
            browser = playwright.chromium.launch(executable_path=environment.system_browser(), args=FLAGS)
            yield Site(address, signs, browser, intake.Site(folder / "intake"))
            browser.close()


def seen(page: Page, address: str) -> str:
    """Everything that came to the browser for an address, as it came: tables and charts are drawn, not written."""
    came: list[bytes] = []

    def keep(frame: bytes | str) -> None:
        came.append(frame if isinstance(frame, bytes) else frame.encode())

    page.once("websocket", lambda opened: opened.on("framereceived", keep))
    watched = Watched(page, address)
    page.goto(address)
    watched.settle()
    return b"".join(came).decode("utf-8", "replace") + page.inner_text("body")


def secrets_in(text: str, address: str) -> list[str]:
    """What of the other county came, but for what was itself asked for by name."""
    words = [word for word in SECRET if word not in urllib.parse.unquote(address)]
    return [word for word in (*words, "987,654", "987654") if word in text]


def asked(address: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode("utf-8-sig", "replace")
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def cookie_of(context: BrowserContext) -> str:
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())


@pytest.mark.browser
@pytest.mark.parametrize("path", ["", "volumes", "source", "analysis", "brief", *ui.DESK])
def test_without_login_a_cold_deep_link_shows_nothing(path: str, site: Site) -> None:
    context = site.browser.new_context(locale="zh-CN")
    page = context.new_page()
    text = seen(page, f"{site.address}/{path}?body=ours0&scope={OURS}")
    assert "请先登录" in text
    assert "甲0镇" not in text and "987654" not in text and "公开了" not in text
    context.close()


@pytest.mark.browser
def test_plain_http_without_login_is_refused(site: Site) -> None:
    for format_ in ("csv", "json", "xlsx", "parquet", "zip"):
        assert asked(f"{site.address}/api/facts.{format_}")[0] == 401
    assert asked(f"{site.address}/api/facts.csv", Authorization="Bearer wrong")[0] == 401
    assert asked(f"{site.address}/api/facts.csv", Cookie="_streamlit_user=forged")[0] == 401
    status, said = asked(f"{site.address}/api/health")
    assert status == 200 and json.loads(said)["status"] == "ok" and "reports" not in said


@pytest.mark.browser
def test_a_key_of_the_list_opens_its_county_and_no_other(site: Site) -> None:
    status, text = asked(f"{site.address}/api/facts.csv", Authorization=f"Bearer {KEY}")
    assert status == 200 and "甲0镇" in text
    assert not [secret for secret in (*SECRET, "987654") if secret in text]
    assert asked(f"{site.address}/api/facts.csv?body=theirs0", Authorization=f"Bearer {KEY}")[0] == 400
    assert (
        asked(
            f"{site.address}/api/facts.csv?county={urllib.parse.quote(THEIRS)}", Authorization=f"Bearer {KEY}"
        )[0]
        == 400
    )


@pytest.mark.browser
def test_a_viewer_sees_one_county_whatever_the_address_says(site: Site) -> None:
    context = site.signed_in(email="viewer@example.cn")
    page = context.new_page()
    tricks = [
        f"?scope={THEIRS}", "?body=theirs0", "channels?body=theirs0", "requests?scope=demo-丙江市-乙水县", "volumes?body=theirs1",
        "profile?body=theirs0", "compare?with=theirs0&with=theirs1&with=ours0", "checks?body=theirs0",
        f"search?q={SECRET[2]}", f"search?q={SECRET[0]}", "source?report=theirs0-2022", "source?report=theirs0-2022&fact=f00013",
        "overview?known=2026-12-31&body=theirs0", "source?report=old&known=2026-12-31", "definitions?measure=items_disclosed",
    ]  # fmt: skip
    for trick in tricks:
        assert not secrets_in(seen(page, f"{site.address}/{trick}"), trick), trick
    assert "甲0镇" in seen(page, f"{site.address}/volumes")
    assert page.locator("[data-testid=stDownloadButton]").count() == 0, "who may only look takes nothing away"
    for page_name in ("analysis", "downloads", *ui.DESK):
        assert "您的权限看不了这一页" in seen(page, f"{site.address}/{page_name}?sql=select%201")
        assert page.locator(f".st-key-menu a[href*={page_name}]").count() == 0
    assert asked(f"{site.address}/api/facts.csv", Cookie=cookie_of(context))[0] == 403
    context.close()


@pytest.mark.browser
def test_an_analysts_statement_reaches_one_county(site: Site) -> None:
    context = site.signed_in(email="analyst@example.cn")
    page = context.new_page()
    assert "甲0镇" in seen(page, f"{site.address}/analysis?sql=select+name+from+body")
    for statement in (
        "select name, county from body", "select * from warehouse.main.body", "select * from warehouse.fact where value > 100",
        "select * from past.fact", "select * from passage", "select * from whole.body", "from duckdb_databases()",
        "select * from duckdb_tables()", "select * from main.report where body_id like 'theirs%'",
    ):  # fmt: skip
        text = seen(page, f"{site.address}/analysis?{urllib.parse.urlencode({'sql': statement})}")
        assert not secrets_in(text, statement), statement
    page.goto(f"{site.address}/volumes")
    with page.expect_download() as taken:
        page.locator(".st-key-download button").click()
    text = Path(taken.value.path()).read_text("utf-8-sig")
    assert "甲0镇" in text and not secrets_in(text, ""), (
        "what a button fetches later is asked by the same person"
    )
    status, text = asked(f"{site.address}/api/facts.json", Cookie=cookie_of(context))
    assert status == 200 and "甲0镇" in text and "987654" not in text
    context.close()


@pytest.mark.browser
def test_a_claim_of_a_group_gives_its_role_in_all_counties(site: Site) -> None:
    context = site.signed_in(email="boss@example.cn", groups=["政务公开科", "其他"])
    page = context.new_page()
    text = seen(page, f"{site.address}/volumes?body=theirs0&scope={THEIRS_SCOPE}")
    assert SECRET[0] in text and "987,654" in text, "what the others must not see is there to be seen"
    context.close()


@pytest.mark.browser
def test_an_editor_of_one_county_sees_no_batch_of_others(site: Site) -> None:
    batch, _ = intake.receive(
        intake.begin(site.desk, "boss@example.cn"), [("乙水县的.txt", b"x")], "boss@example.cn"
    )
    context = site.signed_in(email="editor@example.cn")
    page = context.new_page()
    for path in (f"intake?batch={batch.batch_id}", "intake", f"volumes?batch={batch.batch_id}"):
        shown = seen(page, f"{site.address}/{path}")
        assert "乙水县的" not in shown and "boss" not in shown
    own = intake.begin(site.desk, "editor@example.cn")
    assert own.batch_id in seen(page, f"{site.address}/intake")
    context.close()
    context = site.signed_in(email="boss@example.cn", groups=["政务公开科"])
    assert "boss" in seen(context.new_page(), f"{site.address}/intake")
    context.close()


@pytest.mark.browser
def test_who_is_signed_in_and_not_listed_sees_nothing_but_why(site: Site) -> None:
    context = site.browser.new_context(locale="zh-CN")
    site.provider.claims = {"sub": "2", "email": "stranger@example.cn", "name": "陌生人"}
    page = context.new_page()
    page.goto(site.address)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".question")).to_contain_text("您还没有权限")
    assert "甲0镇" not in page.content()
    assert asked(f"{site.address}/api/facts.csv", Cookie=cookie_of(context))[0] == 401
    context.close()


@pytest.mark.browser
def test_a_login_of_yesterday_holds_no_longer(site: Site) -> None:
    context = site.browser.new_context(locale="zh-CN")
    site.provider.claims = {"sub": "1", "email": "viewer@example.cn", "iat": int(time.time()) - 13 * 3600}
    page = context.new_page()
    page.goto(site.address)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".question")).to_contain_text("您还没有权限")
    context.close()


@pytest.mark.browser
def test_a_file_of_secrets_that_cannot_be_read_lets_nobody_in(
    two_counties: Path, site: Site, tmp_path: Path
) -> None:
    broken = tmp_path / "secrets.toml"
    broken.write_text("[auth\n", "utf-8")
    with served(two_counties, tmp_path / "log.txt", "--secrets.files", str(broken)) as address:
        assert asked(f"{address}/api/facts.csv")[0] == 401
        context = site.browser.new_context(locale="zh-CN")
        assert "甲0镇" not in seen(context.new_page(), address)
        context.close()
