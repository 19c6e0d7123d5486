"""Documents with an oddity and what must come out of them, found by glob. A new document needs no code."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue import default_catalogue
from pipeline.extract import as_contract, extract_file

FOLDER = Path(__file__).parent / "golden"
SUFFIX = ".expected.json"
DOCUMENTS = sorted(
    p
    for p in FOLDER.rglob("*")
    if p.is_file() and not p.name.endswith((SUFFIX, ".draft.json")) and p.name != "README.md"
)


def key_of(fact: dict[str, Any]) -> str:
    """`measure`, or `measure/dimension`; a repeated key would hide a figure, so the caller checks."""
    dimension = fact["category"] or fact["channel"] or fact["applicant"]
    return fact["measure"] + (f"/{dimension}" if dimension else "")


def shown(fact: dict[str, Any]) -> object:
    """The value, with its bound where it has one, or the status."""
    if fact["value"] is None:
        return fact["status"]
    return fact["value"] if fact["bound"] == "exact" else [fact["value"], fact["bound"]]


def summary(contract: dict[str, Any]) -> dict[str, Any]:
    """What a pair states: identity, figures (zero table cells counted, not listed), broken rules, issue codes."""
    sections = {m.measure: m.section for m in default_catalogue().measures.values()}
    facts = contract["facts"]
    listed = [f for f in facts if sections[f["measure"]] == "disclosure" or f["value"] != 0]
    return {
        "report": contract["report"],
        "facts": {key_of(f): shown(f) for f in listed},
        "accounts": {f["channel"]: f["account"] for f in facts if f["account"]},
        "zero_cells": len(facts) - len(listed),
        "broken": sorted({f["rule"] for f in contract["findings"] if f["outcome"] == "broken"}),
        "issues": sorted(issue["code"] for issue in contract["issues"]),
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.relative_to(FOLDER).as_posix())
def test_document_reads_as_expected(document: Path) -> None:
    got = summary(as_contract(extract_file(document)))
    expected = document.with_name(document.name + SUFFIX)
    if not expected.exists():
        draft = document.with_name(document.name + ".draft.json")
        draft.write_text(json.dumps(got, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(
            f"no expectation for {document.name}: review {draft.name} against the document and rename it"
        )
    assert got == json.loads(expected.read_text("utf-8"))


def test_there_are_documents() -> None:
    assert len(DOCUMENTS) >= 5
