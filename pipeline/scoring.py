"""The scoring model as declared: indicators, blocks, presets, peer groups and tags. Knows no report and no score."""

import hashlib
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.declared import Row, keyed, rows_of

FILES = ("scoring_models", "scoring_blocks", "indicators", "scoring_presets", "peer_groups", "tags")
WHOLE = 100.0
EFFORTS = ("1", "2", "3")
# What a formula counts, and the numbers it needs; its arithmetic is queries/marts/indicator_value.sql.
FORMULAS: Mapping[str, tuple[str, frozenset[str]]] = {
    "days_late": ("rule", frozenset({"step_days", "step", "early"})),
    "sections_found": ("section", frozenset()),
    "rule_holds": ("rule", frozenset()),
    "cells_filled": ("", frozenset()),
    "rules_passed": ("rule", frozenset({"error", "warning", "least_rules"})),
    "penalties": ("rule", frozenset()),
    "log_among_peers": ("measure", frozenset({"low", "high", "peers"})),
    "kinds_used": ("class", frozenset({"enough"})),
    "tags_named": ("tag", frozenset()),
    "tags_share": ("tag", frozenset()),
    "smoothed_rate": ("measure", frozenset({"mean", "strength", "floor"})),
    "smoothed_rest": ("measure", frozenset({"mean", "strength", "floor"})),
    "said_in_words": ("measure", frozenset()),
    "freshness": ("section", frozenset({"least", "most"})),
}
_INPUT = re.compile(r"(?:([a-z_]+):)?([\w-]+?)(?:=(\d+(?:\.\d+)?))?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Model:
    """A scoring model and the years it judges; below `least_assessable` percent of the weight nobody is ranked."""

    model: str
    first_year: int | None
    last_year: int | None
    least_assessable: float
    label_zh: str
    label_en: str
    source: str


@dataclass(frozen=True, slots=True)
class ScoringBlock:
    """A block of indicators; `takes_over` where the weight of what had nothing to be judged goes to it."""

    block: str
    takes_over: bool
    label_zh: str
    label_en: str
    note_zh: str
    note_en: str


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """The group in which bodies of a kind are ranked."""

    kind: str
    peer_group: str
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A kind of content, and the pattern that names it."""

    tag: str
    pattern: str
    words: tuple[str, ...]
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Input:
    """A measure, rule, section, class or tag that an indicator is computed from; `part` is what it counts as there."""

    part: str
    input: str
    weight: float | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a model. `effort` is what a body must do for it, None where it is not advised."""

    model: str
    indicator: str
    block: str
    weight: float
    formula: str
    inputs: tuple[Input, ...]
    parameters: tuple[tuple[str, float], ...]
    effort: int | None
    label_zh: str
    label_en: str
    rule_zh: str
    rule_en: str
    missing_zh: str
    missing_en: str
    advice_zh: str
    advice_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Preset:
    """Weights for all indicators of a model, summing to 100."""

    preset: str
    model: str
    weights: Mapping[str, float]
    label_zh: str
    label_en: str
    note_zh: str
    note_en: str


@dataclass(frozen=True, eq=False)
class Scoring:
    """All that is declared of scores."""

    models: Mapping[str, Model]
    blocks: Mapping[str, ScoringBlock]
    indicators: tuple[Indicator, ...]
    presets: Mapping[str, Preset]
    groups: Mapping[str, PeerGroup]
    tags: Mapping[str, Tag]
    digest: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the rest of the catalogue declares, for inputs to name."""

    measure: Collection[str]
    rule: Collection[str]
    section: Collection[str]
    classes: Collection[str]
    kinds: Collection[str]
    roles: Mapping[str, str]


def load_scoring(folder: Path, known: Known) -> Scoring:
    """The scoring model, or a CatalogueError that names file, row and reason."""
    models = _load_models(folder)
    blocks = _load_blocks(folder)
    tags = _load_tags(folder, known.roles)
    indicators = _load_indicators(folder, models, blocks, known, tags)
    return Scoring(
        models=models,
        blocks=blocks,
        indicators=indicators,
        presets=_load_presets(folder, models, blocks, indicators),
        groups=_load_groups(folder, known.kinds),
        tags=tags,
        digest=_digest(folder),
    )


def _digest(folder: Path) -> str:
    """A hash of what decides a score once the reports are read."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((folder / f"{name}.csv").read_bytes())
    return digest.hexdigest()[:12]


def _load_models(folder: Path) -> dict[str, Model]:
    columns = "model first_year last_year least_assessable label_zh label_en source"
    models: dict[str, Model] = {}
    for name, row in keyed(rows_of(folder / "scoring_models.csv", columns), "model").items():
        first, last = row.year("first_year"), row.year("last_year")
        if first and last and first > last:
            raise row.fail(f"first_year {first} 晚于 last_year {last}")
        for other in models.values():
            if (other.first_year or 0) <= (last or 9999) and (first or 0) <= (other.last_year or 9999):
                raise row.fail(f"与模型“{other.model}”的年份重叠")
        least = _number(row, "least_assessable", row["least_assessable"])
        if least > WHOLE:
            raise row.fail("least_assessable 应为 0 至 100")
        models[name] = Model(name, first, last, least, row["label_zh"], row["label_en"], row["source"])
    return models


def _load_blocks(folder: Path) -> dict[str, ScoringBlock]:
    columns = "block takes_over label_zh label_en note_zh note_en"
    blocks: dict[str, ScoringBlock] = {}
    for name, row in keyed(rows_of(folder / "scoring_blocks.csv", columns), "block").items():
        if row["takes_over"] not in ("yes", "no"):
            raise row.fail("takes_over 应为 yes 或 no")
        blocks[name] = ScoringBlock(
            name, row["takes_over"] == "yes", row["label_zh"], row["label_en"], row["note_zh"], row["note_en"]
        )
    return blocks


def _load_groups(folder: Path, kinds: Collection[str]) -> dict[str, PeerGroup]:
    rows = keyed(rows_of(folder / "peer_groups.csv", "kind peer_group label_zh label_en"), "kind")
    labels: dict[str, tuple[str, str]] = {}
    for name, row in rows.items():
        if name not in kinds:
            raise row.fail(f"没有机构类别“{name}”")
        if labels.setdefault(row["peer_group"], (row["label_zh"], row["label_en"])) != (
            row["label_zh"],
            row["label_en"],
        ):
            raise row.fail(f"同类“{row['peer_group']}”有两个名称")
    return {
        name: PeerGroup(name, row["peer_group"], row["label_zh"], row["label_en"])
        for name, row in rows.items()
    }


def _load_tags(folder: Path, roles: Mapping[str, str]) -> dict[str, Tag]:
    tags: dict[str, Tag] = {}
    for name, row in keyed(rows_of(folder / "tags.csv", "tag role words label_zh label_en"), "tag").items():
        words = row.parts("words")
        if bool(words) == bool(row["role"]):
            raise row.fail("words 与 role 应恰有其一")
        if row["role"] and row["role"] not in roles:
            raise row.fail(f"措辞目录里没有“{row['role']}”")
        pattern = roles[row["role"]] if row["role"] else "|".join(map(re.escape, words))
        tags[name] = Tag(name, pattern, words, row["label_zh"], row["label_en"])
    return tags


def _number(row: Row, column: str, text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise row.fail(f"“{column}”应为不小于 0 的数，现为“{text}”")
    return float(text)


def _load_indicators(
    folder: Path,
    models: Mapping[str, Model],
    blocks: Mapping[str, ScoringBlock],
    known: Known,
    tags: Mapping[str, Tag],
) -> tuple[Indicator, ...]:
    columns = (
        "model indicator block weight formula inputs parameters effort label_zh label_en rule_zh rule_en missing_zh"
        " missing_en advice_zh advice_en source"
    )
    named: Mapping[str, Collection[str]] = {
        "measure": known.measure, "rule": known.rule, "section": known.section, "class": known.classes, "tag": tags,
    }  # fmt: skip
    found: dict[tuple[str, str], Indicator] = {}
    total = dict.fromkeys(models, 0.0)
    last: Row | None = None
    for row in rows_of(folder / "indicators.csv", columns):
        key = (row["model"], row["indicator"])
        _refuse_unless(row, "model", models)
        _refuse_unless(row, "block", blocks)
        _refuse_unless(row, "formula", FORMULAS)
        if key in found:
            raise row.fail(f"指标“{row['indicator']}”在模型“{row['model']}”中重复")
        if row["effort"] not in ("", *EFFORTS):
            raise row.fail(f"effort 应为 {'、'.join(EFFORTS)} 或空")
        if bool(row["effort"]) != bool(row["advice_zh"] and row["advice_en"]):
            raise row.fail("写了 effort 才有、也才应有中英文的建议")
        if not (row["source"] and row["rule_zh"] and row["rule_en"]):
            raise row.fail("缺少算法说明或出处")
        weight = _number(row, "weight", row["weight"])
        total[row["model"]] += weight
        last = row
        found[key] = Indicator(
            row["model"], row["indicator"], row["block"], weight, row["formula"],
            _inputs(row, named), _parameters(row), int(row["effort"]) if row["effort"] else None,
            row["label_zh"], row["label_en"], row["rule_zh"], row["rule_en"], row["missing_zh"], row["missing_en"],
            row["advice_zh"], row["advice_en"], row["source"],
        )  # fmt: skip
    for model, sum_of_weights in total.items():
        if last is not None and not math.isclose(sum_of_weights, WHOLE):
            raise last.fail(f"模型“{model}”的权重合计应为 100，现为 {sum_of_weights:g}")
    return tuple(found.values())


def _refuse_unless(row: Row, column: str, known: Collection[str]) -> None:
    if row[column] not in known:
        raise row.fail(f"{column} “{row[column]}”不在 {'、'.join(known)} 之内")


def _inputs(row: Row, named: Mapping[str, Collection[str]]) -> tuple[Input, ...]:
    kind = FORMULAS[row["formula"]][0]
    inputs: list[Input] = []
    for text in row["inputs"].split():
        parts = _INPUT.fullmatch(text)
        if parts is None or not kind or parts[2] not in named[kind]:
            raise row.fail(f"“{text}”不是 {row['formula']} 能用的{kind or '输入'}")
        inputs.append(Input(parts[1] or parts[2], parts[2], float(parts[3]) if parts[3] else None))
    if bool(kind) != bool(inputs):
        raise row.fail(f"{row['formula']} {'应' if kind else '不应'}有 inputs")
    if row["formula"] == "penalties" and any(one.weight is None for one in inputs):
        raise row.fail("penalties 的每条规则应写明扣多少，如 F-YEAR=0.5")
    return tuple(inputs)


def _parameters(row: Row) -> tuple[tuple[str, float], ...]:
    given: dict[str, float] = {}
    for text in row["parameters"].split():
        name, _, number = text.partition("=")
        given[name] = _number(row, name, number)
    wanted = FORMULAS[row["formula"]][1]
    if set(given) != wanted:
        raise row.fail(f"{row['formula']} 的 parameters 应为 {'、'.join(sorted(wanted)) or '空'}")
    return tuple(given.items())


def _load_presets(
    folder: Path,
    models: Mapping[str, Model],
    blocks: Mapping[str, ScoringBlock],
    indicators: tuple[Indicator, ...],
) -> dict[str, Preset]:
    columns = "preset model weights label_zh label_en note_zh note_en"
    presets: dict[str, Preset] = {}
    for name, row in keyed(rows_of(folder / "scoring_presets.csv", columns), "preset").items():
        _refuse_unless(row, "model", models)
        mine = [one for one in indicators if one.model == row["model"]]
        weights = _spread(row, blocks, mine)
        if not math.isclose(math.fsum(weights.values()), WHOLE):
            raise row.fail(f"权重合计应为 100，现为 {math.fsum(weights.values()):g}")
        presets[name] = Preset(
            name, row["model"], weights, row["label_zh"], row["label_en"], row["note_zh"], row["note_en"]
        )
    return presets


def _spread(row: Row, blocks: Mapping[str, ScoringBlock], indicators: list[Indicator]) -> dict[str, float]:
    """Weights by indicator: those named, and those of a block in proportion to the model's own."""
    named = {one.indicator for one in indicators}
    given: dict[str, float] = {}
    for text in row["weights"].split():
        item, _, number = text.partition("=")
        if item not in blocks and item not in named:
            raise row.fail(f"没有区块或指标“{item}”")
        given[item] = _number(row, item, number)
    weights: dict[str, float] = {}
    for one in indicators:
        if (one.block in given) == (one.indicator in given):
            raise row.fail(f"{one.indicator} 的权重应由区块 {one.block} 或指标自己给出，恰给一次")
        block = math.fsum(other.weight for other in indicators if other.block == one.block)
        weights[one.indicator] = (
            given[one.block] * one.weight / block if one.block in given else given[one.indicator]
        )
    return weights
