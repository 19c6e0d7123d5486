"""Reports of an adversary on every page and in every file that is taken away: words stay words."""

import csv
import io
import json
import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from playwright.sync_api import Page, expect

import queries
from pages import ui
from pages.ui import tables
from pipeline import intake
from pipeline.brief import brief
from pipeline.database import open_to_read, open_to_write
from pipeline.export import defused
from pipeline.intake import Site
from pipeline.letters import as_zip, letter
from pipeline.marts import marts
from pipeline.paper.printed import as_pdf
from pipeline.paper.word import as_docx
from pipeline.papers import gather
from tests.browsing import PATIENCE, Visit, Watched, served
from tests.tripwire import Wire

MARK = "绊线"
SCRIPT = (
    f"{MARK}'\"><img src=x onerror=window.ran=1><script>window.ran=1</script><svg onload=window.ran=1></svg></textarea></pre>"
    "<a href='javascript:window.ran=1'>a</a>![x](http://outside.invalid/x.png)[k](javascript:window.ran=1)$x$ :red[x] **b**"
)
FORMULAS = (
    "=HYPERLINK(\"http://outside.invalid\",\"x\")", "+cmd|'/c calc'!A1", "-2+3+cmd|'/c calc'!A1", "@SUM(1+1)*cmd|'/c calc'!A1", "\t=1+1", "\r=1+1",
    "＝1+1", "＋1+1", "－1+1+A1", "＠SUM(1)", " =1+1", "\u200b=1+1", "\ufeff=1+1", "\x00=1+1", "\x1f+1+A1", "﹦1+1", "=cmd|' /C calc'!'A1'",
)  # fmt: skip
# Every column that holds words of a document, of an editor or of a name on a list.
POISONED = {
    "body": "name county prefecture", "report": "title index_number path url", "fact": "account category raw_text",
    "passage": "text folded", "finding": "message message_en", "issue": "path message message_en raw_text", "claim": "raw_text",
    "source_file": "file",
}  # fmt: skip
COUNTY = "云川县"


def poisoned(source: Path, path: Path, words: list[str]) -> Path:
    """The warehouse with hostile words at the beginning of every text that an adversary can choose."""
    shutil.copyfile(source, path)
    with open_to_write(path) as connection:
        connection.execute(
            "insert into correction select 'c1', 'replace', body_id, year, 'items_disclosed', null, null, null, null, '1', '1', 2, 'x', 'x', "
            "date '2026-01-01', 'applied' from report limit 1"
        )
        poison = {**POISONED, "correction": "reason author guard expected"}
        for number, (table, columns) in enumerate(poison.items()):
            for place, column in enumerate(columns.split()):
                word = words[(number * 3 + place) % len(words)]
                # A passage keeps what follows, so that places in it still point at something.
                connection.execute(
                    f"update {table} set {column} = $word || coalesce({column}, '')", {"word": word}
                )
        for mart in marts():
            connection.execute(f"drop table if exists {mart.stem}")
            connection.sql(mart.read_text("utf-8")).create(mart.stem)
    return path


@pytest.fixture(scope="module")
def hostile(invented: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return poisoned(invented, tmp_path_factory.mktemp("hostile") / "warehouse.duckdb", [SCRIPT])


@pytest.fixture(scope="module")
def running(invented: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return poisoned(invented, tmp_path_factory.mktemp("running") / "warehouse.duckdb", list(FORMULAS))


TRIPWIRE = """
window.tripped = [];
let ran;
Object.defineProperty(window, 'ran', { get: () => ran, set: (value) => { ran = value; window.tripped.push('a script ran'); } });
for (const name of ['alert', 'confirm', 'prompt', 'open', 'print']) window[name] = () => window.tripped.push(name);
// Streamlit's own table tries that, and does without.
addEventListener('securitypolicyviolation', (event) => event.blockedURI === 'wasm-eval' || window.tripped.push(`the policy had to stop ${event.violatedDirective} ${event.blockedURI}`));
"""
# What no page of ours holds: an element that only words taken for markup could have made.
FOREIGN = """() => [
  ...document.querySelectorAll('img[src="x"], img[src*="outside.invalid"], [onerror], [onload], a[href^="javascript:"], a[href*="outside.invalid"], body script:not([src])')
].map((element) => element.outerHTML.slice(0, 200))"""


class Tripped(Watched):
    """A page with the wire strung before anything runs, and everything that came over its socket."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address)
        self.dialogs: list[str] = []
        self.came = ""
        page.add_init_script(TRIPWIRE)
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("websocket", lambda opened: opened.on("framereceived", self._keep))

    def _keep(self, frame: bytes | str) -> None:
        self.came += frame.decode("utf-8", "replace") if isinstance(frame, bytes) else frame

    def found(self) -> dict[str, object]:
        """What went wrong, by its name; empty where nothing did."""
        wrong = {
            "tripped": self.page.evaluate("window.tripped"), "foreign": self.page.evaluate(FOREIGN), "dialogs": self.dialogs,
            "outside": self.outside, "errors": self.errors,
        }  # fmt: skip
        return {name: what for name, what in wrong.items() if what}


@pytest.fixture(scope="module")
def address(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard of the hostile warehouse, with a batch on its desk whose names, notes and reasons are hostile too."""
    folder = tmp_path_factory.mktemp("served")
    site = Site(folder / "intake", folder / "sources", (), folder / "catalogue", hostile)
    for made in (site.sources, site.corrections):
        made.mkdir()
    report = f"{SCRIPT}镇2023年政府信息公开工作年度报告\n一、总体情况\n2023年，全年主动公开政府信息12条，其中{SCRIPT}公众号5条。\n"
    batch, _ = intake.receive(
        intake.begin(site, SCRIPT),
        [(f"{SCRIPT}.txt", report.encode()), ("乙.html", f"<p>{report}</p>".encode())],
        SCRIPT,
    )
    path = batch.kept()[0].path
    batch = batch.declare(path, None, 2023, SCRIPT, SCRIPT).note(path, SCRIPT, SCRIPT)
    batch = batch.put_aside(path, SCRIPT, SCRIPT).take_back(path, SCRIPT)
    intake.trial(batch)
    wire = Wire(folder / "wire")
    environ = {
        **wire.environ, "PIPELINE_INTAKE": str(site.folder), "PIPELINE_SOURCES": str(site.sources), "PIPELINE_CORRECTIONS": str(site.corrections),
    }  # fmt: skip
    with served(hostile, folder / "log.txt", environ=environ) as found:
        yield f"{found}|{batch.batch_id}|{urllib.parse.quote(path)}"
    assert wire.record.exists() and wire.outside() == [], "nothing leaves the machine, whatever a page shows"


def reports_of(warehouse: Path) -> str:
    with open_to_read(warehouse) as connection:
        found = connection.execute(
            "select report_id from fact where category is not null order by 1 limit 1"
        ).fetchone()
    assert found
    return str(found[0])


@pytest.mark.browser
def test_no_words_of_a_report_or_an_editor_run_on_any_page(
    address: str, hostile: Path, visit: type[Visit]
) -> None:
    home, batch, path = address.split("|")
    report = reports_of(hostile)
    script = urllib.parse.quote(SCRIPT)
    heading = SCRIPT.replace('"', "")
    statement = f'select name, raw_text as "{heading}" from fact join report using (report_id) join body using (body_id)'
    asked = {
        "overview": [""], "search": [f"search?q={MARK}", f"search?q={script}"], "source": [f"source?report={report}"],
        "analysis": ["analysis?rows=body", f"analysis?{urllib.parse.urlencode({'sql': statement})}"],
        "compare": ["compare?with=demo01&with=demo03"], "profile": ["profile?body=demo01"], "channels": ["channels?tables=plain"],
        "intake": [f"intake?batch={batch}&file={path}", f"source?batch={batch}"], "checks": ["checks?tables=plain"],
    }  # fmt: skip
    page = Visit.browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    Visit._open.append(page)
    seen = Tripped(page, home)
    unpoisoned = []
    for name in (*ui.PAGES, *ui.DESK):
        seen.came = ""
        for place in asked.get(name, [name]):
            joined = "&" if "?" in place else "?"
            seen.open(
                f"{place}{joined}body=demo01"
                if place.startswith(("overview", "volumes", "requests"))
                else place
            )
            page.wait_for_timeout(250)
            assert seen.found() == {}, place
            # One page of the dashboard says what was asked for itself; what it says is text as well.
            expect(page.locator("[role=alert]:has-text('无法显示')")).to_have_count(0, timeout=PATIENCE)
        if MARK not in seen.came:
            unpoisoned.append(name)
    assert unpoisoned == ["log"] * ("log" in unpoisoned), (
        "the words came to every page, or this proves nothing"
    )
    assert page.evaluate("(() => { window.ran = 1; return window.tripped.length })()") == 1, (
        "the wire is taut"
    )


def test_an_address_is_no_markup_either(address: str) -> None:
    home = address.partition("|")[0]
    for query in (
        "lang=%22%3E%3Cscript%3Ewindow.ran=1%3C/script%3E",
        "lang=en%22onload=%22x",
        "title=%3C/title%3E%3Cscript%3E",
    ):
        with urllib.request.urlopen(f"{home}/channels?{query}") as answer:
            assert b"window.ran" not in answer.read() and b"onload" not in answer.read()
    for key in ("body", "county", "measure", "scope", "known", "q"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{home}/api/facts.json?{key}={urllib.parse.quote(SCRIPT)}")
        told = refused.value.headers
        assert (refused.value.code, told["Content-Type"], told["X-Content-Type-Options"]) == (
            400,
            "application/json",
            "nosniff",
        )


# --- what is taken away ------------------------------------------------------------------------------


def runs(text: str) -> bool:
    """Whether a spreadsheet could take a cell for a formula: told apart from the code that prevents it."""
    head = re.sub(r"^[^\w=+\-@＝＋－＠﹦﹢﹣﹫'\"(（<《“]+", "", text)
    return head[:1] in tuple("=+-@＝＋－＠﹦﹢﹣﹫") and not re.fullmatch(
        r"[-+＋－]?[\d,.]+%?|[-－]+", text.strip()
    )


@given(st.sampled_from(FORMULAS), st.text(max_size=5))
@settings(max_examples=200, deadline=None)
def test_no_cell_of_any_kind_is_a_formula(formula: str, more: str) -> None:
    assert not runs(defused(formula + more))
    frame = pd.DataFrame({formula + more: [formula, None, 1.5], "b": ["1", formula + more, "-5"]})
    for row in csv.reader(io.StringIO(tables.csv(frame).decode("utf-8-sig"))):
        assert not [cell for cell in row if runs(cell)]


def test_every_format_of_the_interface_holds_words_as_words(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starlette.datastructures import QueryParams

    from pages.ui import api
    from pipeline.export import FORMATS

    monkeypatch.setenv("PIPELINE_WAREHOUSE", str(running))
    with open_to_read(running) as connection:
        scope = connection.execute("select county from body limit 1").fetchone()
    assert scope
    for shape in ("long", "wide"):
        for names in ("codes", "words"):
            chosen = api.understood(QueryParams(shape=shape, names=names, lang="zh", year="2024"))
            made = {
                name: b"".join(build(chosen.rows(), chosen.about("http://x")))
                for name, (build, _) in FORMATS.items()
            }
            sheet = list(csv.reader(io.StringIO(made["csv"].decode("utf-8-sig"))))
            assert not [cell for row in sheet for cell in row if runs(cell)]
            assert any("cmd|" in cell for row in sheet for cell in row), "the words are there"
            with zipfile.ZipFile(io.BytesIO(made["zip"])) as packed:
                assert {"data.csv", "dictionary.csv", "README.txt"} == set(packed.namelist())
                for name in ("data.csv", "dictionary.csv"):
                    cells = csv.reader(io.StringIO(packed.read(name).decode("utf-8-sig")))
                    assert not [cell for row in cells for cell in row if runs(cell)]
            book = openpyxl.load_workbook(io.BytesIO(made["xlsx"]))
            for page in book:
                for cells_of in page.iter_rows():
                    for cell in cells_of:
                        assert cell.data_type != "f" and cell.hyperlink is None
                        assert not (isinstance(cell.value, str) and runs(cell.value)), cell.value
            assert json.loads(made["json"])["rows"]
            assert pq.read_table(io.BytesIO(made["parquet"])).num_rows == len(sheet) - 1


def test_papers_hold_words_as_words(hostile: Path, running: Path) -> None:
    for warehouse in (hostile, running):
        with open_to_read(warehouse) as connection:
            scopes = queries.ask(connection, "scopes").query("scope != 'real'")
            county = gather(connection, str(scopes["scope"].iloc[0]), 2024, days=15)
            papers = [brief(connection, county), letter(county, county.owed[0])]
        for paper in papers:
            with zipfile.ZipFile(io.BytesIO(as_docx(paper))) as docx:
                for part in docx.namelist():
                    if part.endswith(".rels"):
                        outside = etree.fromstring(docx.read(part)).xpath(
                            "//*[@TargetMode='External']/@Target"
                        )
                        assert not [
                            target
                            for target in outside
                            if "outside.invalid" in target or "javascript" in target
                        ]
                    elif part.endswith(".xml"):
                        root = etree.fromstring(docx.read(part))
                        fields = "".join(root.xpath("//*[local-name()='instrText']/text()"))
                        assert MARK not in fields and "cmd" not in fields and "DDE" not in fields
            pdf = as_pdf(paper)
            assert (
                pdf.startswith(b"%PDF")
                and b"/JavaScript" not in pdf
                and b"/JS" not in pdf
                and b"/Launch" not in pdf
            )
            assert b"outside.invalid" not in re.sub(rb"stream.*?endstream", b"", pdf, flags=re.DOTALL), (
                "no link made of words"
            )
        with zipfile.ZipFile(io.BytesIO(as_zip(county))) as packed:
            assert not [name for name in packed.namelist() if re.search(r'[/\\:*?"<>|\x00-\x1f]|\.\.', name)]
            for name in packed.namelist():
                if name.endswith(".csv"):
                    cells = csv.reader(io.StringIO(packed.read(name).decode("utf-8-sig")))
                    assert not [cell for row in cells for cell in row if runs(cell)], name
