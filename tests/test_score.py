"""The measurement: a perfect reader scores full marks, and each kind of mistake is counted as what it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.invent import invent_corpus
from pipeline.score import Score, format_score, score_folder

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("invented")
    invent_corpus(4, range(2020, 2026), 31, out, formats=("html", "txt"))
    return out


def _score(corpus: Path, change: Change) -> Score:
    def read(path: Path) -> dict[str, Any]:
        truth: dict[str, Any] = json.loads(Path(f"{path}.truth.json").read_text(encoding="utf-8"))
        truth["findings"] = [
            {"rule": fault["rule"], "outcome": "broken", "message": "", "severity": "error"}
            for fault in truth["planted"]
        ]
        truth["facts"] = [fact for fact in truth["facts"] if not fact.get("ambiguous")]
        change(truth)
        return truth

    return score_folder(corpus, extract=read, build=False)


def _cell(truth: dict[str, Any]) -> dict[str, Any] | None:
    return next(
        (f for f in truth["facts"] if f["source"] == "table" and f["value"] == 0 and not f.get("inferred")),
        None,
    )


def test_a_perfect_reader_has_full_marks(corpus: Path) -> None:
    score = _score(corpus, lambda truth: None)
    assert score.figures["table_cells"] == 1
    assert score.figures["silent_errors"] == 0
    assert score.figures["prose_precision"] == score.figures["prose_recall"] == 1
    assert score.figures["faults_recall"] == 1
    assert all(rule.false == 0 for rule in score.rules.values())
    assert score.documents > 0


def test_a_wrong_cell_is_silent_unless_an_issue_points_at_it(corpus: Path) -> None:
    def spoil(truth: dict[str, Any], named: bool) -> None:
        cell = _cell(truth)
        if cell is not None:
            cell["value"], cell["locator"] = 77, "b1r2c3"
            if named:
                truth["issues"] = [{"code": "doubtful", "message": "", "raw_text": "", "locator": "b1r2c3"}]

    silent, named = _score(corpus, lambda t: spoil(t, False)), _score(corpus, lambda t: spoil(t, True))
    assert len(silent.silent) == sum(tally.wrong for tally in silent.groups.values()) > 0
    assert sum(tally.wrong for tally in named.groups.values()) > 0
    assert not named.silent


def test_a_dropped_cell_is_missing(corpus: Path) -> None:
    def drop(truth: dict[str, Any]) -> None:
        cell = _cell(truth)
        if cell is not None:
            truth["facts"].remove(cell)

    score = _score(corpus, drop)
    assert sum(tally.missing for tally in score.groups.values()) > 0
    assert not score.silent


def test_a_value_for_a_blank_cell_is_wrong(corpus: Path) -> None:
    def fill(truth: dict[str, Any]) -> None:
        for fact in truth["facts"]:
            if fact["source"] == "table" and fact["status"] in ("blank", "dash") and not fact.get("inferred"):
                fact["value"], fact["status"] = 0, "reported"

    assert _score(corpus, fill).silent


def test_an_invented_figure_in_prose_costs_precision(corpus: Path) -> None:
    def add(truth: dict[str, Any]) -> None:
        template = dict.fromkeys(("applicant", "channel", "account", "category", "locator"))
        truth["facts"].append(
            {"measure": "press_conferences", "value": 940, "unit": "次", "status": "reported", "bound": "exact",
             "raw_text": "", "source": "prose", **template}
        )  # fmt: skip

    score = _score(corpus, add)
    assert (score.figures["prose_precision"] or 0) < 1
    assert len(score.silent) == score.documents


def test_crashes_are_counted_and_named(corpus: Path) -> None:
    def read(path: Path) -> dict[str, Any]:
        raise ValueError("no such luck")

    score = score_folder(corpus, extract=read, build=False)
    assert len(score.crashes) == score.documents
    assert "no such luck" in score.crashes[0]


def test_an_alarm_where_nothing_is_wrong_is_false(corpus: Path) -> None:
    def cry(truth: dict[str, Any]) -> None:
        truth["findings"].append({"rule": "T3-NEG", "outcome": "broken", "message": "", "severity": "error"})

    score = _score(corpus, cry)
    assert score.rules["T3-NEG"].false == score.documents


def test_the_table_and_the_json_tell_the_same(corpus: Path) -> None:
    score = _score(corpus, lambda truth: None)
    text, data = format_score(score), score.as_json()
    assert "目标 targets" in text
    assert data["documents"] == score.documents
    assert json.loads(json.dumps(data))["figures"]["crashes"] == 0
