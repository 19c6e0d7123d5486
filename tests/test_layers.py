"""Layers point one way, queries are parameters only, and nothing turns missing into zero."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PIPELINE = sorted(ROOT.glob("pipeline/**/*.py"))
QUERIES = sorted(ROOT.glob("queries/**/*.sql"))
PAGES = sorted(ROOT.glob("pages/**/*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize(
    "path", [*PIPELINE, *ROOT.glob("queries/*.py")], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_nothing_below_the_pages_knows_streamlit(path: Path) -> None:
    assert not {name for name in imported(path) if name.split(".")[0] in ("streamlit", "pages", "plotly")}


@pytest.mark.parametrize("path", sorted(ROOT.glob("pipeline/readers/*.py")), ids=lambda p: p.name)
def test_readers_know_no_form(path: Path) -> None:
    above = ("tables", "prose", "extract", "judge", "warehouse", "catalogue", "forms", "layouts")
    assert not imported(path) & {f"pipeline.{name}" for name in above}


def test_pipeline_asks_queries_by_file_only() -> None:
    for path in PIPELINE:
        assert not any(name.split(".")[0] == "queries" for name in imported(path)), path


@pytest.mark.parametrize("path", QUERIES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_queries_say_their_question_and_keep_missing_missing(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("-- Question:"), "first line: the question answered"
    assert "\n-- Grain:" in text, "second line: the grain"
    assert not re.search(r"(coalesce|ifnull)\s*\((?:[^()]|\([^()]*\))*,\s*0(\.0)?\s*\)", text, re.IGNORECASE)


@pytest.mark.parametrize(
    "path", [*PIPELINE, *PAGES, *ROOT.glob("queries/*.py")], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_no_sql_is_built_from_text_and_no_gap_filled_with_zero(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(
        r"""f["']{1,3}\s*(select|insert|update|delete|with|copy|attach)\b""", text, re.IGNORECASE
    )
    assert "fillna(0" not in text
    assert "unsafe_allow_html" not in text


# What turns a value that is not there into zero, in SQL and in pandas; `.sum(` of nothing is 0 in pandas.
ZERO_FILLING = re.compile(
    r"""\b(?:coalesce|ifnull|nvl|zeroifnull)\s*\((?:[^()]|\([^()]*\))*,\s*0(?:\.0)?\s*\)"""
    r"""|\bzeroifnull\b|\bnan_to_num\b|\belse\s+0(?:\.0)?\b|\bor\s+0(?:\.0)?\b|\bfillna\(|\.get\([^()]*,\s*0\)"""
    r"""|\bdefault=0\b|fill_value=0|(?<!\w)\.sum\(""",
    re.IGNORECASE,
)
ZEROS_THAT_ARE_NO_FILLING = {
    ("growth_as_printed.sql", "else 0"): "the doubt of a growth printed as a count, not as a share",
    ("search.py", ".sum("): "counts of passages and reports, which are there for every year",
    ("source.py", "or 0"): "the end of a place that has a start",
    ("provenance.py", "default=0"): "the beginning of a text in which no sentence ends",
    ("canvas.py", "default=0"): "the width of a chart in which nothing is drawn",
}


@pytest.mark.parametrize(
    "path",
    [*QUERIES, *PAGES, *ROOT.glob("queries/*.py")],
    ids=lambda p: p.relative_to(ROOT).as_posix(),
)
def test_nothing_turns_missing_into_zero(path: Path) -> None:
    code = re.sub(r"(?m)--.*$|#.*$", "", path.read_text("utf-8"))
    found = {match[0].lower() for match in ZERO_FILLING.finditer(code)}
    assert {text for text in found if (path.name, text) not in ZEROS_THAT_ARE_NO_FILLING} == set()


def test_every_zero_that_is_let_through_is_still_there() -> None:
    files = {path.name: path.read_text("utf-8").lower() for path in [*QUERIES, *PAGES]}
    assert [name for name, text in ZEROS_THAT_ARE_NO_FILLING if text not in files[name]] == []


@pytest.mark.parametrize(
    ("text", "fills"),
    [
        ("coalesce(value, 0)", True), ("coalesce(sum(value), 0)", True), ("ifnull(x, 0.0)", True),
        ("case when value is null then 1 else 0 end", True), ("value or 0", True), ("frame.fillna(0)", True),
        ('row.get("value", 0)', True), ("frame['value'].sum()", True),
        ("coalesce(applicant, 'total')", False), ("nullif(value, 0)", False), ("sum(value)", False),
        ("count(*) filter (where value = 0)", False),
    ],
)  # fmt: skip
def test_the_search_for_zero_filling_finds_it(text: str, fills: bool) -> None:
    assert bool(ZERO_FILLING.search(text)) is fills


@pytest.mark.parametrize("path", [p for p in PAGES if p.parent.name == "pages"], ids=lambda p: p.name)
def test_pages_hold_no_sql(path: Path) -> None:
    assert "duckdb" not in imported(path)
    assert not re.search(r"\bselect\b.+\bfrom\b", path.read_text("utf-8"), re.IGNORECASE | re.DOTALL)
