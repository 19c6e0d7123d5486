"""Who reports, for which year, published when: from title, metadata, text and file name, in that order of trust."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath

from pipeline.catalogue import Body, Catalogue
from pipeline.issues import issue
from pipeline.model import Document, Grid, Issue, Paragraph, Place

_REPORT = re.compile("年度报告|年报|工作报告|信息公开.{0,6}报告|公开.{0,8}情况")
_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)\s*(?:年|[-—])|(?<!\d)(20[0-3]\d)(?=[^\d月.]|$)")
_CHINESE_YEAR = re.compile("二[〇○零]([一二三])([〇○零一二三四五六七八九])年")
_PERIOD = re.compile(r"统计(?:期限|时间|数据)?.{0,14}?(?:自|从|为)?\s*(20\d\d)\s*年?\s*0?1{1,2}\s*[月日年1 ]")
_DATE = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_ORGAN = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|自治州|州|市|地区|盟|县|区|旗))*?"
    r"([\u4e00-\u9fff]{1,11}?(?:街道|镇|乡))(?:人民政府|办事处|党工委|党委)?"
)
_COUNTY = r"([\u4e00-\u9fff]{1,9}(?:县|区|旗|市))(?:人民政府)?"
_TOWNSHIP = re.compile("[\u4e00-\u9fff]{1,8}?(?:街道|镇|乡)")
_NO_COUNTY = re.compile("(?:开发|园|新|示范|片|地|辖|社|景|度假)区$")
_INDEX = re.compile("^索\\s*引\\s*号")
_DATE_LABELS = (
    ("发布", re.compile("^(?:发布日期|发布时间|公开日期|公布日期|公开时间|发文时间|信息发布日期|pubdate|publishdate|article:published_time)", re.I)),
    ("成文", re.compile("^(?:日期|生成日期|成文日期|发文日期|印发日期|制发日期|时间|createtime|createdate)", re.I)),
)  # fmt: skip
_ORGAN_LABELS = re.compile(
    "^(?:发文机构|发布机构|发布单位|公开机构|公开主体|信息来源|来源|发文单位|责任单位|contentsource|author)",
    re.I,
)
_LABELLED = re.compile(
    r"([\u4e00-\u9fff ]{2,12})\s*[：:]\s*([^：:\s][^：:]*?)(?=\s{2,}|\s+[\u4e00-\u9fff]{2,6}\s*[：:]|$)"
)
_COLON = re.compile("[：:]")
_SPACE = re.compile(r"\s")
_SPACE_OR_COLON = re.compile(r"[\s：:]")
_SIGNATURE_LINES = 30
_SIGNED = re.compile(
    r"(?:^|政府|办事处|办公室|街道|[镇乡办])\s*[（(]?\s*(20\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?)\s*[）)]?\s*$"
)


@dataclass(slots=True)
class Identity:
    """What the document says of itself. `years` and `bodies` keep every claim by its source."""

    body: Body | None = None
    body_name: str | None = None
    county: str | None = None
    year: int | None = None
    published: str | None = None
    published_place: str = ""
    title: str = ""
    index_number: str | None = None
    years: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def identify(document: Document, catalogue: Catalogue) -> Identity:
    """Body, year, dates and index number; what sources disagree on is kept for the audit."""
    found = Identity()
    texts = [(number, b.text) for number, b in enumerate(document.blocks) if isinstance(b, Paragraph)]
    found.title = _title(document, texts)
    labelled = list(_labelled(document))
    _set_year(found, document, texts)
    _set_body(found, document, texts, labelled, catalogue)
    _set_published(found, texts, labelled)
    number = next((value for label, value, _ in labelled if _INDEX.match(label) and value), None)
    found.index_number = number
    return found


def _title(document: Document, texts: list[tuple[int, str]]) -> str:
    """The heading that names the report: longest trust is a line of its own with a year in it."""
    lines = [
        text.strip()
        for _, text in texts[:80]
        if len(text) <= 70 and _REPORT.search(text) and "《" not in text
    ]
    dated = [line for line in lines if _YEAR.search(line) or _CHINESE_YEAR.search(line)]
    meta = [
        value for name, value in document.metadata if name.lower() in ("articletitle", "title", "og:title")
    ]
    shown = [text for text in (*meta, document.title) if text and _REPORT.search(text)]
    for options in ([line for line in dated if not line.startswith(("（", "("))], shown, lines):
        if options:
            return (
                re.split(r"\s*[-_|–]\s*(?=[^\d])", options[0])[0].strip() if options is shown else options[0]
            )
    return document.title or (texts[0][1][:70] if texts else "")


def _labelled(document: Document) -> Iterator[tuple[str, str, str]]:
    """Label, value and locator: `索引号：x` in a line, in two lines, in neighbouring cells, in meta tags."""
    blocks = document.blocks
    for number, block in enumerate(blocks):
        if isinstance(block, Grid):
            yield from _labelled_cells(block, number)
            continue
        opening = block.text[:300]
        for label, value in _LABELLED.findall(opening) if _COLON.search(opening) else ():
            yield _SPACE.sub("", label), value.strip(), str(Place(number))
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        if len(block.text) <= 14 and isinstance(following, Paragraph) and len(following.text) <= 60:
            yield _SPACE_OR_COLON.sub("", block.text), following.text.strip(), str(Place(number + 1))
    for name, value in document.metadata:
        yield _SPACE_OR_COLON.sub("", name), value, ""


def _labelled_cells(grid: Grid, number: int) -> Iterator[tuple[str, str, str]]:
    if len(grid.cells) > 60:
        grid = Grid(tuple(cell for cell in grid.cells if "日期" in cell.text or "索引号" in cell.text))
    for cell, following in zip(grid.cells, grid.cells[1:], strict=False):
        if len(cell.text) <= 14 and following.row == cell.row:
            yield (
                _SPACE_OR_COLON.sub("", cell.text),
                following.text.strip(),
                str(Place(number, following.row, following.column)),
            )
    for cell in grid.cells:
        label, mark, value = cell.text.partition("：")
        if mark and len(label) <= 14:
            yield _SPACE.sub("", label), value.strip(), str(Place(number, cell.row, cell.column))


def _year_in(text: str) -> int | None:
    folded = unicodedata.normalize("NFKC", text)
    if found := _YEAR.search(folded):
        return int(found[1] or found[2])
    if found := _CHINESE_YEAR.search(text):
        digits = "〇一二三四五六七八九"
        return 2000 + 10 * digits.index(found[1]) + max(0, digits.find(found[2]))
    return None


def _set_year(found: Identity, document: Document, texts: list[tuple[int, str]]) -> None:
    body = "\n".join(text for _, text in texts)
    period = _PERIOD.search(body)
    mentions = Counter(int(a or b) for a, b in _YEAR.findall(body[:20000]))
    claims = {
        "title": _year_in(found.title),
        "period": int(period[1]) if period else None,
        "text": mentions.most_common(1)[0][0] if mentions else None,
        "file": _year_in(PurePath(document.path).stem),
    }
    found.years = {source: year for source, year in claims.items() if year is not None}
    found.year = next(iter(found.years.values()), None)
    if found.year is None:
        found.issues.append(issue("no_year"))


def _set_body(
    found: Identity,
    document: Document,
    texts: list[tuple[int, str]],
    labelled: list[tuple[str, str, str]],
    catalogue: Catalogue,
) -> None:
    organ = next(
        (value for label, value, _ in labelled if _ORGAN_LABELS.match(label) and _ORGAN.search(value)), ""
    )
    opening = "".join(text for _, text in texts[:60])[:3000]
    sources = {"title": found.title, "metadata": organ, "text": opening, "file": PurePath(document.path).stem}
    names = _names_of(catalogue)
    everything = "".join(
        (found.title, document.title, organ, opening, *(value for _, value in document.metadata))
    )
    for source, text in sources.items():
        known = _known_bodies(text, names)
        if known and known[0].kind == "county" and found.names and found.body is None:
            continue  # the county whose unknown township the title names
        if known:
            found.names[source] = known[0].name
            if found.body is None and not _of_another_county(known, (found.title, organ)):
                found.body = _in_county(known, (found.title, organ, everything), found, catalogue)
        elif source != "text" and (name := _unknown_name(text)):
            found.names[source] = name
    if found.body is not None:
        found.body_name, found.county = found.body.name, found.body.county or None
        return
    found.body_name = next((found.names[s] for s in ("title", "metadata", "file") if s in found.names), None)
    county = re.search(
        r"([\u4e00-\u9fff]{2,8}?(?:县|区|旗|市))" + re.escape(found.body_name or "\0"), everything
    )
    found.county = re.sub("^.*[省州市](?=.{2})", "", county[1]) if county else None
    if found.body_name is None:
        found.issues.append(issue("no_body"))
    else:
        found.issues.append(issue("unknown_body", found.body_name, name=found.body_name))


Names = Mapping[str, Sequence[tuple[str, list[Body]]]]


@lru_cache(maxsize=4)
def _names_of(catalogue: Catalogue) -> Names:
    """The names of bodies by their first two characters, so that a catalogue of thousands is searched as fast."""
    bodies: dict[str, list[Body]] = {}
    for body in catalogue.bodies.values():
        for name in dict.fromkeys((body.name, body.full_name, *body.aliases)):
            bodies.setdefault(name, []).append(body)
    names: dict[str, list[tuple[str, list[Body]]]] = {}
    for name in sorted(bodies, key=len, reverse=True):
        names.setdefault(name[:2], []).append((name, bodies[name]))
    return names


def _known_bodies(text: str, names: Names) -> list[Body]:
    """The bodies of the longest catalogue name that the text begins to mention first."""
    county: list[Body] = []
    for at in range(len(text) - 1):
        for name, bodies in names.get(text[at : at + 2], ()):
            if not text.startswith(name, at):
                continue
            # A county's name stands before its townships' and on their pages: it counts where no other does.
            if bodies[0].kind != "county":
                return bodies
            if not _TOWNSHIP.match(text, at + len(name)):
                county = county or bodies
            break
    return county


def _in_county(
    bodies: list[Body], texts: tuple[str, ...], found: Identity, catalogue: Catalogue
) -> Body | None:
    """The one body of this name whose county the document names, in the name of its line valid that year.

    The first text to name one of the counties decides: a title outweighs a neighbour mentioned further down.
    """
    lines = dict.fromkeys(valid_in(body, found.year, catalogue) for body in bodies)
    fits = [b for b in lines if _valid(b, found.year)] or list(lines)
    if len(fits) == 1:
        return fits[0]
    for text in texts:
        named = [b for b in fits if b.county and b.county in text]
        if len(named) == 1:
            return named[0]
        if named:
            break
    found.issues.append(issue("ambiguous_body", bodies="、".join(f"{b.county}{b.name}" for b in fits)))
    return None


def _of_another_county(bodies: list[Body], texts: tuple[str, ...]) -> bool:
    """Whether a title or publisher puts the name under a county that is none of the bodies'."""
    for text in texts:
        for name in {b.name for b in bodies}:
            if (stated := re.search(_COUNTY + re.escape(name), text)) and not _NO_COUNTY.search(stated[1]):
                return not any(_is_under(stated[1], body) for body in bodies)
    return False


def _is_under(stated: str, body: Body) -> bool:
    # Two characters: 沧源县 is short for 沧源佤族自治县, and 晋宁县 became 晋宁区.
    return (
        not body.county or body.county[:2] in stated or (bool(body.prefecture) and body.prefecture in stated)
    )


def valid_in(body: Body, year: int | None, catalogue: Catalogue) -> Body:
    """The body of the same line (renamed from, renamed to) that existed in the year; itself if none did.

    A report of 2018 that is still headed by the former name is the renamed body's, and one of 2015 that a new
    website shows under the new name is the former body's.
    """
    if _valid(body, year):
        return body
    line, at = [body], 0
    while at < len(line):
        one = line[at]
        near = [b for b in catalogue.bodies.values() if b.predecessor == one.body_id]
        near += [catalogue.bodies[one.predecessor]] if one.predecessor else []
        line += [b for b in near if b not in line]
        at += 1
    return next((b for b in line if _valid(b, year)), body)


def body_called(text: str, year: int | None, catalogue: Catalogue) -> Body | None:
    """The one body that an id, a division code or a name (with its county or without) means in a year.

    None where nobody is called so, or bodies of several lines are.
    """
    called = {valid_in(body, year, catalogue).body_id for body in _called(catalogue).get(text.strip(), ())}
    return catalogue.bodies[called.pop()] if len(called) == 1 else None


@lru_cache(maxsize=4)
def _called(catalogue: Catalogue) -> Mapping[str, Sequence[Body]]:
    """Everything that a body may be called by, and the bodies that are."""
    called: dict[str, list[Body]] = {}
    for body in catalogue.bodies.values():
        names = {body.name, body.full_name, *body.aliases}
        whole = {
            f"{place}{name}" for place in (body.county, f"{body.prefecture}{body.county}") for name in names
        }
        for text in {body.body_id, body.code, *names, *whole} - {""}:
            called.setdefault(text, []).append(body)
    return called


def _valid(body: Body, year: int | None) -> bool:
    return year is None or ((body.valid_from or 0) <= year <= (body.valid_to or 9999))


def _unknown_name(text: str) -> str | None:
    trimmed = re.sub(r"^(?:关于|中共|.*?(?:省|自治区))", "", text)
    parts = re.findall(
        r"([\u4e00-\u9fff]{2,12}?(?:自治县|自治州|地区|市|县|区|旗|州|盟))?([\u4e00-\u9fff]{1,12}?(?:街道|镇|乡))",
        trimmed,
    )
    return re.sub("^(?:.{2,8}?(?:自治县|县|区|旗|市))(?=.{2})", "", parts[0][1]) if parts else None


def _iso(text: str) -> str | None:
    found = _DATE.search(unicodedata.normalize("NFKC", text))
    if found is None or not (1 <= int(found[2]) <= 12 and 1 <= int(found[3]) <= 31):
        return None
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"


def _set_published(
    found: Identity, texts: list[tuple[int, str]], labelled: list[tuple[str, str, str]]
) -> None:
    """The labelled date of publication, else of making, else the signature's; others are an issue."""
    claims: list[tuple[str, str, str]] = []
    for kind, pattern in _DATE_LABELS:
        claims += [
            (kind, day, place)
            for label, value, place in labelled
            if pattern.match(label) and (day := _iso(value))
        ]
    for number, text in reversed(texts[-_SIGNATURE_LINES:]):
        found_day = _SIGNED.search(text) if len(text) <= 60 else None
        day = _iso(found_day[1]) if found_day else None
        if day is not None:
            claims.append(("落款", day, str(Place(number))))
            break
    if not claims:
        return
    _, found.published, found.published_place = claims[0]
    others = sorted({day for _, day, _ in claims} - {found.published})
    if others:
        shown = "、".join(f"{kind} {day}" for kind, day, _ in dict.fromkeys(claims))
        found.issues.append(issue("several_dates", "、".join(others), dates=shown, published=found.published))
