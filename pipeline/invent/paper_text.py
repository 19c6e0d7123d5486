"""Reports as plain text and Markdown, as scraping and pasting leave them."""

import random
import re
from itertools import pairwise

from pipeline.invent.shapes import Cell, Draft, Paper, Table, Text, TruthFact


def text_paper(draft: Draft, pick: random.Random) -> Paper:
    """A text file: a cell a line, bars between cells, or cells glued together."""
    style = pick.choices(("lines", "tight", "bars", "glued", "deduplicated"), (35, 15, 25, 15, 10))[0]
    lines = _head(draft, pick)
    for block in draft.blocks:
        lines += _table(block, style, pick) if isinstance(block, Table) else _paragraph(block)
    quirks = [f"text:{style}"]
    if pick.random() < 0.35:
        lines = [_worn(line) for line in lines]
        quirks.append("lost_characters")
    if style == "lines" and pick.random() < 0.25 and _lose_a_cell(draft, lines, pick):
        quirks.append("lost_cell")
    if style == "deduplicated":
        lines = _deduplicated(lines)
        _blur_deduplicated(draft)
    gap = "\n\n" if style in ("lines", "deduplicated") else "\n"
    text = gap.join(lines)
    return Paper((text + "\n").encode("utf-8"), "txt", tuple(quirks))


def markdown_paper(draft: Draft, pick: random.Random) -> Paper:
    """A Markdown file with pipe tables."""
    lines = [f"# {draft.title}", ""]
    if draft.published:
        lines += [f"发布日期：{draft.published}", ""]
    for block in draft.blocks:
        if isinstance(block, Table):
            lines += [*_pipes(block), ""]
        elif block.style == "heading":
            lines += [f"## {block.text}", ""]
        elif block.style != "title":
            lines += [block.text, ""]
    return Paper(("\n".join(lines) + "\n").encode("utf-8"), "md", ("markdown",))


def _head(draft: Draft, pick: random.Random) -> list[str]:
    """The labelled lines that scrapers keep from above the text."""
    if draft.published is None:
        return []
    lines = [
        draft.title,
        "索引号",
        draft.index_number or "",
        "发文机构",
        draft.body.publisher,
    ]
    lines += ["公开目录", "政府信息公开年报", "文号", "浏览量"]
    if pick.random() < 0.5:
        return [*lines, "日期", draft.published]
    draft.index_number = None
    year, month, day = draft.published.split("-")
    return [draft.title, f"发布日期：{year}年{int(month)}月{int(day)}日", f"发布机构：{draft.body.full_name}"]


def _paragraph(block: Text) -> list[str]:
    return [block.text]


def _flat(text: str) -> str:
    return text.replace("\n", "").strip()


def _table(table: Table, style: str, pick: random.Random) -> list[str]:
    lines: list[str] = []
    for row in table.by_row():
        if style == "bars":
            lines.append(_bars(table, row))
        elif style == "glued":
            lines.append(_glued(row))
        else:
            lines += _cells(row)
    return lines


def _bars(table: Table, row: list[Cell]) -> str:
    return " | ".join(_flat(cell.text) for cell in row) + " |"


def _cells(row: list[Cell]) -> list[str]:
    """A cell a line; a blank cell leaves no line, so a row with some blank cells says nothing certain."""
    empty = [cell for cell in row if cell.fact and not cell.text.strip()]
    if empty:
        _blur([cell.fact for cell in row if cell.fact])
    lines: list[str] = []
    for cell in row:
        if cell.text.strip():
            lines += [part for part in cell.text.split("\n") if part.strip()]
    return lines


def _blur(facts: list[TruthFact]) -> None:
    """Figures of a row that lost a cell: nothing says which. A row without any figure is simply blank."""
    if len(facts) == 1 or all(fact.status == "blank" for fact in facts):
        for fact in facts:
            fact.inferred, fact.optional = True, True
        return
    for fact in facts:
        if not fact.ambiguous:
            fact.was, fact.value, fact.status, fact.ambiguous = fact.value, None, "unreadable", True


def _glued(row: list[Cell]) -> str:
    """Label and figures without anything between: sure only while each figure is one digit."""
    facts = [cell.fact for cell in row if cell.fact]
    texts = [_flat(cell.text) for cell in row if cell.fact]
    if len(facts) > 1 and not all(re.fullmatch(r"[0-9０-９]", text) for text in texts):
        _blur(facts)
    return "".join(_flat(cell.text) for cell in row)


def _worn(line: str) -> str:
    """Characters lost the way scrapers lose them: dates, document numbers, a slash."""
    line = re.sub(r"(\d{4})年1月1日起?至(\d{4})年12月31日", r"\g<1>11日起至\g<2>1231日", line)
    line = re.sub(r"〔(\d{4})〕(\d+)号", r"〔\1\2号", line)
    line = line.replace("本年增/减", "本年增/")
    return line.removeprefix("一") if line.startswith("一、总体") else line


def _lose_a_cell(draft: Draft, lines: list[str], pick: random.Random) -> bool:
    """Drops one figure of a row of table three without a trace."""
    tables = [block for block in draft.blocks if isinstance(block, Table) and block.name == "three"]
    if not tables:
        return False
    rows_ = [row for row in tables[0].by_row() if sum(cell.fact is not None for cell in row) == 7]
    whole = [row for row in rows_ if all(cell.text.strip() for cell in row if cell.fact)]
    if not whole:
        return False
    row = pick.choice(whole)
    label = next(_flat(cell.text) for cell in reversed(row) if cell.head)
    label_lines = [part for cell in row if cell.head for part in cell.text.split("\n") if part.strip()]
    spot = _find(lines, label_lines)
    if spot is None or not label:
        return False
    del lines[spot + pick.randint(1, 7)]
    for fact in [cell.fact for cell in row if cell.fact]:
        if not fact.ambiguous:
            fact.was, fact.value, fact.status, fact.ambiguous = fact.value, None, "unreadable", True
    return True


def _find(lines: list[str], run: list[str]) -> int | None:
    """The number of the last line of a run of lines, where it occurs."""
    for start in range(len(lines) - len(run)):
        if lines[start : start + len(run)] == run:
            return start + len(run) - 1
    return None


def _deduplicated(lines: list[str]) -> list[str]:
    return [line for number, line in enumerate(lines) if number == 0 or line != lines[number - 1]]


def _blur_deduplicated(draft: Draft) -> None:
    """What removing equal neighbouring lines does to the truth: only rows of one repeated figure stay readable."""
    for table in (block for block in draft.blocks if isinstance(block, Table)):
        for row in table.by_row():
            cells = [cell for cell in row if cell.fact]
            facts = [cell.fact for cell in cells if cell.fact]
            if len(cells) < 2:
                continue
            if len({cell.text for cell in cells}) == 1:
                for fact in facts:
                    fact.inferred = True
            elif any(one.text == two.text for one, two in pairwise(cells)):
                _blur(facts)


def _pipes(table: Table) -> list[str]:
    """A pipe table: a spanned place is empty, as most converters leave it; a value is never repeated."""
    grid = [[""] * table.width for _ in range(table.height)]
    for cell in table.cells:
        grid[cell.row][cell.column] = _flat(cell.text).replace("|", "｜")
    lines = ["| " + " | ".join(row) + " |" for row in grid]
    return [lines[0], "|" + " --- |" * table.width, *lines[1:]]
