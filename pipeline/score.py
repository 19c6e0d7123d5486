"""How well documents are read, measured against the truth beside them.

Knows the contract of `extract --format json` and nothing of how documents are read or invented. A *wrong*
value differs from the truth; it is *silent* where no issue and no broken finding names it.
"""

import csv
import json
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]
Extract = Callable[[Path], Any]
Found = Mapping[str, list[Json]]

_TARGETS = (
    ("table_cells", ">=", 0.995), ("silent_errors", "==", 0), ("prose_precision", ">=", 0.97),
    ("prose_recall", ">=", 0.95), ("faults_recall", ">=", 0.98), ("crashes", "==", 0),
)  # fmt: skip
_CELL = re.compile(r"b\d+r\d+c\d+")
_PAIR_RULES = frozenset(
    "T3-CARRY T2-STOCK T2-NONNEG T2-2019-ITEMS T4-PEND T4-SCALE D-YOY D-JUMP D-SAME F-COPY F-COPY-PEER".split()
)


@dataclass(slots=True)
class Tally:
    """Counts for one group of documents."""

    documents: int = 0
    right: int = 0
    wrong: int = 0
    missing: int = 0
    status_right: int = 0
    status_wrong: int = 0
    guessed: int = 0
    extra: int = 0
    silent: int = 0

    def add(self, other: "Tally") -> None:
        """Adds the counts of another group."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def cells(self) -> int:
        """How many cells the truth has."""
        return self.right + self.wrong + self.missing


@dataclass(slots=True)
class Prose:
    """Counts for one measure in prose."""

    right: int = 0
    missing: int = 0
    wrong: int = 0
    extra: int = 0

    @property
    def precision(self) -> float | None:
        """The share of figures taken that are right."""
        taken = self.right + self.wrong + self.extra
        return self.right / taken if taken else None

    @property
    def recall(self) -> float | None:
        """The share of printed figures that were taken right."""
        printed = self.right + self.missing + self.wrong
        return self.right / printed if printed else None


@dataclass(slots=True)
class Rule:
    """Counts for one rule: planted faults found and missed, and alarms where nothing is wrong."""

    found: int = 0
    missed: int = 0
    false: int = 0


@dataclass(slots=True)
class Score:
    """The measurement of one folder."""

    documents: int = 0
    seconds: float = 0.0
    crashes: list[str] = field(default_factory=list)
    groups: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    prose: dict[str, Prose] = field(default_factory=lambda: defaultdict(Prose))
    mentions: Prose = field(default_factory=Prose)
    accounts: Counter[str] = field(default_factory=Counter)
    bounds: Counter[str] = field(default_factory=Counter)
    report: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rules: dict[str, Rule] = field(default_factory=lambda: defaultdict(Rule))
    silent: list[str] = field(default_factory=list)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    pairs_measured: bool = False
    quirks: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def note(self, kind: str, text: str, most: int = 400) -> None:
        """Keeps an example of something that went wrong."""
        if len(self.examples[kind]) < most:
            self.examples[kind].append(text)

    @property
    def figures(self) -> dict[str, float | int | None]:
        """The figures that have targets."""
        cells, right = sum(t.cells for t in self.groups.values()), sum(t.right for t in self.groups.values())
        good = sum(p.right for p in self.prose.values())
        taken = good + sum(p.wrong + p.extra for p in self.prose.values())
        printed = good + sum(p.wrong + p.missing for p in self.prose.values())
        found = sum(rule.found for name, rule in self._judged())
        planted = found + sum(rule.missed for name, rule in self._judged())
        return {
            "table_cells": right / cells if cells else None,
            "silent_errors": len(self.silent),
            "prose_precision": good / taken if taken else None,
            "prose_recall": good / printed if printed else None,
            "faults_recall": found / planted if planted else None,
            "crashes": len(self.crashes),
        }

    def _judged(self) -> Iterator[tuple[str, Rule]]:
        return (
            (name, rule)
            for name, rule in self.rules.items()
            if self.pairs_measured or name not in _PAIR_RULES
        )

    def as_json(self) -> dict[str, Any]:
        """Everything measured, for programs."""
        return {
            "documents": self.documents,
            "documents_per_second": round(self.documents / self.seconds, 2) if self.seconds else None,
            "figures": self.figures,
            "crashes": self.crashes,
            "groups": [
                {"layout": layout, "format": kind, **_public(tally)}
                for (layout, kind), tally in sorted(self.groups.items())
            ],
            "quirks": {name: _public(tally) for name, tally in sorted(self.quirks.items())},
            "prose": {
                name: {**_public(one), "precision": one.precision, "recall": one.recall}
                for name, one in sorted(self.prose.items())
            },
            "mentions": {
                **_public(self.mentions),
                "precision": self.mentions.precision,
                "recall": self.mentions.recall,
            },
            "accounts": dict(self.accounts),
            "bounds": dict(self.bounds),
            "report": {name: dict(counts) for name, counts in self.report.items()},
            "rules": {name: _public(rule) for name, rule in sorted(self.rules.items())},
            "pairs_measured": self.pairs_measured,
            "silent": self.silent,
            "examples": dict(self.examples),
        }


def _public(thing: object) -> dict[str, int]:
    return {name: getattr(thing, name) for name in thing.__class__.__dataclass_fields__}  # type: ignore[attr-defined]


# ---- running


def score_folder(
    folder: Path, *, extract: Extract | None = None, findings: Found | None = None, build: bool = True
) -> Score:
    """Reads every document under `folder` that has a truth beside it, and measures the result.

    `findings` are findings by document path from elsewhere; without them, and with `build`, the folder is
    built into a warehouse aside, so that rules about pairs of years are measured too.
    """
    read = extract or _extractor(folder)
    truths = sorted(folder.rglob("*.truth.json"))
    if findings is None and build:
        findings = _built(folder)
    score = Score(pairs_measured=findings is not None)
    for beside in truths:
        truth = json.loads(beside.read_text(encoding="utf-8"))
        document = beside.with_name(beside.name.removesuffix(".truth.json"))
        _score_document(score, document, truth, read, (findings or {}).get(truth["document"]["path"], []))
    return score


def _extractor(folder: Path) -> Extract:
    """`pipeline.extract.extract_file`, knowing the bodies of the folder; the command line where it is missing."""
    try:
        module, sources = import_module("pipeline.extract"), import_module("pipeline.sources")
        catalogue = import_module("pipeline.catalogue").default_catalogue()
        knowing = replace(catalogue, bodies=sources.bodies_of([folder], catalogue))
    except (ImportError, AttributeError):
        return _by_command

    def read(path: Path) -> Any:
        if path.suffix == ".zip":
            return [module.as_contract(module.extract_file(member, knowing)) for member in _unpacked(path)]
        return module.as_contract(module.extract_file(path, knowing))

    return read


def _unpacked(path: Path) -> Iterator[Path]:
    """The documents of an archive as files, one at a time, read the way a build reads them."""
    members = import_module("pipeline.readers.archive").members
    limits = import_module("pipeline.readers.limits").Limits()
    with tempfile.TemporaryDirectory() as aside:
        for name, data in members(path.read_bytes(), limits):
            file = Path(aside) / Path(name).name
            file.write_bytes(data)
            yield file


def _by_command(path: Path) -> Any:
    command = [sys.executable, "-m", "pipeline", "extract", str(path), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-300:])
    return json.loads(done.stdout)


def _built(folder: Path) -> Found | None:
    """Broken findings by document path from a warehouse built aside, or None where there is no build yet."""
    with tempfile.TemporaryDirectory() as aside:
        warehouse = Path(aside) / "score.duckdb"
        command = [
            sys.executable,
            "-m",
            "pipeline",
            "build",
            "--sources",
            str(folder),
            "--warehouse",
            str(warehouse),
        ]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        built = warehouse.exists() or next(Path(aside).glob("*.duckdb"), None)
        if done.returncode == 2 or not built:
            return None
        return _warehouse_findings(
            warehouse if warehouse.exists() else next(Path(aside).glob("*.duckdb")), folder
        )


def _warehouse_findings(warehouse: Path, folder: Path) -> Found:
    open_to_read = import_module("pipeline.database").open_to_read
    found: dict[str, list[Json]] = defaultdict(list)
    query = (
        "select path, sha256, rule, severity, message, measure, applicant, places "
        "from finding join report using (report_id) where outcome = 'broken' and path is not null"
    )
    by_hash = {row["sha256"]: row["path"] for row in _manifest(folder)}
    with open_to_read(warehouse) as connection:
        for path, sha, rule, severity, message, measure, applicant, places in connection.execute(
            query
        ).fetchall():
            finding = {
                "rule": rule, "severity": severity, "outcome": "broken", "message": message, "measure": measure,
                "applicant": applicant, "places": list(places or ()),
            }  # fmt: skip
            found[by_hash.get(sha) or _file_of(path, folder)].append(finding)
    return found


def _file_of(path: str, folder: Path) -> str:
    """The file a document's path names: a member of an archive stands under the archive's own path."""
    above = [one for one in Path(path).parents if (folder / one).is_file()]
    return above[0].as_posix() if above else path


def _manifest(folder: Path) -> list[dict[str, str]]:
    path = folder / "manifest.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _score_document(score: Score, document: Path, truth: Json, read: Extract, more: list[Json]) -> None:
    score.documents += 1
    started = time.perf_counter()
    try:
        answer = read(document)
    except Exception as error:  # noqa: BLE001  a crash is a result to count, whatever its kind
        score.crashes.append(f"{truth['document']['path']}: {type(error).__name__}: {error}"[:400])
        answer = {}
    finally:
        score.seconds += time.perf_counter() - started
    given = _one(answer)
    findings = [*given.get("findings", []), *more]
    named = _Named(given, findings)
    _score_report(score, truth, given.get("report") or {})
    _score_facts(score, truth, given.get("facts", []), named)
    _score_rules(score, truth, findings)


def _one(answer: Any) -> Json:
    """The answer as one contract object; a document with several reports is read as their union."""
    answers = answer if isinstance(answer, list) else [answer]
    found = [dict(one) for one in answers if one]
    if not found:
        return {}
    joined = max(found, key=_facts_of)
    for name in ("facts", "findings", "issues"):
        joined[name] = [item for one in found for item in one.get(name, [])]
    return joined


def _facts_of(answer: dict[str, Any]) -> int:
    return len(answer.get("facts", []))


class _Named:
    """What the reader itself calls doubtful: issues, and findings that are broken."""

    def __init__(self, given: Json, findings: list[Json]) -> None:
        self.locators: set[str] = set()
        self.words: list[str] = []
        self.measures: set[tuple[str, str | None]] = set()
        for issue in given.get("issues", []):
            self.locators.add(str(issue.get("locator") or ""))
            self.words += [str(issue.get("message") or ""), str(issue.get("raw_text") or "")]
        for finding in findings:
            if finding.get("outcome") == "broken":
                self.locators |= set(finding.get("places") or ())
                self.words.append(str(finding.get("message") or ""))
                if finding.get("measure"):
                    self.measures.add((str(finding["measure"]), finding.get("applicant")))
        self.locators.discard("")

    def names(self, fact: Json) -> bool:
        """Whether an issue or a broken finding points at the fact's place, text or measure."""
        place = str(fact.get("locator") or "")
        row = place.split("c")[0]
        if place and any(place == one or one in (row, place.split(":")[0]) for one in self.locators):
            return True
        if (fact["measure"], fact.get("applicant")) in self.measures:
            return True
        return any(fact["measure"] in words for words in self.words)


# ---- who and when


def _score_report(score: Score, truth: Json, given: Json) -> None:
    wanted = truth["report"]
    for name in ("body", "county", "year", "published", "layout", "index_number"):
        right, got = wanted.get(name), given.get(name)
        if name == "published" and wanted.get("published_optional") and got is None:
            outcome = "right"
        elif name == "body":
            outcome = _outcome(_bare(right), _bare(got))
        else:
            outcome = _outcome(right, got)
        score.report[name][outcome] += 1
        if outcome != "right":
            score.note(f"report.{name}", f"{truth['document']['path']}: {got!r} != {right!r}")


def _outcome(right: object, got: object) -> str:
    if right == got or str(right) == str(got):
        return "right"
    return "missing" if got is None else "wrong"


def _bare(name: object) -> str:
    text = str(name or "")
    for suffix in ("人民政府", "办事处"):
        text = text.removesuffix(suffix)
    return text.split("县")[-1].split("市")[-1] if text else text


# ---- facts


def _score_facts(score: Score, truth: Json, given: list[Json], named: _Named) -> None:
    table = [fact for fact in truth["facts"] if fact["source"] == "table"]
    tabled = {_key(fact) for fact in table}
    answers: dict[tuple[Any, ...], list[Json]] = defaultdict(list)
    for fact in given:
        answers[_key(fact)].append(fact)
    _score_table(score, truth, table, answers, named)
    wanted = [fact for fact in truth["facts"] if fact["source"] == "prose"]
    _score_prose(score, truth, wanted, [fact for fact in given if _key(fact) not in tabled], named)


def _key(fact: Json) -> tuple[Any, ...]:
    """(measure, applicant) of a table's fact, (measure, channel) or (measure, category) of a sentence's."""
    return (
        fact["measure"],
        fact.get("applicant"),
        fact.get("channel") if not fact.get("category") else None,
        _text(fact.get("category")),
    )


def _text(text: str | None) -> str | None:
    if not text:
        return None
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if not c.isspace() and c not in "\"'“”‘’《》")


def _same(one: Any, two: Any) -> bool:
    if one is None or two is None:
        return one is None and two is None
    return abs(float(one) - float(two)) < 1e-6


def _score_table(
    score: Score, truth: Json, table: list[Json], answers: Mapping[tuple[Any, ...], list[Json]], named: _Named
) -> None:
    tally = Tally(documents=1)
    said = {(_key(fact), fact["value"]) for fact in truth["facts"] if fact["source"] == "prose"}
    for fact in table:
        got = [
            one
            for one in answers.get(_key(fact), [])
            if _prints(one, fact) or (_key(one), one.get("value")) not in said
        ]
        value = next((one for one in got if one.get("value") is not None), None)
        if fact.get("inferred"):
            if value is not None and not _same(value["value"], fact["value"]):
                _wrong(score, tally, truth, fact, value, named)
        elif fact.get("ambiguous"):
            if value is not None:
                tally.guessed += 1
                if not _same(value["value"], fact.get("was")):
                    _wrong(score, tally, truth, fact, value, named)
        elif fact["status"] != "reported":
            _score_status(score, tally, truth, fact, got, named)
        elif value is None:
            tally.missing += 1
            score.note("table.missing", f"{truth['document']['path']}: {_place(fact)} = {fact['raw_text']!r}")
        elif len({one.get("value") for one in got if one.get("value") is not None}) > 1 and fact["applicant"]:
            _wrong(
                score,
                tally,
                truth,
                fact,
                next(one for one in got if not _same(one.get("value"), fact["value"])),
                named,
            )
        elif any(_same(one.get("value"), fact["value"]) for one in got):
            tally.right += 1
            tally.status_right += 1
        else:
            _wrong(score, tally, truth, fact, value, named)
    score.groups[truth["layout"], truth["format"]].add(tally)
    for quirk in truth["quirks"]:
        score.quirks[quirk].add(tally)


def _prints(one: Json, fact: Json) -> bool:
    """Whether an answer is the table's own figure; one stated in words beside a blank cell is not."""
    return one.get("value") is None or _same(one["value"], fact["value"])


def _score_status(
    score: Score, tally: Tally, truth: Json, fact: Json, got: list[Json], named: _Named
) -> None:
    statuses = {one.get("status") for one in got if one.get("value") is None}
    value = next((one for one in got if one.get("value") is not None), None)
    if value is not None and fact["status"] != "not_printed" and fact["status"] not in statuses:
        _wrong(score, tally, truth, fact, value, named)
    elif fact["status"] in statuses:
        tally.right += 1
        tally.status_right += 1
    elif statuses:
        tally.right += 1
        tally.status_wrong += 1
        score.note("status", f"{truth['document']['path']}: {_place(fact)} {statuses} != {fact['status']}")
    else:
        tally.missing += 1
        score.note("table.missing", f"{truth['document']['path']}: {_place(fact)} ({fact['status']})")


def _place(fact: Json) -> str:
    return "/".join(str(part) for part in _key(fact) if part)


def _wrong(score: Score, tally: Tally, truth: Json, fact: Json, got: Json, named: _Named) -> None:
    tally.wrong += 1
    line = f"{truth['document']['path']}: {_place(fact)} {got.get('value')} != {fact['value']} ({fact['raw_text']!r})"
    score.note("table.wrong", line)
    if not named.names(got):
        tally.silent += 1
        score.silent.append(line)


def _score_prose(score: Score, truth: Json, wanted: list[Json], given: list[Json], named: _Named) -> None:
    path = truth["document"]["path"]
    left = [fact for fact in given if fact.get("value") is not None]
    printed = [fact for fact in wanted if fact.get("value") is not None]
    for fact in sorted(printed, key=lambda fact: bool(fact.get("optional"))):
        same = [one for one in left if _key(one) == _key(fact)]
        hit = next((one for one in same if _same(one["value"], fact["value"])), None)
        if hit is not None:
            left = [
                one for one in left if not (_key(one) == _key(fact) and _same(one["value"], fact["value"]))
            ]
            _fine_points(score, path, fact, hit)
            if not fact.get("optional"):
                score.prose[fact["measure"]].right += 1
            continue
        if fact.get("optional"):
            continue
        others = {one["value"] for one in printed if _key(one) == _key(fact)}
        same = [one for one in same if one["value"] not in others]
        if same:
            left.remove(same[0])
            score.prose[fact["measure"]].wrong += 1
            _prose_error(score, truth, fact, same[0], named)
        else:
            score.prose[fact["measure"]].missing += 1
            score.note(
                "prose.missing", f"{path}: {_place(fact)} = {fact['value']} 「{fact['raw_text'][:90]}」"
            )
    for one in left:
        if one.get("applicant") is not None or _CELL.match(str(one.get("locator") or "")):
            _extra_cell(score, truth, one, named)
            continue
        score.prose[one["measure"]].extra += 1
        _prose_error(score, truth, None, one, named)
    _score_mentions(score, path, wanted, given)


def _extra_cell(score: Score, truth: Json, got: Json, named: _Named) -> None:
    """A figure taken from a table that prints no such figure."""
    tally = score.groups[truth["layout"], truth["format"]]
    tally.extra += 1
    line = f"{truth['document']['path']}: {_place(got)} {got['value']} in no cell ({got.get('raw_text')!r})"
    score.note("table.extra", line)
    if not named.names(got):
        tally.silent += 1
        score.silent.append(line)


def _prose_error(score: Score, truth: Json, fact: Json | None, got: Json, named: _Named) -> None:
    printed = f"!= {fact['value']}" if fact else "not stated"
    raw = str(got.get("raw_text") or "")[:90]
    line = f"{truth['document']['path']}: {_place(got)} = {got['value']} {printed} 「{raw}」"
    score.note("prose.wrong" if fact else "prose.extra", line)
    if not named.names(got):
        score.groups[truth["layout"], truth["format"]].silent += 1
        score.silent.append(line)


def _fine_points(score: Score, path: str, fact: Json, got: Json) -> None:
    near = fact["bound"] == "at_most" and got.get("bound") == "about"
    right = near or fact["bound"] == (got.get("bound") or "exact")
    score.bounds["right" if right else "wrong"] += 1
    if not right:
        score.note(
            "bound",
            f"{path}: {_place(fact)} {got.get('bound')} != {fact['bound']} 「{fact['raw_text'][:60]}」",
        )
    if fact.get("account"):
        same = _text(got.get("account")) == _text(fact["account"])
        score.accounts["right" if same else "missing" if not got.get("account") else "wrong"] += 1
        if not same:
            score.note("account", f"{path}: {got.get('account')!r} != {fact['account']!r}")


def _score_mentions(score: Score, path: str, wanted: list[Json], given: list[Json]) -> None:
    """Channels named without a figure; kept apart, since what counts as naming one is soft."""
    named = {
        fact["channel"]
        for fact in given
        if fact["measure"] == "items_by_channel" and fact.get("value") is None
    }
    needed = {f["channel"] for f in wanted if f["status"] == "not_printed" and not f.get("optional")}
    allowed = {f["channel"] for f in wanted if f["measure"] == "items_by_channel"}
    score.mentions.right += len(named & needed)
    score.mentions.missing += len(needed - named)
    score.mentions.extra += len(named - allowed)
    for channel in sorted(needed - named):
        score.note("mention.missing", f"{path}: {channel}")
    for channel in sorted(str(one) for one in named - allowed):
        score.note("mention.extra", f"{path}: {channel}")


# ---- rules


def _score_rules(score: Score, truth: Json, findings: Iterable[Json]) -> None:
    broken = {finding["rule"]: finding for finding in findings if finding.get("outcome") == "broken"}
    planted = {fault["rule"]: fault for fault in truth["planted"]}
    for rule, fault in planted.items():
        if rule in broken:
            score.rules[rule].found += 1
        else:
            score.rules[rule].missed += 1
            score.note(f"missed.{rule}", f"{truth['document']['path']}: {fault['detail']}", 40)
    for rule, finding in broken.items():
        if rule not in planted and rule not in truth.get("undecided", []):
            score.rules[rule].false += 1
            score.note(f"false.{rule}", f"{truth['document']['path']}: {finding.get('message')}", 40)


# ---- the table


def format_score(score: Score) -> str:
    """The measurement as readable text."""
    lines = [
        f"文件 documents: {score.documents}   每秒 per second: {score.documents / max(score.seconds, 1e-9):.1f}"
    ]
    lines += ["", "目标 targets"]
    for name, sign, target in _TARGETS:
        value = score.figures[name]
        met = value is not None and (value >= target if sign == ">=" else value == target)
        shown = "—" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
        lines.append(f"  {'✓' if met else '✗'} {name:<18}{shown:>10}   {sign} {target}")
    lines += ["", "表格 tables", _row("layout", "format", "docs", "cells", "right", "wrong", "missing", "extra", "status✗",
                                      "guessed", "silent", "right %")]  # fmt: skip
    for (layout, kind), tally in sorted(score.groups.items()):
        share = f"{100 * tally.right / tally.cells:.2f}" if tally.cells else "—"
        lines.append(_row(layout, kind, tally.documents, tally.cells, tally.right, tally.wrong, tally.missing,
                          tally.extra, tally.status_wrong, tally.guessed, tally.silent, share))  # fmt: skip
    lines += _quirk_lines(score)
    lines += [
        "",
        "文字 prose",
        _row("measure", "", "right", "wrong", "missing", "extra", "precision", "recall"),
    ]
    for name, one in [*sorted(score.prose.items()), ("(mentions)", score.mentions)]:
        lines.append(
            _row(
                name,
                "",
                one.right,
                one.wrong,
                one.missing,
                one.extra,
                _share(one.precision),
                _share(one.recall),
            )
        )
    lines += [
        "",
        "报告 report    " + "   ".join(f"{name}: {_counts(counts)}" for name, counts in score.report.items()),
    ]
    lines.append(f"账号 accounts  {_counts(score.accounts)}   界限 bounds  {_counts(score.bounds)}")
    pairs = "" if score.pairs_measured else "   (年度之间的规则未测 rules on pairs of years not measured)"
    lines += ["", f"规则 rules{pairs}", _row("rule", "", "found", "missed", "false")]
    for name, rule in sorted(score.rules.items()):
        mark = "" if score.pairs_measured or name not in _PAIR_RULES else "(pair)"
        lines.append(_row(name, mark, rule.found, rule.missed, rule.false))
    for title, items in (("崩溃 crashes", score.crashes), ("无声错误 silent errors", score.silent)):
        if items:
            lines += ["", title, *[f"  {item}" for item in items[:20]]]
            lines += [f"  … {len(items) - 20} more"] if len(items) > 20 else []
    return "\n".join(lines) + "\n"


def _quirk_lines(score: Score) -> list[str]:
    """The oddities of documents whose cells were not all read right."""
    hurt = {name: tally for name, tally in sorted(score.quirks.items()) if tally.right < tally.cells}
    if not hurt:
        return []
    lines = [
        "",
        "怪癖 quirks of documents with cells wrong or missing",
        _row("quirk", "", "docs", "cells", "wrong", "missing"),
    ]
    return lines + [
        _row(name, "", tally.documents, tally.cells, tally.wrong, tally.missing)
        for name, tally in hurt.items()
    ]


def _row(name: str, kind: str, *values: object) -> str:
    return f"  {name:<30}{kind:<8}" + "".join(f"{value!s:>10}" for value in values)


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _counts(counts: Mapping[str, int]) -> str:
    whole = sum(counts.values())
    return f"{counts.get('right', 0)}/{whole}" if whole else "—"
