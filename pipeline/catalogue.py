"""Everything the project declares, read from the CSV files of `data/catalogue` and checked against itself.

A catalogue that contradicts itself is refused with the file, the row and the reason.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pipeline.declared import Row, keyed, rows_of
from pipeline.labels import fold
from pipeline.model import CatalogueError, Status
from pipeline.scoring import Known, Scoring, load_scoring

FOLDER = Path(__file__).resolve().parent.parent / "data" / "catalogue"
PATH_SEPARATOR = " › "
TOWNSHIP_KINDS = frozenset({"township", "ethnic_township", "town", "subdistrict"})
LAST_YEAR = "[-1]"
# A break is a slip within or between reports, something that did change (or was copied), or form and wording.
CAUSES = ("arithmetic", "change", "form")
_NOT_READ_WITH = frozenset({"words.csv", "paper.csv", "corrections.csv", "settings.csv"})
_OPERAND = re.compile(r"(-?)\s*([a-z_][a-z_0-9]*(?:\[-1\])?)")


@dataclass(frozen=True, slots=True)
class Measure:
    """A named quantity. `parent` is the measure it is part of, `layouts` the forms that print it."""

    measure: str
    section: str
    parent: str | None
    unit: str
    kind: str
    layouts: tuple[str, ...]
    printed_at: str
    label_zh: str
    label_en: str
    note: str


@dataclass(frozen=True, slots=True)
class Applicant:
    """A kind of applicant: a column of table three."""

    applicant: str
    label_zh: str
    label_en: str
    path: tuple[str, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of disclosure; `kind` is class where the word covers several channels together."""

    channel: str
    klass: str
    kind: str
    label_zh: str
    label_en: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A body that reports, under one name. Valid from and to are years, None where open."""

    body_id: str
    name: str
    full_name: str
    kind: str
    code: str
    code_system: str
    county: str
    prefecture: str
    province: str
    valid_from: int | None
    valid_to: int | None
    predecessor: str | None
    origin: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """The residents of a body in a year, as a source that can be looked up states them."""

    body_id: str
    year: int
    residents: int
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One printed cell of a form: which measure (and channel) stands at which row and column labels.

    `columns` is ("*",) where the line is a row of table three, printed once per applicant.
    """

    table: str
    measure: str
    channel: str | None
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    aliases: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A form: the marks it is recognised by and the cells it prints."""

    layout: str
    first_year: int | None
    last_year: int | None
    marks: tuple[str, ...]
    label_zh: str
    label_en: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold. An equation's terms are (measure or applicant, coefficient), right side negated.

    `cause` is what a break of it speaks of, once our reading is beyond doubt: one of CAUSES.
    """

    rule: str
    part: str
    severity: str
    cause: str
    kind: str
    layouts: tuple[str, ...]
    scope: str
    formula: str
    label_zh: str
    label_en: str
    source: str
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProseRule:
    """How a sentence says something: a role, the measure it speaks of, and a pattern (# is the number)."""

    role: str
    measure: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Limit:
    """The day by which reports of a year are published, for some kinds of body."""

    kinds: frozenset[str]
    first_year: int | None
    last_year: int | None
    month_day: str
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Join:
    """Whether a line may be drawn from a measure in one form to the same in the next: yes, rough, no, after_adding.

    `terms` are the measures that, added up, are it in the form that does not print it.
    """

    measure: str
    channel: str | None
    from_layout: str
    to_layout: str
    joins: str
    terms: tuple[str, ...]
    note_zh: str
    note_en: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six sections of the form and the headings that open it."""

    section: str
    label_zh: str
    label_en: str
    heading: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Slogan:
    """A wording and the last year in which it was current."""

    phrase: str
    last_year: int


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All of it. Mappings keep the order of the files, which is the order on screen."""

    measures: Mapping[str, Measure]
    applicants: Mapping[str, Applicant]
    channels: Mapping[str, Channel]
    bodies: Mapping[str, Body]
    layouts: Mapping[str, Layout]
    rules: tuple[Rule, ...]
    blanks: Mapping[str, Status]
    limits: tuple[Limit, ...]
    prose: tuple[ProseRule, ...]
    sections: tuple[Section, ...]
    joins: tuple[Join, ...]
    slogans: tuple[Slogan, ...]
    population: tuple[Population, ...]
    scoring: Scoring
    digest: str
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def limit_of(self, kind: str | None, year: int) -> str | None:
        """The ISO date by which a body of this kind publishes its report for `year`, or None."""
        for limit in self.limits:
            if kind in limit.kinds and _covers(limit.first_year, limit.last_year, year):
                return f"{year + 1}-{limit.month_day}"
        return None


def _covers(first: int | None, last: int | None, year: int) -> bool:
    return (first is None or first <= year) and (last is None or year <= last)


def _load_measures(
    folder: Path, layouts: Iterable[str]
) -> tuple[dict[str, Measure], dict[str, tuple[str, ...]]]:
    columns = "measure section parent unit kind layouts printed_at label_zh label_en note"
    rows = keyed(rows_of(folder / "measures.csv", columns), "measure")
    children: dict[str, list[str]] = {}
    for name, row in rows.items():
        if row["parent"]:
            if row["parent"] not in rows or row["parent"] == name:
                raise row.fail(f"上级指标“{row['parent']}”不在目录中")
            children.setdefault(row["parent"], []).append(name)
        unknown = set(row.parts("layouts", " ")) - set(layouts)
        if unknown:
            raise row.fail(f"没有格式“{'、'.join(sorted(unknown))}”")
        if row["kind"] not in ("flow", "stock", "change", "money", "subtotal"):
            raise row.fail(f"kind “{row['kind']}”不在 flow、stock、change、money、subtotal 之内")
    measures = {
        name: Measure(
            name, row["section"], row["parent"] or None, row["unit"], row["kind"], row.parts("layouts", " "),
            row["printed_at"], row["label_zh"], row["label_en"], row["note"],
        )
        for name, row in rows.items()
    }  # fmt: skip
    return measures, {parent: tuple(parts) for parent, parts in children.items()}


def _load_channels(folder: Path) -> dict[str, Channel]:
    rows = keyed(rows_of(folder / "channels.csv", "channel class kind label_zh label_en synonyms"), "channel")
    taken: dict[str, Row] = {}
    for row in rows.values():
        if row["class"] not in {other["class"] for other in rows.values()}:
            raise row.fail(f"渠道大类“{row['class']}”不存在")
        for word in row.parts("synonyms"):
            if word in taken:
                raise row.fail(f"“{word}”已是{taken[word].where}的同义词")
            taken[word] = row
    return {
        name: Channel(
            name, row["class"], row["kind"], row["label_zh"], row["label_en"], row.parts("synonyms")
        )
        for name, row in rows.items()
    }


def _load_applicants(folder: Path) -> dict[str, Applicant]:
    rows = keyed(rows_of(folder / "applicants.csv", "applicant label_zh label_en path aliases"), "applicant")
    return {
        name: Applicant(
            name, row["label_zh"], row["label_en"], row.parts("path", PATH_SEPARATOR), row.parts("aliases")
        )
        for name, row in rows.items()
    }


BODY_COLUMNS = (
    "body_id name full_name kind code code_system county prefecture province valid_from valid_to predecessor origin"
    " aliases"
)


def load_bodies(path: Path, known: Mapping[str, Body] | None = None) -> dict[str, Body]:
    """The bodies of one file, beside those `known` from others; a contradiction is refused."""
    rows = keyed(rows_of(path, BODY_COLUMNS), "body_id")
    kinds = TOWNSHIP_KINDS | {"county", "prefecture", "prefecture_office", "department"}
    bodies: dict[str, Body] = dict(known or {})
    for body_id, row in rows.items():
        if body_id in bodies:
            raise row.fail(f"body_id “{body_id}”已在别处声明")
        if row["kind"] not in kinds:
            raise row.fail(f"kind “{row['kind']}”不在 {'、'.join(sorted(kinds))} 之内")
        if row["origin"] not in ("real", "invented"):
            raise row.fail("origin 应为 real 或 invented")
        start, end = row.year("valid_from"), row.year("valid_to")
        if start and end and start > end:
            raise row.fail(f"valid_from {start} 晚于 valid_to {end}")
        bodies[body_id] = Body(
            body_id, row["name"], row["full_name"], row["kind"], row["code"], row["code_system"], row["county"],
            row["prefecture"], row["province"], start, end, row["predecessor"] or None, row["origin"],
            row.parts("aliases"),
        )  # fmt: skip
    named: dict[tuple[str, str, str], str] = {}
    for body_id, row in rows.items():
        if row["predecessor"] and row["predecessor"] not in bodies:
            raise row.fail(f"前身“{row['predecessor']}”不在机构目录中")
        same = named.setdefault((row["prefecture"], row["county"], row["name"]), body_id)
        if same != body_id:
            raise row.fail(f"{row['county']}{row['name']} 与 {same} 同名同县")
    return bodies


POPULATION_COLUMNS = "body_id year residents source url"


def load_population(
    path: Path, bodies: Mapping[str, Body], known: Iterable[Population] = ()
) -> tuple[Population, ...]:
    """The populations of one file, beside those `known` from others; one without a source to look up is refused."""
    found = {(one.body_id, one.year): one for one in known}
    for row in rows_of(path, POPULATION_COLUMNS):
        body, year = bodies.get(row["body_id"]), row.year("year")
        if body is None:
            raise row.fail(f"body_id “{row['body_id']}”不在机构目录中")
        if year is None:
            raise row.fail("缺少 year")
        if (body.body_id, year) in found:
            raise row.fail(f"{body.name} {year} 年的人口已有一个数")
        if not re.fullmatch(r"[1-9]\d{0,8}", row["residents"]):
            raise row.fail(f"residents 应为人数，现为“{row['residents']}”")
        if not row["source"]:
            raise row.fail("缺少 source：没有出处的人口数不收")
        if body.origin == "real" and not re.match(r"https?://\S+$", row["url"]):
            raise row.fail(f"url 应为出处的网址，现为“{row['url']}”")
        found[body.body_id, year] = Population(
            body.body_id, year, int(row["residents"]), row["source"], row["url"]
        )
    return tuple(found.values())


def _load_lines(
    path: Path, measures: Mapping[str, Measure], channels: Mapping[str, Channel]
) -> tuple[Line, ...]:
    lines: list[Line] = []
    printed: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Row] = {}
    for row in rows_of(path, "table measure row_path column_path aliases required"):
        found = re.fullmatch(r"([a-z_]+)(?:\[([a-z_]+)\])?", row["measure"])
        if found is None or found[1] not in measures:
            raise row.fail(f"指标“{row['measure']}”不在指标目录中")
        if found[2] and found[2] not in channels:
            raise row.fail(f"渠道“{found[2]}”不在渠道目录中")
        if path.stem not in measures[found[1]].layouts and row["required"] == "yes":
            raise row.fail(f"指标目录称“{found[1]}”不在格式 {path.stem} 中")
        rows, columns = row.parts("row_path", PATH_SEPARATOR), row.parts("column_path", PATH_SEPARATOR)
        key = (row["table"], tuple(map(fold, rows)), tuple(map(fold, columns)))
        if key in printed:
            raise row.fail(f"标签路径与{printed[key].where}相同")
        printed[key] = row
        lines.append(
            Line(
                row["table"],
                found[1],
                found[2],
                rows,
                columns,
                row.parts("aliases"),
                row["required"] == "yes",
            )
        )
    if not lines:
        raise CatalogueError(f"{path.name}：没有任何一行")
    return tuple(lines)


def _load_layouts(
    folder: Path, measures: Mapping[str, Measure], channels: Mapping[str, Channel]
) -> dict[str, Layout]:
    layouts: dict[str, Layout] = {}
    for name, row in keyed(
        rows_of(folder / "layouts.csv", "layout first_year last_year marks label_zh label_en"), "layout"
    ).items():
        path = folder / "layouts" / f"{name}.csv"
        lines = _load_lines(path, measures, channels) if row["marks"] else ()
        layouts[name] = Layout(
            name, row.year("first_year"), row.year("last_year"), row.parts("marks"), row["label_zh"], row["label_en"],
            lines,
        )  # fmt: skip
    return layouts


def _operands(side: str) -> tuple[str, ...]:
    """The terms of one side of an equation; a subtracted one keeps its minus."""
    return tuple(sign + name for sign, name in _OPERAND.findall(side))


def _load_rules(folder: Path, operands: frozenset[str]) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for row in rows_of(
        folder / "rules.csv", "rule part severity cause kind layouts scope formula label_zh label_en source"
    ):
        if row["severity"] not in ("error", "warning", "info"):
            raise row.fail(f"severity “{row['severity']}”不在 error、warning、info 之内")
        if row["cause"] not in CAUSES:
            raise row.fail(f"cause “{row['cause']}”不在 {'、'.join(CAUSES)} 之内")
        if any(rule.rule == row["rule"] and rule.part == row["part"] for rule in rules):
            raise row.fail(f"规则 {row['rule']} {row['part']} 重复")
        left: tuple[str, ...] = ()
        right: tuple[str, ...] = ()
        if row["kind"] not in ("equation", "years", "code", "query"):
            raise row.fail(f"kind “{row['kind']}”不在 equation、years、code、query 之内")
        if row["kind"] in ("equation", "years"):
            sides = row["formula"].split("=")
            if len(sides) != 2:
                raise row.fail("等式应恰有一个“=”")
            left, right = (_operands(side) for side in sides)
            unknown = {operand.lstrip("-").removesuffix(LAST_YEAR) for operand in (*left, *right)} - operands
            if unknown:
                raise row.fail(f"等式中的“{'、'.join(sorted(unknown))}”不在指标目录中")
        rules.append(
            Rule(
                row["rule"], row["part"], row["severity"], row["cause"], row["kind"], row.parts("layouts", " "),
                row["scope"], row["formula"], row["label_zh"], row["label_en"], row["source"], left, right,
            )
        )  # fmt: skip
    return tuple(rules)


def _load_limits(folder: Path) -> tuple[Limit, ...]:
    columns = "kinds first_year last_year month_day label_zh label_en source"
    limits: list[Limit] = []
    for row in rows_of(folder / "limits.csv", columns):
        if not re.fullmatch(r"\d\d-\d\d", row["month_day"]):
            raise row.fail("month_day 应为 MM-DD")
        limits.append(
            Limit(
                frozenset(row.parts("kinds")), row.year("first_year"), row.year("last_year"), row["month_day"],
                row["label_zh"], row["label_en"],
            )
        )  # fmt: skip
    return tuple(limits)


def _load_blanks(folder: Path) -> dict[str, Status]:
    blanks: dict[str, Status] = {}
    for row in rows_of(folder / "blanks.csv", "text status meaning"):
        if row["status"] not in ("blank", "dash", "unreadable"):
            raise row.fail(f"status “{row['status']}”不在 blank、dash、unreadable 之内")
        if row["text"] in blanks:
            raise row.fail(f"“{row['text']}”重复")
        blanks[row["text"]] = Status(row["status"])
    return blanks


def _load_prose(folder: Path, measures: Mapping[str, Measure]) -> tuple[ProseRule, ...]:
    rules: list[ProseRule] = []
    for row in rows_of(folder / "prose.csv", "role measure pattern note"):
        if row["measure"] and row["measure"] not in measures:
            raise row.fail(f"指标“{row['measure']}”不在指标目录中")
        try:
            rules.append(ProseRule(row["role"], row["measure"], re.compile(row["pattern"])))
        except re.error as error:
            raise row.fail(f"“{row['pattern']}”不是可用的模式（{error}）") from error
    return tuple(rules)


def _roles(prose: Iterable[ProseRule]) -> dict[str, str]:
    """Each role of the wordings and the pattern of all of them together."""
    patterns: dict[str, list[str]] = {}
    for rule in prose:
        patterns.setdefault(rule.role, []).append(f"(?:{rule.pattern.pattern})")
    return {role: "|".join(some) for role, some in patterns.items()}


def _load_sections(folder: Path) -> tuple[Section, ...]:
    rows = keyed(rows_of(folder / "sections.csv", "section label_zh label_en pattern"), "section")
    return tuple(
        Section(name, row["label_zh"], row["label_en"], re.compile(row["pattern"]))
        for name, row in rows.items()
    )


JOINS = ("yes", "rough", "no", "after_adding")


def _neighbours(layouts: Mapping[str, Layout]) -> dict[str, str]:
    """Each form that years belong to, and the one that followed it."""
    dated = [name for name, layout in layouts.items() if layout.first_year or layout.last_year]
    return dict(pairwise(dated))


def _load_joins(
    folder: Path,
    measures: Mapping[str, Measure],
    channels: Mapping[str, Channel],
    layouts: Mapping[str, Layout],
) -> tuple[Join, ...]:
    path, following = folder / "comparability.csv", _neighbours(layouts)
    joins: dict[tuple[str, str], Join] = {}
    for row in rows_of(path, "measure from_layout to_layout joins terms note_zh note_en"):
        if following.get(row["from_layout"]) != row["to_layout"]:
            raise row.fail(f"“{row['from_layout']}”之后的格式不是“{row['to_layout']}”")
        if (row["measure"], row["from_layout"]) in joins:
            raise row.fail(f"{row['measure']} 从 {row['from_layout']} 起的可比性已有规定")
        joins[row["measure"], row["from_layout"]] = _join(row, measures, channels)
    for name, measure in measures.items():
        for first, second in following.items():
            if {first, second} <= set(measure.layouts) and (name, first) not in joins:
                where = f"{path.name} 第 {len(joins) + 2} 行"
                raise CatalogueError(f"{where}：缺 {name} 从 {first} 到 {second} 是否可比的规定")
    return tuple(joins.values())


def _join(row: Row, measures: Mapping[str, Measure], channels: Mapping[str, Channel]) -> Join:
    found = re.fullmatch(r"([a-z_]+)(?:\[([a-z_]+)\])?", row["measure"])
    if found is None or found[1] not in measures:
        raise row.fail(f"指标“{row['measure']}”不在指标目录中")
    if found[2] and found[2] not in channels:
        raise row.fail(f"渠道“{found[2]}”不在渠道目录中")
    if row["joins"] not in JOINS:
        raise row.fail(f"joins “{row['joins']}”不在 {'、'.join(JOINS)} 之内")
    if row["joins"] != "yes" and not (row["note_zh"] and row["note_en"]):
        raise row.fail("不能直接相连的，应有中英文说明")
    terms = _terms_of(row, measures[found[1]], measures)
    return Join(
        found[1], found[2], row["from_layout"], row["to_layout"], row["joins"], terms,
        row["note_zh"], row["note_en"],
    )  # fmt: skip


def _terms_of(row: Row, measure: Measure, measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """The terms of a row: none where both forms print the measure, else measures that the other form prints."""
    terms = row.parts("terms", " ")
    unprinted = {row["from_layout"], row["to_layout"]} - set(measure.layouts)
    unknown = [term for term in terms if term not in measures]
    if unknown:
        raise row.fail(f"指标“{'、'.join(unknown)}”不在指标目录中")
    if bool(terms) != bool(unprinted):
        raise row.fail("两种格式都印有的指标不应有 terms" if terms else "有一种格式不印此指标，应写明 terms")
    for term in terms:
        if not unprinted <= set(measures[term].layouts):
            raise row.fail(f"格式 {'、'.join(sorted(unprinted))} 不印“{term}”")
    if row["joins"] == "after_adding" and not terms:
        raise row.fail("after_adding 应写明把哪些指标相加")
    return terms


def _load_slogans(folder: Path) -> tuple[Slogan, ...]:
    slogans: list[Slogan] = []
    for row in keyed(rows_of(folder / "slogans.csv", "phrase last_year note"), "phrase").values():
        last = row.year("last_year")
        if last is None:
            raise row.fail("缺少 last_year")
        slogans.append(Slogan(row["phrase"], last))
    return tuple(slogans)


def load_catalogue(folder: Path = FOLDER) -> Catalogue:
    """The whole catalogue, or a CatalogueError that names file, row and reason."""
    names = keyed(
        rows_of(folder / "layouts.csv", "layout first_year last_year marks label_zh label_en"), "layout"
    )
    measures, children = _load_measures(folder, names)
    channels = _load_channels(folder)
    applicants = _load_applicants(folder)
    layouts = _load_layouts(folder, measures, channels)
    bodies = load_bodies(folder / "bodies.csv")
    rules = _load_rules(folder, frozenset(measures) | frozenset(applicants))
    prose, sections = _load_prose(folder, measures), _load_sections(folder)
    return Catalogue(
        measures=measures,
        applicants=applicants,
        channels=channels,
        bodies=bodies,
        layouts=layouts,
        rules=rules,
        blanks=_load_blanks(folder),
        limits=_load_limits(folder),
        prose=prose,
        sections=sections,
        joins=_load_joins(folder, measures, channels, layouts),
        slogans=_load_slogans(folder),
        population=load_population(folder / "population.csv", bodies),
        scoring=load_scoring(
            folder,
            Known(
                measure=measures,
                rule=frozenset(rule.rule for rule in rules),
                section=[one.section for one in sections],
                classes=frozenset(channel.klass for channel in channels.values()),
                kinds=TOWNSHIP_KINDS,
                roles=_roles(prose),
            ),
        ),
        digest=_digest(folder),
        children=children,
    )


def _digest(folder: Path) -> str:
    """A hash of what decides how a document is read: all but the words on screen, the corrections and the settings."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*.csv") if path.name not in _NOT_READ_WITH):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def default_catalogue() -> Catalogue:
    """The project's own catalogue, loaded once a process."""
    return load_catalogue()
