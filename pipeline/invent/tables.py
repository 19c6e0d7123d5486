"""The national forms as printed tables: cells from the forms' data files, figures, and clerks' habits."""

import random
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from pipeline.invent.district import Happening
from pipeline.invent.shapes import Cell, Layout, Table, TruthFact
from pipeline.invent.stock import measure_units, rows

Place = tuple[str, str | None, str | None]
Numbers = dict[Place, float | int]


def numbers(layout: Layout, event: Happening) -> Numbers:
    """The figure of every cell of a layout as it would be printed without fault."""
    if layout is Layout.PRE2019:
        return _annex_numbers(event)
    found: Numbers = {}
    for row in rows("forms/two.csv"):
        if row["layout"] == layout:
            measure = row["measure"]
            found[measure, None, None] = event.money.get(measure, event.figures.get(measure, 0))
    for row in rows("forms/three.csv"):
        for column in rows("forms/applicants.csv"):
            measure, applicant = row["measure"], column["applicant"]
            if row["layout"] in ("both", layout):
                found[measure, applicant, None] = event.figures.get(f"{measure}/{applicant}", 0)
    for row in rows("forms/four.csv"):
        found[row["measure"], None, None] = event.figures.get(row["measure"], 0)
    return found


def _annex_numbers(event: Happening) -> Numbers:
    figures, found = event.figures, Numbers()
    for row in rows("forms/pre2019.csv"):
        if row["measure"]:
            found[row["measure"], None, row["channel"] or None] = figures.get(row["measure"], 0)
    known = {"website", "weibo", "wechat"}
    for code in known:
        found["items_by_channel", None, code] = event.channels.get(code, 0)
    rest = sum(count for code, count in event.channels.items() if code not in known)
    found["items_by_channel", None, "other"] = rest
    found["items_disclosed", None, None] = event.items
    received = figures.get("requests_received/total", 0)
    found["requests_received", None, None] = received
    found["requests_online", None, None] = received // 2
    found["requests_in_person", None, None] = received - received // 2
    closed = figures.get("requests_closed/total", 0)
    for name in ("requests_closed", "closed_in_time", "requests_answered"):
        found[name, None, None] = closed
    left = closed
    for row in rows("life/outcomes.csv"):
        if row["annex"]:
            count = figures.get(f"{row['outcome']}/total", 0)
            found[row["annex"], None, None] = found.get((row["annex"], None, None), 0) + count
            left -= count
    found["answered_other_way", None, None] = left
    refused = [place for place in found if place[0].startswith("answered_refused_")]
    found["answered_refused", None, None] = sum(found[place] for place in refused)
    for name in ("upheld", "corrected", "other"):
        found[f"lawsuit_{name}", None, None] = figures.get(f"lawsuit_direct_{name}", 0)
    for block in ("reconsideration", "lawsuit"):
        parts = [found[f"{block}_{name}", None, None] for name in ("upheld", "corrected", "other")]
        found[f"{block}_total", None, None] = sum(parts)
    found["budget_special", None, None] = event.money.get("budget_special", 0)
    return found


def _number(value: float | int) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"


def _fact(place: Place, value: float | int) -> TruthFact:
    measure, applicant, channel = place
    text = _number(value)
    return TruthFact(
        measure, applicant, channel, value=value, unit=measure_units()[measure], raw_text=text, source="table"
    )


def build_tables(layout: Layout, values: Mapping[Place, float | int]) -> list[Table]:
    """The printed tables of a layout, in the order of its sections."""
    if layout is Layout.PRE2019:
        return [_annex(values)]
    if layout is Layout.NARRATIVE:
        return []
    return [_two(layout, values), _three(values), _four(values)]


def _two(layout: Layout, values: Mapping[Place, float | int]) -> Table:
    cells: list[Cell] = []
    line, column, block, row_label = -1, 1, "", ""
    for row in rows("forms/two.csv"):
        if row["layout"] != layout:
            continue
        if row["block"] != block:
            block, row_label = row["block"], ""
            cells.append(Cell(block, line + 1, 0, columns=4, head=True))
            cells.append(Cell("信息内容", line + 2, 0, head=True))
            column = 1
            for label, span in _columns(layout, block):
                cells.append(Cell(label, line + 2, column, columns=span, head=True))
                column += span
            line += 2
        if row["row"] != row_label:
            row_label, line, column = row["row"], line + 1, 1
            cells.append(Cell(row_label, line, 0, head=True))
        place = (row["measure"], None, None)
        fact = _fact(place, values[place])
        cells.append(Cell(fact.raw_text, line, column, columns=int(row["span"]), fact=fact))
        column += int(row["span"])
    return Table(cells, "two", head=0)


def _columns(layout: Layout, block: str) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for row in rows("forms/two.csv"):
        if row["layout"] == layout and row["block"] == block:
            found.setdefault(row["column"], int(row["span"]))
    return list(found.items())


def _three(values: Mapping[Place, float | int]) -> Table:
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    cells = [Cell(note, 0, 0, 3, 3, head=True), Cell("申请人情况", 0, 3, 1, 7, head=True)]
    columns = rows("forms/applicants.csv")
    inside = [number for number, column in enumerate(columns) if column["group"]]
    cells.append(Cell(columns[inside[0]]["group"], 1, 3 + inside[0], 1, len(inside), head=True))
    for number, column in enumerate(columns):
        top, height = (2, 1) if column["group"] else (1, 2)
        cells.append(Cell(column["label"], top, 3 + number, height, head=True))
    printed = [row for row in rows("forms/three.csv") if (row["measure"], "total", None) in values]
    cells += _labels(printed, 3)
    for line, row in enumerate(printed, 3):
        for number, column in enumerate(columns):
            place = (row["measure"], column["applicant"], None)
            fact = _fact(place, values[place])
            cells.append(Cell(fact.raw_text, line, 3 + number, fact=fact))
    return Table(cells, "three", head=3)


def _labels(printed: list[Mapping[str, str]], first: int) -> list[Cell]:
    """The three label columns of table three: group and subgroup cells span their rows."""
    cells: list[Cell] = []
    for level in ("group", "subgroup"):
        start = 0
        while start < len(printed):
            name, end = printed[start][level], start
            while end < len(printed) and printed[end][level] == name:
                end += 1
            if name:
                column = 0 if level == "group" else 1
                cells.append(Cell(name, first + start, column, end - start, head=True))
            start = end
    for line, row in enumerate(printed, first):
        column = 0 if not row["group"] else 1 if not row["subgroup"] else 2
        cells.append(Cell(row["row"], line, column, columns=3 - column, head=True))
    return cells


def _four(values: Mapping[Place, float | int]) -> Table:
    cells = [Cell("行政复议", 0, 0, 2, 5, head=True), Cell("行政诉讼", 0, 5, 1, 10, head=True)]
    printed = rows("forms/four.csv")
    for number, name in enumerate(("未经复议直接起诉", "复议后起诉")):
        cells.append(Cell(name, 1, 5 + 5 * number, 1, 5, head=True))
    for column, row in enumerate(printed):
        cells.append(Cell(row["column"], 2, column, head=True))
        place = (row["measure"], None, None)
        fact = _fact(place, values[place])
        cells.append(Cell(fact.raw_text, 3, column, fact=fact))
    return Table(cells, "four", head=3)


def _annex(values: Mapping[Place, float | int]) -> Table:
    cells = [Cell(name, 0, number, head=True) for number, name in enumerate(("统计指标", "单位", "统计数"))]
    for line, row in enumerate(rows("forms/pre2019.csv"), 1):
        indent = "　" * (0 if row["number"].endswith("、") else 1 if "（" in row["number"] else 2)
        cells.append(Cell(indent + row["number"] + row["label"], line, 0, head=True))
        cells.append(Cell(row["unit"], line, 1, head=True))
        place = (row["measure"], None, row["channel"] or None)
        fact = _fact(place, values[place]) if row["measure"] else None
        if fact and row["measure"] == "processing_fee_charged":
            fact.value = (fact.value or 0) * 10000
        cells.append(Cell(fact.raw_text if fact else "——", line, 2, fact=fact))
    return Table(cells, "annex", head=1)


# ---- habits of clerks: each changes what is printed and, with it, the truth


def _set(cell: Cell, text: str, status: str = "reported") -> None:
    assert cell.fact is not None  # noqa: S101  only figure cells come here
    cell.text = cell.fact.raw_text = text
    if status != "reported":
        cell.fact.value, cell.fact.status = None, status


def _figures(tables: Iterable[Table]) -> list[Cell]:
    return [cell for table in tables for cell in table.cells if cell.fact is not None]


def _zeros(tables: Iterable[Table]) -> list[Cell]:
    return [cell for cell in _figures(tables) if cell.fact and cell.fact.value == 0 and cell.text == "0"]


def _some(tables: list[Table], pick: random.Random, most: int) -> list[Cell]:
    cells = _zeros(tables)
    return pick.sample(cells, min(len(cells), pick.randint(1, most)))


def blank_cells(tables: list[Table], pick: random.Random) -> None:
    """A few zero cells left blank."""
    for cell in _some(tables, pick, 6):
        _set(cell, pick.choice(("", "", " ", "　")), "blank")


def dash_cells(tables: list[Table], pick: random.Random) -> None:
    """A few zeros written as a slash or dash."""
    mark = pick.choice(("/", "-", "—", "／", "无"))
    for cell in _some(tables, pick, 9):
        _set(cell, mark, "dash")


def dash_table(tables: list[Table], pick: random.Random) -> None:
    """One table filled with slashes where nothing happened."""
    mark = pick.choice(("/", "-", "—"))
    for cell in _zeros([pick.choice(tables)]):
        _set(cell, mark, "dash")


def blank_table(tables: list[Table], pick: random.Random) -> None:
    """One table, or all of them, without a single figure."""
    for table in tables if pick.random() < 0.3 else [pick.choice(tables)]:
        for cell in _figures([table]):
            _set(cell, "", "blank")


def total_column_blank(tables: list[Table], pick: random.Random) -> None:
    """The outcome rows' total column left empty."""
    for cell in _figures(tables):
        fact = cell.fact
        if (
            fact
            and fact.applicant == "total"
            and fact.measure not in ("requests_received", "requests_closed")
        ):
            _set(cell, "", "blank")


def full_width(tables: list[Table], pick: random.Random) -> None:
    """Digits typed in full width."""
    for table in tables if pick.random() < 0.5 else [pick.choice(tables)]:
        for cell in _figures([table]):
            text = "".join(chr(ord(c) + 0xFEE0) if c in "0123456789" else c for c in cell.text)
            _set(cell, text, cell.fact.status if cell.fact else "reported")


def thousands(tables: list[Table], pick: random.Random) -> None:
    """Decisions above a thousand, printed with a separator."""
    for cell in _figures(tables):
        fact = cell.fact
        if fact and fact.measure in ("penalty_decisions", "licence_decisions") and fact.status == "reported":
            fact.value = pick.randint(1001, 4890)
            _set(cell, f"{fact.value:,}".replace(",", pick.choice((",", ",", "，"))))


def remark(tables: list[Table], pick: random.Random) -> None:
    """A remark behind a figure: 22（其中修订16件）."""
    cells = [
        cell for cell in _figures(tables) if cell.fact and (cell.fact.value or 0) >= 2 and cell.text.isdigit()
    ]
    for cell in pick.sample(cells, min(2, len(cells))):
        note = pick.choice(("（其中修订{}件）", "(含上年{}件)", "（{}件为街面处罚）"))
        _set(cell, cell.text + note.format(pick.randint(1, int(cell.text))))


def unit_in_cell(tables: list[Table], pick: random.Random) -> None:
    """Figures of one table printed with their unit: 0件."""
    for cell in _figures([pick.choice(tables)]):
        if cell.fact and cell.text.isdigit() and cell.fact.unit in ("件", "项"):
            _set(cell, cell.text + cell.fact.unit)


def masked(tables: list[Table], pick: random.Random) -> None:
    """A figure covered with asterisks."""
    for cell in pick.sample(_figures(tables), 2):
        _set(cell, pick.choice(("**", "*", "***")), "unreadable")


def signed(tables: list[Table], pick: random.Random) -> None:
    """Changes of item numbers with a sign or the words 增 and 减."""
    style = pick.choice(("+", "增", "增加"))
    for cell in _figures(tables):
        fact = cell.fact
        if fact and fact.measure.endswith("_items_change") and fact.value and fact.status == "reported":
            size = abs(int(fact.value))
            minus = {"+": "-", "增": "减", "增加": "减少"}[style]
            _set(cell, f"{style if fact.value > 0 else minus}{size}" + ("项" if style == "增加" else ""))


def money_in_yuan(tables: list[Table], pick: random.Random) -> None:
    """Money printed in yuan, with its unit, where ten thousands are asked; or the other way round."""
    for cell in _figures(tables):
        fact = cell.fact
        if fact and fact.measure == "fee_income" and fact.value:
            _set(cell, f"{round(fact.value * 10000)}元")
        if fact and fact.measure == "procurement_amount" and fact.value:
            _set(cell, pick.choice((f"{fact.value:g}元", f"{fact.value / 10000:g}万元")))


def money_decimals(tables: list[Table], pick: random.Random) -> None:
    """Money with two decimals."""
    for cell in _figures(tables):
        if (
            cell.fact
            and cell.fact.measure in ("fee_income", "budget_special")
            and cell.fact.value is not None
        ):
            _set(cell, f"{cell.fact.value:.2f}")


def label_variants(tables: list[Table], pick: random.Random) -> None:
    """Labels as other prints have them."""
    choices: dict[str, list[str]] = {}
    for row in rows("forms/variants.csv"):
        choices.setdefault(row["printed"], []).append(row["variant"])
    for table in tables:
        for cell in table.cells:
            if cell.text in choices and pick.random() < 0.7:
                cell.text = pick.choice(choices[cell.text])


def unnumbered(tables: list[Table], pick: random.Random) -> None:
    """Row labels of table three without their numbers."""
    _relabel(
        tables, lambda text: text[2:] if text[:1].isdigit() and text[1] == "." and len(text) > 4 else text
    )


def padded(tables: list[Table], pick: random.Random) -> None:
    """Figures between spaces, as pasted cells have them."""
    left, right = pick.choice((("\xa0", ""), (" ", " "), ("", "　"), ("\xa0\xa0", "\xa0")))
    for cell in _figures(tables):
        if cell.text.strip() and cell.fact:
            _set(cell, left + cell.text + right, cell.fact.status)


def half_brackets(tables: list[Table], pick: random.Random) -> None:
    """Half-width brackets and colons in labels."""
    _relabel(tables, lambda text: text.translate(str.maketrans("（）：", "():")))


def spaced_labels(tables: list[Table], pick: random.Random) -> None:
    """Labels stretched with spaces, as in 总 计."""
    space = pick.choice((" ", "　", "\xa0"))
    _relabel(tables, lambda text: space.join(text) if len(text) <= 4 and text[0] not in "（(" else text)


def wrapped_labels(tables: list[Table], pick: random.Random) -> None:
    """Labels broken over two lines in their cell: 结果 / 维持."""

    def wrap(text: str) -> str:
        return text[:2] + "\n" + text[2:] if 4 <= len(text) <= 8 and pick.random() < 0.6 else text

    _relabel(tables, wrap)


def kangxi(tables: list[Table], pick: random.Random) -> None:
    """Kangxi radicals where common characters belong, as some PDF writers leave them."""
    _relabel(tables, to_kangxi)


def to_kangxi(text: str) -> str:
    """The text with every character that has a Kangxi radical twin replaced by it."""
    return text.translate(_KANGXI)


_KANGXI = {ord(unicodedata.normalize("NFKC", chr(code))): chr(code) for code in range(0x2F00, 0x2FD6)}


def _relabel(tables: list[Table], change: Callable[[str], str]) -> None:
    for table in tables:
        for cell in table.cells:
            if cell.head and cell.text:
                cell.text = change(cell.text)


def lost_group(tables: list[Table], pick: random.Random) -> None:
    """Group labels cut to their number, as scraping leaves them: （三）不予公开 is only （三）."""
    for table in tables:
        for cell in table.cells:
            if cell.head and cell.rows > 1 and cell.text[:3] in ("（三）", "（四）", "（五）"):
                cell.text = cell.text[:3]


def lost_label(tables: list[Table], pick: random.Random) -> None:
    """One row of table three has lost its label: what its figures count is not printed any more."""
    table = next((table for table in tables if table.name == "three"), None)
    if table is None:
        return
    rows_ = [cell for cell in table.cells if cell.head and cell.row > 3 and cell.column == 2]
    gone = pick.choice(rows_)
    gone.text = ""
    for cell in table.cells:
        if cell.fact and cell.row == gone.row:
            _hide(cell.fact)


def _hide(fact: TruthFact) -> None:
    fact.was, fact.value, fact.status, fact.ambiguous = fact.value, None, "unreadable", True


Habit = Callable[[list[Table], random.Random], None]
HABITS: dict[str, tuple[Habit, int]] = {
    "blank_cells": (blank_cells, 6), "dash_cells": (dash_cells, 5), "dash_table": (dash_table, 3),
    "blank_table": (blank_table, 2), "total_column_blank": (total_column_blank, 1),
    "full_width": (full_width, 4), "thousands": (thousands, 2), "remark": (remark, 5),
    "unit_in_cell": (unit_in_cell, 3), "masked": (masked, 2), "signed": (signed, 8),
    "money_in_yuan": (money_in_yuan, 6), "money_decimals": (money_decimals, 4),
    "label_variants": (label_variants, 8), "half_brackets": (half_brackets, 6),
    "spaced_labels": (spaced_labels, 3), "wrapped_labels": (wrapped_labels, 5), "kangxi": (kangxi, 3),
    "lost_group": (lost_group, 3), "lost_label": (lost_label, 2),
    "unnumbered": (unnumbered, 4), "padded": (padded, 6),
}  # fmt: skip
_LABELS = {
    "label_variants",
    "unnumbered",
    "half_brackets",
    "spaced_labels",
    "wrapped_labels",
    "kangxi",
    "lost_group",
}


def apply_habits(tables: list[Table], pick: random.Random) -> list[str]:
    """Applies none to three habits, figures before labels, and names those that changed something."""
    if not tables:
        return []
    names, weights = list(HABITS), [weight for _, weight in HABITS.values()]
    wanted = set(pick.choices(names, weights, k=pick.choice((0, 0, 1, 1, 2, 3))))
    if "blank_table" in wanted:
        wanted -= {"full_width", "remark", "masked", "thousands"}
    if "kangxi" in wanted or "spaced_labels" in wanted:
        wanted -= {"label_variants", "wrapped_labels", "lost_label"}
    used: list[str] = []
    for name in sorted(wanted, key=lambda name: (name == "lost_label", name in _LABELS, names.index(name))):
        before = [(cell.text, cell.fact and cell.fact.status) for table in tables for cell in table.cells]
        HABITS[name][0](tables, pick)
        if before != [
            (cell.text, cell.fact and cell.fact.status) for table in tables for cell in table.cells
        ]:
            used.append(name)
    return used
