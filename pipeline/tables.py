"""Table cells to facts: each value cell of a document finds its row and its column in a form, by labels.

Works on grids and on text that prints one cell a line. Position alone never decides: a row whose cells
cannot be told apart becomes unreadable, with an issue beside it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress, pairwise
from typing import NamedTuple

from pipeline.catalogue import Catalogue
from pipeline.forms import Form, FormRow, Slot
from pipeline.issues import issue
from pipeline.labels import fold, fold_signs
from pipeline.model import Bound, Cell, Document, Fact, Grid, Issue, Paragraph, Place, Status
from pipeline.numerals import parse_cell_number

_MASKED = re.compile(r"[*×xX＊]{1,4}[条件个项篇次元]?")
_UNITS = frozenset("条 件 次 个 人 篇 万元 元 人次 项 —— — 期 场 —".split())
_BLOCK_HEADER = "第二十条"
_LINE_LENGTH = 70


@dataclass(slots=True)
class Placing:
    """What came of a document's tables: facts, issues, and the paragraphs that turned out to be cells."""

    facts: list[Fact] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


class Value(NamedTuple):
    """A value cell: its printed text and where it stands."""

    text: str
    place: Place
    column: int = 0
    width: int = 1


@dataclass(slots=True)
class _Found:
    """A printed row before it is settled which row of the form it is."""

    label: str
    place: Place
    candidates: tuple[FormRow, ...]
    values: list[Value]
    slots: list[int | None] = field(default_factory=list)
    headers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    header_text: str = ""
    is_line: bool = False
    row: FormRow | None = None


@lru_cache(maxsize=4096)
def status_of(text: str, catalogue: Catalogue) -> tuple[Status, float | int | None, Bound, str]:
    """What a cell's text says: status, value, bound and printed unit. The value is None unless reported."""
    folded = unicodedata.normalize("NFKC", text).strip()
    found = catalogue.blanks.get(folded) or catalogue.blanks.get(text.strip())
    if found is not None:
        return found, None, Bound.EXACT, ""
    number = parse_cell_number(text)
    if number is None:
        return Status.UNREADABLE, None, Bound.EXACT, ""
    return Status.REPORTED, number.value, number.bound, number.unit


@lru_cache(maxsize=4096)
def is_value(text: str, catalogue: Catalogue) -> bool:
    """Whether a cell holds (or lacks) a figure rather than a label."""
    if not text.strip() or len(text) > 40:
        return not text.strip()
    status = status_of(text, catalogue)[0]
    return (
        status is not Status.UNREADABLE
        or _MASKED.fullmatch(text.strip()) is not None
        or text.strip() in catalogue.blanks
    )


def place_tables(document: Document, form: Form, catalogue: Catalogue) -> Placing:
    """Every figure of the form that the document prints, as facts with status, place and raw text."""
    placing = Placing()
    found: list[_Found] = []
    lines: list[tuple[int, Paragraph]] = []
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            lines.append((number, block))
        else:
            found += _rows_of_grid(block, number, form, catalogue)
    found += _restored(_rows_of_lines(lines, form, catalogue), placing)
    found.sort(key=lambda row: (row.place.block, row.place.row or 0, row.place.start or 0))
    _settle(found, form, placing)
    printed: dict[int, _Found] = {}
    for row in found:
        if row.row is not None:
            _emit(row, form, catalogue, printed, placing)
    _report_missing(form, printed, placing)
    return placing


# --- grids ---------------------------------------------------------------------------------------


class _Above:
    """The labels met so far above each column, nearest first when asked for."""

    def __init__(self) -> None:
        self._cells: dict[int, list[Cell]] = {}
        self._folded: dict[int, tuple[str, ...]] = {}

    def headers(self, column: int) -> tuple[str, ...]:
        """The folded labels above a column, nearest first."""
        if column not in self._folded:
            self._folded[column] = tuple(fold(cell.text) for cell in reversed(self._cells.get(column, [])))
        return self._folded[column]

    def columns(self) -> list[int]:
        """The columns that have a label."""
        return list(self._cells)

    def labels(self) -> set[str]:
        """All labels met, folded."""
        return {label for column in self._cells for label in self.headers(column)}

    def remember(self, labels: list[Cell]) -> None:
        """Take the labels of a row in; the header of a new block of table two clears what stood before."""
        if any(_BLOCK_HEADER in fold(cell.text) for cell in labels):
            self._cells.clear()
        self._folded.clear()
        for cell in labels:
            for column in range(cell.column, cell.column + cell.columns):
                stack = self._cells.setdefault(column, [])
                if not stack or stack[-1] is not cell:
                    stack.append(cell)


def _rows_of_grid(grid: Grid, block: int, form: Form, catalogue: Catalogue) -> Iterator[_Found]:
    above = _Above()
    met: set[int] = set()
    read: set[int] = set()
    for number, line in enumerate(grid.matrix()):
        cells = _distinct(line)
        if not cells:
            continue
        values = [is_value(cell.text, catalogue) for cell in cells]
        labels = [cell for cell, is_figure in zip(cells, values, strict=True) if not is_figure]
        figures = list(compress(cells, values))
        at, candidates = _label_of(cells, values, form)
        if at is not None and (id(cells[at]) in read or _heads_group(cells[at:], candidates)):
            # The heading of a group stands beside a row that lost its own label.
            at, candidates = None, ()
        own = list(compress(cells[at + 1 :], values[at + 1 :])) if at is not None else figures
        if at is not None and _looks_filled(own, candidates):
            yield _found_in_grid(cells[at].text, block, number, candidates, own, above)
        elif at is None and len(figures) >= 5 and (row := _row_without_label(form, above, figures)):
            met.add(row.order)
            yield _found_in_grid("", block, number, (row,), figures, above)
        elif _is_unlabelled_row(figures, labels):
            label = " ".join(cell.text for cell in labels)
            yield _found_in_grid(label, block, number, (), figures, above)
        else:
            above.remember(labels)
            continue
        met.update(candidate.order for candidate in candidates)
        read.update(map(id, cells))
    yield from _headed_only(form, block, above, met)


def _heads_group(cells: list[Cell], candidates: tuple[FormRow, ...]) -> bool:
    """A label over several rows, then a blank before as many cells as the row has: the row's own label is lost."""
    heading, *rest = cells
    wanted = max((len(row.slots) for row in candidates), default=0)
    return heading.rows > 1 and len(rest) > wanted > 0 and not rest[0].text.strip()


def _headed_only(form: Form, block: int, above: _Above, met: set[int]) -> Iterator[_Found]:
    """A table of which only the heading is left: its one row without a label is blank."""
    for row in form.rows:
        if row.path or row.order in met:
            continue
        under = {form.slot_of(row, above.headers(column)): column for column in above.columns()}
        under.pop(None, None)
        if len(under) == len(row.slots):
            values = [Value("", Place(block, 0, under[slot]), under[slot]) for slot in range(len(row.slots))]
            headers = {value.column: above.headers(value.column) for value in values}
            yield _Found("", values[0].place, (row,), values, headers=headers)


def _is_unlabelled_row(figures: list[Cell], labels: list[Cell]) -> bool:
    """A row of figures whose label the form does not know, or which lost it: settled by its neighbours or not at all."""
    return len(labels) <= 3 and sum(bool(cell.text.strip()) for cell in figures) >= 5


def _distinct(line: Sequence[Cell | None]) -> list[Cell]:
    return list({id(cell): cell for cell in line if cell is not None}.values())


def _label_of(cells: list[Cell], values: list[bool], form: Form) -> tuple[int | None, tuple[FormRow, ...]]:
    """The rightmost cell that is a row label of the form and has value cells to its right."""
    for at in range(len(cells) - 2, -1, -1):
        behind = values[at + 1 :]
        if values[at] or not any(behind):
            continue
        between = [
            cell
            for cell, is_figure in zip(cells[at + 1 :], behind, strict=True)
            if not is_figure and fold(cell.text) not in _UNITS
        ]
        if len(between) > 1:
            continue
        candidates = form.match(cells[at].text)
        if candidates:
            return at, candidates
    return None, ()


def _looks_filled(own: list[Cell], candidates: tuple[FormRow, ...]) -> bool:
    return any(cell.text.strip() for cell in own) or any(len(own) >= len(row.slots) for row in candidates)


def _row_without_label(form: Form, above: _Above, own: list[Cell]) -> FormRow | None:
    """Table four has no row label: its one row stands under 行政复议 and 行政诉讼."""
    rows = [row for row in form.rows if not row.path]
    for row in rows:
        met = {form.slot_of(row, above.headers(cell.column)) for cell in own} - {None}
        labels = above.labels()
        groups = {part for slot in row.slots for part in slot.path[:-1]}
        if len(met) * 2 >= len(row.slots) or (
            len(own) == len(row.slots) and len(groups & labels) * 2 >= len(groups)
        ):
            return row
    return None


def _found_in_grid(
    label: str,
    block: int,
    number: int,
    candidates: tuple[FormRow, ...],
    own: list[Cell],
    above: _Above,
) -> _Found:
    values = [Value(c.text, Place(block, c.row, c.column), c.column, c.columns) for c in own]
    headers = {c.column: above.headers(c.column) for c in own}
    return _Found(label, Place(block, number, 0), candidates, values, headers=headers)


# --- one cell a line -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    place: Place
    is_value: bool
    gap: int


_ROW_LINE = re.compile(r"^(?P<label>.*?[^\d\s.,])(?P<values>(?:[\s　]+[-—/*\d.,+]+)+)$")
_GLUED = re.compile(r"^(?P<label>.*[^\d\s.(（+＋\-－—−/])(?P<rest>[\d/]{2,15})$")
_GLUED_REMARKS = re.compile(r"^(?P<label>(?:\d[.、．])?\D*[^\d\s.(（])(?P<rest>\d[^\u3002，,；;]{0,40})$")
_RUN_OF_DIGITS = re.compile(r"\d{15}")
_LINE_VALUE = re.compile(
    r"[-—–/\\*＊×+\d０-９.,，]+|[增减][\d０-９]+|[\d０-９,]+[（(].{1,30}[)）]|[*＊×]+[条件]|[\d.]+万?元"
)


def _tokens(lines: list[tuple[int, Paragraph]], form: Form, catalogue: Catalogue) -> Iterator[_Token]:
    for number, line in lines:
        text = fold_signs(line.text)
        if len(text) > _LINE_LENGTH + 30:
            yield _Token("", Place(number), False, line.gap)
        elif (_LINE_VALUE.fullmatch(text) and is_value(text, catalogue)) or parse_cell_number(text):
            yield _Token(text, Place(number, start=0, end=len(text)), True, line.gap)
        elif _RUN_OF_DIGITS.fullmatch(text):
            for at in range(len(text)):
                yield _Token(text[at], Place(number, start=at, end=at + 1), True, line.gap)
        elif parts := _split_line(text, form, catalogue):
            at = len(parts[0])
            yield _Token(parts[0], Place(number, start=0, end=at), False, line.gap)
            for part in parts[1:]:
                at = text.index(part, at)
                yield _Token(part, Place(number, start=at, end=at + len(part)), True, 0)
                at += len(part)
        else:
            yield _Token(text, Place(number, start=0, end=len(text)), False, line.gap)


def _split_line(text: str, form: Form, catalogue: Catalogue) -> list[str]:
    """A line that holds a row's label and its values: spaced (规章 0 0 0) or glued (规章000)."""
    spaced = _ROW_LINE.match(text)
    if spaced and form.match(spaced["label"]):
        values = spaced["values"].split()
        return [spaced["label"], *values] if all(is_value(value, catalogue) for value in values) else []
    if form.exact(text):  # 计1条） ends a label, not a value
        return []
    glued = _GLUED.match(text) or _GLUED_REMARKS.match(text)
    rows = form.match(glued["label"]) if glued else ()
    if glued is None or not rows or len(glued["label"]) > _LINE_LENGTH:
        return []
    wanted = {len(row.slots) for row in rows}
    if wanted == {len(glued["rest"])} and not set(glued["rest"]) - set("0123456789/"):
        return [glued["label"], *glued["rest"]]
    # One text for several cells cannot be cut: it stands as one value, and the row becomes unreadable.
    return [glued["label"], glued["rest"]] if wanted == {1} or form.exact(glued["label"]) else []


def _rows_of_lines(lines: list[tuple[int, Paragraph]], form: Form, catalogue: Catalogue) -> list[_Found]:
    found: list[_Found] = []
    labels: list[_Token] = []
    values: list[_Token] = []
    for token in [*_tokens(lines, form, catalogue), _Token("", Place(0), False, 0)]:
        if token.is_value:
            values.append(token)
            continue
        if values:
            found += _rows_of_segment(labels, values, form)
            labels, values = [], []
        labels.append(token)
    return found


def _rows_of_segment(labels: list[_Token], values: list[_Token], form: Form) -> Iterator[_Found]:
    """The row a run of values belongs to, and the rows before it that printed a label and no value."""
    header = "".join(fold(token.text) for token in labels[-40:])
    row = next((row for row in form.rows if not row.path and _is_unlabelled(row, header, len(values))), None)
    cells = [Value(token.text, token.place, column=token.gap) for token in values]
    if row is not None:
        yield _Found("", values[0].place, (row,), cells, header_text=header, is_line=True)
        return
    taken, candidates, label = _joined_label(labels, form)
    for token in labels[: len(labels) - taken]:
        bare = form.exact(token.text)
        if (
            len(bare) == 1
            and len(bare[0].names & {fold(token.text)})
            and len(fold(token.text)) >= 4
            and bare[0].required
        ):
            yield _Found(token.text, token.place, bare, [], is_line=True)
    if candidates:
        yield _Found(label, labels[-1].place, candidates, cells, header_text=header, is_line=True)


def _is_unlabelled(row: FormRow, header: str, count: int) -> bool:
    groups = {part for slot in row.slots for part in slot.path[:-1]}
    leaves = {slot.path[-1] for slot in row.slots}
    met = sum(part in header for part in groups), sum(leaf in header for leaf in leaves)
    return met[0] * 2 >= len(groups) and met[1] * 2 >= len(leaves) and count * 2 >= len(row.slots)


def _joined_label(labels: list[_Token], form: Form) -> tuple[int, tuple[FormRow, ...], str]:
    """The last lines before the values, joined until they are a row's label: exactly first, alike after."""
    tails = range(1, min(5, len(labels)) + 1)
    joined = {count: "".join(token.text for token in labels[-count:]) for count in tails}
    for search in (form.exact, form.match):
        for count in tails:
            if rows := search(joined[count]):
                return count, rows, joined[count]
    return 0, (), ""


_FEW_VALUES = 12


def _restored(found: list[_Found], placing: Placing) -> list[_Found]:
    """Rows as they were before somebody removed repeated lines: a lone 0 stands for a row of zeros.

    Told by no value ever following an equal one, which a form full of zeros cannot do.
    """
    runs = [[value.text for value in row.values] for row in found if row.values]
    count = sum(map(len, runs))
    if count < _FEW_VALUES or any(a == b for run in runs for a, b in pairwise(run)):
        return found
    restored = 0
    for row in found:
        wanted = {len(candidate.slots) for candidate in row.candidates}
        if len(row.values) == 1 and row.values[0].text == "0" and len(wanted) == 1 and wanted != {1}:
            row.values *= wanted.pop()
            restored += 1
    if restored:
        placing.issues.append(issue("repeated_lines_removed", count=restored))
    return found


# --- settle and emit -----------------------------------------------------------------------------


def _settle(found: list[_Found], form: Form, placing: Placing) -> None:
    """Rows with one candidate are settled by label; the others by their place between settled neighbours."""
    for row in found:
        if len(row.candidates) == 1:
            row.row = row.candidates[0]
    for at, row in enumerate(found):
        if row.row is not None:
            continue
        before = next((f.row for f in reversed(found[:at]) if f.row is not None), None)
        after = next((f.row for f in found[at + 1 :] if f.row is not None), None)
        fits = [
            c
            for c in row.candidates
            if (before is None or c.order > before.order) and (after is None or c.order < after.order)
        ]
        if len(fits) > 1 and before is not None:
            fits = [c for c in fits if c.path[:-1] and set(c.path[:-1]) & set(before.path)] or fits
        if len(fits) == 1:
            row.row = fits[0]
        elif not row.candidates:
            _settle_unlabelled(row, before, after, form, placing)
        else:
            names = "、".join(c.label for c in row.candidates)
            placing.issues.append(
                issue("ambiguous_label", row.label, str(row.place), label=row.label, rows=names)
            )
    _split_lost_labels(found, form, placing)


def _settle_unlabelled(
    row: _Found, before: FormRow | None, after: FormRow | None, form: Form, placing: Placing
) -> None:
    """A row of figures between two rows of the form that leave exactly one row open is that row."""
    raw = " ".join(value.text for value in row.values)
    if before is not None and after is not None and before.table == after.table:
        between = form.rows[before.order + 1 : after.order]
        open_rows = [r for r in between if r.required and len(r.slots) == len(before.slots)]
        if len(open_rows) == 1:
            row.row = open_rows[0]
            placing.issues.append(issue("label_lost.between", raw, str(row.place), label=row.row.label))
            return
    placing.issues.append(issue("unknown_row", raw, str(row.place), label=row.label))


def _split_lost_labels(found: list[_Found], form: Form, placing: Placing) -> None:
    """A run of twice a row's values, before the next row but one of the form, is two rows: one lost its label."""
    for at, row in enumerate(list(found)):
        if row.row is None or not row.is_line or not row.values:
            continue
        count, wanted = len(row.values), len(row.row.slots)
        extra = count // wanted - 1
        if extra < 1 or count % wanted:
            continue
        following = [
            form.rows[o] for o in range(row.row.order + 1, min(row.row.order + 1 + extra, len(form.rows)))
        ]
        printed = {f.row.order for f in found if f.row is not None}
        after = next((f.row.order for f in found[at + 1 :] if f.row is not None), None)
        lost = [
            r
            for r in following
            if r.order not in printed and r.table == row.row.table and len(r.slots) == wanted
        ]
        skipped = [
            r for r in form.rows if not r.required and after is not None and row.row.order < r.order < after
        ]
        reach = None if after is None else after - row.row.order - 1 - len(skipped)
        if len(lost) != extra or (reach is not None and reach != extra):
            continue
        for step, form_row in enumerate(lost, start=1):
            values = row.values[step * wanted : (step + 1) * wanted]
            found.append(
                _Found(
                    "",
                    values[0].place,
                    (form_row,),
                    values,
                    header_text=row.header_text,
                    is_line=True,
                    row=form_row,
                )
            )
            placing.issues.append(
                issue(
                    "label_lost.after",
                    " ".join(v.text for v in values),
                    str(values[0].place),
                    label=form_row.label,
                )
            )
        row.values = row.values[:wanted]


def _emit(
    row: _Found, form: Form, catalogue: Catalogue, printed: dict[int, _Found], placing: Placing
) -> None:
    form_row = row.row
    assert form_row is not None  # noqa: S101  the caller checked
    earlier = printed.get(form_row.order)
    if row.is_line:
        placing.taken.update({row.place.block, *(value.place.block for value in row.values)})
    if earlier is not None:
        if not row.values or [v.text for v in earlier.values] == [v.text for v in row.values]:
            return
        if earlier.values:
            placing.issues.append(
                issue("row_twice", row.label, str(row.place), label=form_row.label or form_row.table)
            )
            placing.facts = [
                f for f in placing.facts if f.locator not in {str(v.place) for v in earlier.values}
            ]
            placing.facts += _unreadable(form_row, row, catalogue)
            return
    printed[form_row.order] = row
    order = (
        _order_of_lines(row, form_row, placing)
        if row.is_line
        else _order_of_grid(row, form, form_row, placing)
    )
    if order is None:
        placing.facts += _unreadable(form_row, row, catalogue)
        return
    for slot, value in zip(form_row.slots, order, strict=True):
        _add(slot, value, catalogue, placing)


def _order_of_grid(row: _Found, form: Form, form_row: FormRow, placing: Placing) -> list[Value] | None:
    """The value of each slot in form order: under its own header, or by the printed order of all headers."""
    wanted = len(form_row.slots)
    slots = [form.slot_of(form_row, row.headers.get(value.column, ())) for value in row.values]
    under: dict[int, list[Value]] = {}
    for slot, value in zip(slots, row.values, strict=True):
        if slot is not None:
            under.setdefault(slot, []).append(value)
    aligned: list[Value] | None = None
    if len(under) == wanted:
        picked = [_only(under[slot]) for slot in range(wanted)]
        aligned = None if None in picked else [value for value in picked if value is not None]
    if aligned is not None and _nothing_left(row.values, aligned):
        return aligned
    if len(row.values) == wanted:
        if wanted > 1 and len(under) * 2 < wanted:
            placing.issues.append(issue("header_missing", row.label, str(row.place), label=row.label))
        return list(row.values)
    filled = [value for value in row.values if value.text.strip()]
    if len(filled) == wanted:
        return filled
    _misaligned(row, form_row, placing)
    return None


def _only(values: list[Value]) -> Value | None:
    """The one filled value under a header, the first where all are blank, None where two differ."""
    if len(values) == 1:
        return values[0]
    filled = [value for value in values if value.text.strip()]
    if len(filled) > 1:
        return None
    return filled[0] if filled else values[0]


def _nothing_left(values: list[Value], picked: list[Value]) -> bool:
    return len(values) == len(picked) or all(value in picked or not value.text.strip() for value in values)


def _order_of_lines(row: _Found, form_row: FormRow, placing: Placing) -> list[Value] | None:
    wanted = len(form_row.slots)
    if not row.values:
        blank = Value("", row.place)
        placing.issues.append(issue("row_without_values", row.label, str(row.place), label=row.label))
        return [blank] * wanted
    if len(row.values) == wanted:
        return list(row.values)
    if spread := _fill_gaps(row.values, wanted):
        return spread
    _misaligned(row, form_row, placing)
    return None


def _fill_gaps(values: list[Value], wanted: int) -> list[Value]:
    """The values with blanks where the spacing of the lines shows an empty cell; empty where it does not."""
    gaps = [value.column for value in values[1:]]
    if len(values) >= wanted or len(values) < 3 or not gaps:
        return []
    usual = min(gaps)
    spread = [values[0]]
    for value, gap in zip(values[1:], gaps, strict=True):
        missing, rest = divmod(gap - usual, usual + 1)
        if rest:
            return []
        spread += [Value("", value.place)] * missing + [value]
    return spread if len(spread) == wanted else []


def _misaligned(row: _Found, form_row: FormRow, placing: Placing) -> None:
    raw = " ".join(v.text for v in row.values)
    sizes = {"wanted": len(form_row.slots), "count": len(row.values)}
    label = row.label or form_row.table
    placing.issues.append(issue("row_misaligned", raw, str(row.place), label=label, **sizes))


def _unreadable(form_row: FormRow, row: _Found, catalogue: Catalogue) -> Iterator[Fact]:
    raw = " ".join(value.text for value in row.values)
    for slot in form_row.slots:
        unit = catalogue.measures[slot.line.measure].unit
        yield Fact(
            slot.line.measure,
            None,
            unit,
            Status.UNREADABLE,
            raw,
            str(row.place),
            slot.applicant,
            slot.line.channel,
        )


def _add(slot: Slot, value: Value, catalogue: Catalogue, placing: Placing) -> None:
    status, number, bound, unit = status_of(value.text, catalogue)
    measure = catalogue.measures[slot.line.measure]
    if status is Status.UNREADABLE:
        placing.issues.append(
            issue(
                "cell_unreadable",
                value.text,
                str(value.place),
                label_zh=measure.label_zh,
                label_en=measure.label_en,
            )
        )
    if number is not None and unit:
        number = in_unit(number, unit, measure.unit)
    placing.facts.append(
        Fact(
            measure.measure, number, measure.unit, status, value.text, str(value.place), slot.applicant,
            slot.line.channel, bound=bound,
        )
    )  # fmt: skip


_SCALE = {("元", "万元"): 1e-4, ("万元", "元"): 1e4, ("千元", "元"): 1e3, ("千元", "万元"): 0.1}


def in_unit(value: float | int, printed: str, wanted: str) -> float | int:
    """Money in the measure's unit. A bare number is taken to be in that unit already."""
    factor = _SCALE.get((printed, wanted))
    if factor is None:
        return value
    scaled = round(value * factor, 6)
    return int(scaled) if scaled == int(scaled) else scaled


def _report_missing(form: Form, printed: dict[int, _Found], placing: Placing) -> None:
    outcome_in_one_row = any(
        slot.line.measure == "other_outcome" for order in printed for slot in form.rows[order].slots
    )
    for table in dict.fromkeys(row.table for row in form.rows):
        rows = [row for row in form.table(table) if row.required]
        missing = [row for row in rows if row.order not in printed]
        if outcome_in_one_row:
            missing = [row for row in missing if "其他处理" not in row.path]
        if missing:
            where = "annex" if table == "annex" else "table"
            names = "、".join(row.label or "数值行" for row in missing)
            placing.issues.append(issue(f"row_not_found.{where}", count=len(missing), rows=names))
