"""The brief and the letters: read back from the files that were written, and held against the warehouse's own tables."""

import ast
import csv
import dataclasses
import hashlib
import io
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from pipeline.brief import MEASURES, brief
from pipeline.catalogue import FOLDER, default_catalogue
from pipeline.database import open_to_read, open_to_write
from pipeline.letters import as_zip, letter, letters
from pipeline.model import CatalogueError, Grid, UserError
from pipeline.paper.drawing import bars, stacked
from pipeline.paper.model import Note, Paper, Piece, Table, words_of
from pipeline.paper.printed import as_pdf, as_png, known_characters, printable
from pipeline.paper.word import as_docx
from pipeline.paper.words import load_words, say, text, tight
from pipeline.papers import County, gather
from pipeline.readers import read_document
from tests import county as places
from tests import cut_fonts, screens
from tests.test_command_line import one_line, pipeline

ROOT = Path(__file__).parent.parent
CODE = [*ROOT.glob("pipeline/brief*.py"), ROOT / "pipeline" / "letters.py", ROOT / "pipeline" / "papers.py"]
CODE += sorted((ROOT / "pipeline" / "paper").glob("*.py"))
MILLIMETRE = 72 / 25.4
HOSTILE = '#image("/etc/passwd") *粗* $x$ <b>&amp;</b> ]]> \x07 {county} 𠮷 @note-1 \\u{41}'


@pytest.fixture(scope="module")
def connection(invented: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_to_read(invented) as opened:
        yield opened


@pytest.fixture(scope="module")
def county(connection: duckdb.DuckDBPyConnection) -> County:
    return gather(connection, "云川县", 2024, days=30)


@pytest.fixture(scope="module")
def paper(connection: duckdb.DuckDBPyConnection, county: County) -> Paper:
    return brief(connection, county)


def docx_of(paper: Paper) -> "Document":
    return Document(io.BytesIO(as_docx(paper)))


def footnotes_of(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        root = etree.fromstring(parts.read("word/footnotes.xml"))
    notes = root.findall(qn("w:footnote"))
    return ["".join(note.itertext()).strip() for note in notes if note.get(qn("w:id")) not in ("-1", "0")]


def figures_of(content: bytes) -> list[tuple[str, int]]:
    """Each figure of a docx: the run before a reference, and the number of the note that it leads to."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        body = etree.fromstring(parts.read("word/document.xml"))
    for paragraph in body.iter(qn("w:p")):
        before = ""
        for run in paragraph.iter(qn("w:r")):
            reference, field = run.find(qn("w:footnoteReference")), run.findtext(qn("w:instrText"), "")
            if reference is not None:
                found.append((before, int(reference.get(qn("w:id")))))
            elif "NOTEREF" in field:
                found.append((before, int(re.findall(r"\d+", field)[0])))
            elif run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}") is None:
                before = "".join(part.text or "" for part in run.findall(qn("w:t")))
    return found


def pages_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range().replace("\r\n", "") for page in document]


class TestTheBrief:
    def test_counts_of_reports_are_those_of_the_warehouse(
        self, connection: duckdb.DuckDBPyConnection, paper: Paper
    ) -> None:
        rows = connection.execute(
            "select year, state from expected_report join body using (body_id) where body.county = '云川县' and kind <> 'county'"
        ).fetchall()
        for year, key in ((2024, "brief.coverage"), (2023, "brief.coverage.last")):
            states = Counter(state for own, state in rows if own == year)
            due, missing = sum(states.values()) - states["not_due"], states["missing"] + states["figures"]
            said = text(key, year=year, due=due, held=due - missing, late=states["late"])
            assert words_of(said) in "".join(piece.text for piece in paper.pieces())

    def test_changes_are_sums_of_what_both_years_give(
        self, connection: duckdb.DuckDBPyConnection, paper: Paper
    ) -> None:
        """Recomputed body by body from single figures, without the query of the brief."""
        table = next(
            block
            for block in paper.blocks
            if isinstance(block, Table) and block.caption == say("brief.table.changes")
        )
        figures = connection.execute(
            "select body_id, year, measure, figure.value, figure.bound, label_zh from figure "
            "join report using (report_id) join measure using (measure) where figure.is_current and year in (2023, 2024)"
        ).fetchall()  # fmt: skip
        by_measure: dict[str, dict[str, dict[int, tuple[float, str]]]] = {}
        for body, year, measure, value, bound, label in figures:
            if measure in MEASURES and value is not None:
                by_measure.setdefault(label, {}).setdefault(body, {})[year] = (value, bound)
        shown = {
            words_of(row[0]).split("　")[1].rpartition("（")[0]: [words_of(cell) for cell in row[1:]]
            for row in table.rows
        }
        assert shown
        for label, cells in shown.items():
            both = [years for years in by_measure[label].values() if len(years) == 2]
            sums = [sum(years[year][0] for years in both) for year in (2023, 2024)]
            exact = all(bound == "exact" for years in both for _, bound in years.values())
            mark = "" if exact else "约"
            difference = sums[1] - sums[0]
            signed = f"{'+' if difference > 0 else '-' if difference < 0 else ''}{abs(difference):g}"
            assert cells == [str(len(both)), *(f"{mark}{value:g}" for value in sums), signed], label

    def test_every_cell_of_the_annex_is_a_figure_of_the_warehouse(
        self, connection: duckdb.DuckDBPyConnection, paper: Paper, county: County
    ) -> None:
        figures = {
            (body, label): (value, status, bound)
            for body, label, value, status, bound in connection.execute(
                "select body.name, label_zh, figure.value, figure.status, figure.bound from figure join report using (report_id) "
                "join body using (body_id) join measure using (measure) where figure.is_current and year = 2024 "
                "and measure not in ('items_by_channel', 'items_by_category')"
            ).fetchall()
        }  # fmt: skip
        grids = [
            block
            for block in paper.blocks
            if isinstance(block, Table) and block.caption.startswith("表1-") and "单位数字" in block.caption
        ]
        seen = {}
        for grid in grids:
            for row in grid.rows:
                label = words_of(row[0]).split("　")[1].rpartition("（")[0]
                for column, cell in zip(grid.columns[1:], row[1:], strict=True):
                    if words_of(cell):
                        seen[column.name, label] = words_of(cell)
        assert seen.keys() == {key for key in figures if key[0] in {row["body"] for row in county.owed}}
        for key, shown in seen.items():
            value, status, bound = figures[key]
            if value is None:
                assert shown == load_words()[f"sign.{status}"]
            else:
                assert re.sub(r"[约以上下]", "", shown) == f"{value:g}" and (bound == "exact") == shown[
                    -1:
                ].isdigit() * (shown[0] != "约")

    def test_says_the_same_in_both_formats_and_each_figure_has_its_note(self, paper: Paper) -> None:
        written = as_docx(paper)
        pieces = [piece for piece in paper.pieces() if piece.note]
        notes = [note.text for note in paper.notes()]
        assert footnotes_of(written) == notes
        assert figures_of(written) == [
            (piece.text, notes.index(piece.note.text) + 1) for piece in pieces if piece.note
        ]
        printed = re.sub(r"\s", "", "".join(pages_of(as_pdf(paper))))
        assert all(re.sub(r"\s", "", printable(note)) in printed for note in notes)

    def test_no_number_in_a_table_of_the_text_stands_without_a_note(self, paper: Paper) -> None:
        for table in tables_of(paper):
            if not table.small:
                pieces = [piece for row in table.rows for cell in row for piece in cell]
                assert all(piece.note for piece in pieces if re.fullmatch(r"约?[+-]?[\d.]+", piece.text))

    def test_every_body_is_in_both_files(self, paper: Paper, county: County) -> None:
        document = docx_of(paper)
        written = "\n".join(
            [paragraph.text for paragraph in document.paragraphs]
            + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        )
        printed = "".join(pages_of(as_pdf(paper)))
        for row in county.owed:
            assert row["body"] in written and row["body"] in printed

    def test_our_own_reader_finds_every_table_and_heading(self, paper: Paper, tmp_path: Path) -> None:
        path = tmp_path / "brief.docx"
        path.write_bytes(as_docx(paper))
        document = read_document(path)
        grids = [block for block in document.blocks if isinstance(block, Grid)]
        tables = [block for block in paper.blocks if isinstance(block, Table)]
        assert [(max(cell.row for cell in grid.cells), max(cell.column for cell in grid.cells) + 1) for grid in grids] == [
            (len(table.rows), len(table.columns)) for table in tables
        ]  # fmt: skip

    def test_nothing_is_clipped(self, paper: Paper) -> None:
        """Every character stands within the paper's margins; footers and the head of the page in theirs."""
        for page in pypdfium2.PdfDocument(as_pdf(paper)):
            words = page.get_textpage()
            places = range(words.count_chars())
            inked = [words.get_charbox(at) for at in places if words.get_text_range(at, 1).strip()]
            assert min(box[0] for box in inked) >= 27.9 * MILLIMETRE
            assert max(box[2] for box in inked) <= (210 - 25.9) * MILLIMETRE
            assert min(box[1] for box in inked) >= 15 * MILLIMETRE

    def test_the_docx_is_laid_out_as_official_papers_are(self, paper: Paper) -> None:
        document = docx_of(paper)
        section = document.sections[0]
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        body = next(paragraph for paragraph in document.paragraphs if paragraph.style.name == "body")
        assert body.style.font.size.pt == 16 and body.style.paragraph_format.line_spacing.pt == 29
        fonts = body.style.element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
        assert [paragraph.style.name for paragraph in document.paragraphs][:2] == ["Title", "addressee"]
        for table in document.tables:
            assert (
                sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid)
                <= section.page_width - section.left_margin
            )
            assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None

    def test_parts_of_a_docx_stand_in_the_order_of_the_schema(self, paper: Paper) -> None:
        with zipfile.ZipFile(io.BytesIO(as_docx(paper))) as parts:
            names = parts.namelist()
            settings = [
                etree.QName(child).localname for child in etree.fromstring(parts.read("word/settings.xml"))
            ]
            types = parts.read("[Content_Types].xml").decode()
            relations = parts.read("word/_rels/document.xml.rels").decode()
            section = [
                etree.QName(child).localname
                for child in next(etree.fromstring(parts.read("word/document.xml")).iter(qn("w:sectPr")))
            ]
        assert settings.index("footnotePr") == settings.index("compat") - 1
        assert settings.index("evenAndOddHeaders") < settings.index("characterSpacingControl")
        assert types.count("/word/footnotes.xml") == 1 and relations.count('Target="footnotes.xml"') == 1
        assert section[-1] == "docGrid" and not any("thumbnail" in name for name in names)

    def test_invented_places_say_so_on_every_page(self, paper: Paper) -> None:
        assert all(paper.mark in page for page in pages_of(as_pdf(paper)))
        section = docx_of(paper).sections[0]
        assert section.header.paragraphs[0].text == section.even_page_header.paragraphs[0].text == paper.mark

    def test_the_pdf_tells_its_title_and_only_the_day_of_the_build(self, paper: Paper) -> None:
        document = pypdfium2.PdfDocument(as_pdf(paper))
        meta = document.get_metadata_dict()
        assert meta["Title"] == paper.title
        assert paper.made_at.strftime("%Y%m%d%H%M%S") in meta["CreationDate"]

    def test_ranks_by_tiers_as_the_page_does(
        self, connection: duckdb.DuckDBPyConnection, county: County, paper: Paper
    ) -> None:
        tables = [
            block
            for block in paper.blocks
            if isinstance(block, Table) and block.columns[0].name == say("column.tier")
        ]
        bodies = [words_of(row[1]) for table in tables for row in table.rows]
        held = [row["body"] for row in county.in_state("on_time", "late", "undated")]
        assert sorted(bodies) == sorted(held)
        for table in tables:
            tiers = [int(re.sub(r"\D", "", words_of(row[0]))) for row in table.rows]
            scores = [float(words_of(row[2])) for row in table.rows]
            assert tiers == sorted(tiers) and tiers[0] == 1 and scores == sorted(scores, reverse=True)


class TestTheSameBytes:
    SCRIPT = """
import hashlib, sys
from pathlib import Path
from pipeline.brief import brief
from pipeline.database import open_to_read
from pipeline.letters import as_zip
from pipeline.paper.printed import as_pdf
from pipeline.paper.word import as_docx
from pipeline.papers import gather
with open_to_read(Path(sys.argv[1])) as connection:
    county = gather(connection, "云川县", 2024, days=30)
    paper = brief(connection, county)
for content in (as_docx(paper), as_pdf(paper), as_zip(county)):
    print(hashlib.sha256(content).hexdigest())
"""

    def test_come_from_two_processes(self, invented: Path, paper: Paper, county: County) -> None:
        runs = [
            subprocess.run([sys.executable, "-c", self.SCRIPT, str(invented)], cwd=ROOT, env={"PYTHONHASHSEED": seed, "TZ": zone, "PATH": ""}, capture_output=True, text=True, check=True).stdout
            for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
        ]  # fmt: skip
        own = [
            hashlib.sha256(content).hexdigest() for content in (as_docx(paper), as_pdf(paper), as_zip(county))
        ]
        assert runs[0].split() == runs[1].split() == own


class TestLetters:
    def test_each_body_gets_one_with_its_findings_and_their_places(self, county: County) -> None:
        papers = {row["body"]: paper for row, paper in letters(county)}
        assert list(papers) == [row["body"] for row in county.owed]
        told = {
            body: [words_of(row[2]) for row in tables_of(paper)[0].rows]
            for body, paper in papers.items()
            if tables_of(paper)
        }
        expected: dict[str, list[str]] = {}
        for row in county.findings:
            expected.setdefault(row["body"], []).append(tight(row["message"]))
        assert told == expected
        broken = tables_of(papers["石桥镇"])[0].rows[0]
        assert all(words_of(cell) for cell in broken)
        assert words_of(broken[4]) == say("remedy.T3-BAL")
        assert [len(table.rows) for table in tables_of(papers["石桥镇"])] == [1, 1]

    def test_a_missing_report_is_asked_for_and_a_clean_one_thanked_for_nothing(self, county: County) -> None:
        papers = {row["body"]: words(paper) for row, paper in letters(county)}
        assert "未见你单位2024年度" in papers["长岭乡"] and "2026年12月24日" in papers["长岭乡"]
        assert "未见需更正的事项" in papers["云溪镇"]

    @pytest.mark.parametrize(
        ("changed", "stays"),
        [
            ({"decision": "dismissed"}, False), ({"decision": "accepted"}, True), ({"cause": "reading"}, False),
            ({"cause": "change"}, False), ({"outcome": "note"}, False), ({"outcome": "not_assessable"}, False),
        ],
    )  # fmt: skip
    def test_holds_only_what_the_report_itself_gets_wrong(
        self, county: County, changed: dict[str, str], stays: bool
    ) -> None:
        other = dataclasses.replace(county, findings=[row | changed for row in county.findings])
        owed = next(row for row in other.owed if row["body"] == "石桥镇")
        assert bool(tables_of(letter(other, owed))) is stays
        assert (say("letter.accepted") in words(letter(other, owed))) is (
            changed.get("decision") == "accepted"
        )

    def test_the_zip_holds_them_all_and_a_list(self, county: County) -> None:
        with zipfile.ZipFile(io.BytesIO(as_zip(county))) as packed:
            names = packed.namelist()
            listed = list(csv.DictReader(io.StringIO(packed.read("目录.csv").decode("utf-8-sig"))))
            assert [row["文件"] for row in listed] == names[:-1]
            for row, name in zip(county.owed, names, strict=False):
                text = "\n".join(
                    paragraph.text for paragraph in Document(io.BytesIO(packed.read(name))).paragraphs
                )
                assert row["body"] in text
        assert [row["单位"] for row in listed if row["需核实更正项数"] != "0"] == ["石桥镇"]

    def test_a_name_cannot_leave_the_folder_it_is_unpacked_in(self, county: County) -> None:
        other = dataclasses.replace(county, owed=[row | {"body": "../../etc/x乡"} for row in county.owed[:1]])
        with zipfile.ZipFile(io.BytesIO(as_zip(other))) as packed:
            assert not any("/" in name or ".." in name for name in packed.namelist())


def tables_of(paper: Paper) -> list[Table]:
    return [block for block in paper.blocks if isinstance(block, Table)]


def words(paper: Paper) -> str:
    return "".join(piece.text for piece in paper.pieces())


class TestHostileText:
    def test_is_text_in_both_formats(self, county: County) -> None:
        findings = [row | {"message": HOSTILE} for row in county.findings]
        printed = {key: [row | {"raw_text": HOSTILE} for row in rows] for key, rows in county.printed.items()}
        owed = [row | {"title": HOSTILE, "source": HOSTILE} for row in county.owed]
        other = dataclasses.replace(county, findings=findings, printed=printed, owed=owed)
        paper = letter(other, next(row for row in other.owed if row["body"] == "石桥镇"))
        content = as_docx(paper)
        document = Document(io.BytesIO(content))
        shown = HOSTILE.replace("\x07", "␣")
        assert shown in document.tables[0].rows[1].cells[2].text
        assert any(shown in note for note in footnotes_of(content))
        plain = re.sub(r"\s", "", "".join(pages_of(as_pdf(paper))))
        assert re.sub(r"\s", "", printable(HOSTILE)) in plain
        assert "〓[U+20BB7]" in plain and "〓[U+0007]" in plain

    def test_charts_hold_it_as_text(self) -> None:
        for chart in (
            bars("图", "alt", {HOSTILE: 3}),
            stacked("图", "alt", {HOSTILE: [1, 2]}, [HOSTILE, "乙"]),
        ):
            root = etree.fromstring(chart.svg.encode())
            assert {etree.QName(element).localname for element in root.iter()} == {"svg", "rect", "text"}
            assert as_png(chart).startswith(b"\x89PNG")


class TestPlacesWithLittle:
    def test_one_report_among_many_missing_makes_a_short_brief(self, warehouse: Path) -> None:
        with open_to_read(warehouse) as connection:
            county = gather(connection, "隆阳区", 2019, days=30)
            paper = brief(connection, county)
        assert not paper.mark and len(county.owed) == 21
        assert "应公布年报21份，已见1份" in words(paper) and "未见年报20份" in words(paper)
        assert len(pages_of(as_pdf(paper))) < 12

    @pytest.mark.parametrize("held", ["warehouse", "invented"])
    def test_every_county_and_year_has_its_papers(self, held: str, request: pytest.FixtureRequest) -> None:
        """Whatever is held of it: published figures only, one body, no date, a form of before 2019."""
        with open_to_read(request.getfixturevalue(held)) as connection:
            owed = connection.execute(
                "select distinct scope, year from expected_report join body_place using (body_id) "
                "where is_township and state <> 'not_due'"
            ).fetchall()
            assert len(owed) > 5
            for scope, year in owed:
                county = gather(connection, scope, year, days=30)
                paper = brief(connection, county)
                assert all(row["body"] in words(paper) for row in county.owed)
                assert len(list(letters(county))) == len(county.owed)

    def test_published_figures_alone_make_a_short_brief(self, warehouse: Path) -> None:
        with open_to_read(warehouse) as connection:
            paper = brief(connection, gather(connection, "双柏县", 2025, days=30))
        assert "仅见公开数字" in words(paper) and as_pdf(paper).startswith(b"%PDF")

    @pytest.mark.parametrize(
        ("name", "year", "said"),
        [
            ("没有县", 2019, "请核对"),
            ("隆阳区", 1999, "有年报的年度是2019年"),
            ("双柏县", 2010, "请改用 --year"),
        ],
    )
    def test_says_what_to_do_where_there_is_nothing(
        self, warehouse: Path, name: str, year: int, said: str
    ) -> None:
        with open_to_read(warehouse) as connection, pytest.raises(UserError, match=said):
            gather(connection, name, year, days=30)

    def test_an_empty_warehouse_asks_for_a_build(self, unread: Path) -> None:
        with open_to_read(unread) as connection, pytest.raises(UserError, match="build"):
            gather(connection, "云川县", 2024, days=30)

    def test_a_deadline_before_the_paper_is_refused(self, warehouse: Path) -> None:
        with open_to_read(warehouse) as connection, pytest.raises(UserError, match="--until"):
            gather(connection, "隆阳区", 2019, days=30, until=screens.date(2020, 1, 1))

    def test_two_counties_of_one_name_are_told_apart(self, tmp_path: Path) -> None:
        bodies = [places.Body("a1", "东镇"), places.Body("b1", "西镇")]
        figure = places.Figure("a1", 2023, "items_disclosed", 5)
        path = places.build(tmp_path / "w.duckdb", bodies, [("a1", 2023), ("b1", 2023)], [figure])
        with open_to_write(path) as connection:
            connection.execute("update body set prefecture = '他市' where body_id = 'b1'")
            connection.execute(
                "update body_place set scope = '他市-' || (select county from body where body_id = 'b1') where body_id = 'b1'"
            )
            connection.execute("insert into build values (1, 'b', '2024-03-01', 'v', 'c', 2, 2, 2, 1, 0, 0)")
            name = connection.execute("select county from body where body_id = 'a1'").fetchone()
        with open_to_read(path) as connection, pytest.raises(UserError, match="有几个"):
            gather(connection, str(name and name[0]), 2023, days=30)


class TestTheCommands:
    def test_write_a_brief_and_letters(self, invented: Path, tmp_path: Path) -> None:
        asked = ("--county", "云川县", "--year", "2024", "--warehouse", invented, "--output")
        for command, name, start in (("brief", "b.docx", b"PK"), ("letters", "l.zip", b"PK")):
            result = pipeline(command, *asked, tmp_path / name)
            assert result.returncode == 0, result.stderr
            assert (tmp_path / name).read_bytes().startswith(start)
        for command, extra in (("brief", ()), ("letters", ("--body", "石桥镇"))):
            result = pipeline(command, *asked, tmp_path / "x.pdf", "--format", "pdf", *extra)
            assert result.returncode == 0 and (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("brief", "--county", "没有县", "--year", "2024"), "没有县"),
            (("brief", "--county", "云川县", "--year", "1999"), "--year"),
            (("letters", "--county", "云川县", "--year", "2024", "--body", "无名镇"), "石桥镇"),
            (("brief", "--county", "云川县", "--year", "2024", "--output", "/nowhere/b.docx"), "--output"),
        ],
    )
    def test_a_mistake_is_one_line_that_names_the_remedy(
        self, arguments: tuple[str, ...], said: str, invented: Path
    ) -> None:
        result = pipeline(*arguments, "--warehouse", invented)
        assert result.returncode == 2 and said in one_line(result)

    def test_without_a_warehouse(self, tmp_path: Path) -> None:
        result = pipeline(
            "brief", "--county", "云川县", "--year", "2024", "--warehouse", tmp_path / "no.duckdb"
        )
        assert result.returncode == 2 and "build" in one_line(result)


class TestWordsAndFonts:
    def test_every_word_that_papers_say_is_there_and_every_one_there_is_said(self) -> None:
        written, called, families = set(), set(), set()
        for path in CODE:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    written.add(node.value)
                elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                    families.add(str(node.values[0].value))
                elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "text", "named"):
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and node.func.id == "named":  # type: ignore[attr-defined]
                        families.add(f"{first.value}.")
                    elif isinstance(first, ast.Constant):
                        called.add(first.value)
        known = load_words()
        of_family = {key for key in known if any(key.startswith(one) for one in families if "." in one)}
        assert set(known) - written - of_family == set()
        assert called - set(known) == set()

    def test_every_rule_that_a_letter_may_name_has_its_problem_and_remedy(self) -> None:
        rules = {
            rule.rule
            for rule in default_catalogue().rules
            if rule.cause in ("arithmetic", "form") and rule.severity != "info"
        }
        for family in ("problem", "remedy"):
            own = {key.partition(".")[2] for key in load_words() if key.startswith(f"{family}.")}
            assert rules - own == set()
            assert own <= {rule.rule for rule in default_catalogue().rules}

    def test_the_list_of_characters_is_that_of_the_font(self) -> None:
        assert known_characters() == cut_fonts.held()
        assert set("".join(load_words().values())) <= known_characters()
        names = "".join(body.name + body.county for body in default_catalogue().bodies.values())
        assert set(names) <= known_characters()

    def test_a_word_that_is_not_there_or_is_empty_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CatalogueError, match=r"paper\.csv"):
            say("no.such.word")
        (tmp_path / "paper.csv").write_text("key,zh\na,\n", "utf-8")
        with pytest.raises(CatalogueError, match="缺少 zh"):
            load_words(tmp_path)

    def test_words_of_papers_do_not_make_reports_be_read_again(self) -> None:
        from pipeline.catalogue import _NOT_READ_WITH

        assert {"paper.csv", "settings.csv"} <= _NOT_READ_WITH and (FOLDER / "paper.csv").exists()

    def test_the_same_note_is_one_footnote(self) -> None:
        note = Note("同一出处")
        pieces = text("brief.coverage", year=2024, due=Piece("1", note), held=Piece("2", note))
        assert [piece.text for piece in pieces if piece.note] == ["1", "2"]
