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


@pytest.mark.parametrize("path", [p for p in PAGES if p.parent.name == "pages"], ids=lambda p: p.name)
def test_pages_hold_no_sql(path: Path) -> None:
    assert "duckdb" not in imported(path)
    assert not re.search(r"\bselect\b.+\bfrom\b", path.read_text("utf-8"), re.IGNORECASE | re.DOTALL)
