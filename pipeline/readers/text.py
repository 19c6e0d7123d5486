"""Plain text and Markdown: a line is a paragraph, lines of `|` or tab separated cells are a grid."""

import codecs
import re
from collections.abc import Iterator

from pipeline.issues import issue
from pipeline.model import Block, Cell, Grid, Issue, Paragraph, Reading, UserError
from pipeline.readers.limits import Limits

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
_SEPARATED = re.compile(r"\t|(?<=\S)\s*[|│｜]\s*|^\s*[|│｜]|\s[|│｜]\s")
# Markdown's headings, quotes and bold say how a line looks, not what it says.
_MARKUP = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?)|\*\*(?=\S)|(?<=\S)\*\*(?!\s*条)")
_CELL_END = re.compile(r"\t|[|│｜]")
_BARS = ("|", "│", "｜")


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[Issue, ...]]:
    """The text of the bytes. UTF-8 is tried before what the file declares: declarations are often wrong."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), ()
    tried = ["utf-8", *([declared] if declared else []), "gb18030", "big5"]
    for name in tried:
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        return text, ()
    best = min(("utf-8", "gb18030"), key=lambda name: data.decode(name, errors="replace").count("\ufffd"))
    text = data.decode(best, errors="replace")
    lost = text.count("\ufffd")
    if lost > 20 and lost > len(text) * 0.02:
        raise UserError(
            "不是可识别编码的文本（UTF-8、GB18030 均读不通）；请用原格式保存，或另存为 UTF-8 文本"
        )
    return text, (issue("encoding", encoding=best, lost=lost),)


def refuse_binary(text: str) -> None:
    """Raise UserError where text is not a person's text."""
    if len(_CONTROL.findall(text[:65536])) > len(text[:65536]) * 0.002 + 2:
        raise UserError("内容是二进制数据，不是文本；请提供网页、Word、PDF 或文本文件")


def read(data: bytes, limits: Limits) -> Reading:
    """Paragraphs with their line numbers and the blank lines before them; runs of separated cells as grids."""
    text, issues = decode(data)
    refuse_binary(text)
    blocks = tuple(block for block, _ in placed(text.splitlines()))
    title = next((block.text for block in blocks if isinstance(block, Paragraph)), "")
    return Reading(blocks, title=title, issues=issues)


def placed(lines: list[str]) -> Iterator[tuple[Block, list[int]]]:
    """The blocks of a text, each with the numbers of its lines: that of a paragraph, those of a grid's rows."""
    gap = 0
    run: dict[int, str] = {}
    for number, line in enumerate(lines, start=1):
        if _SEPARATED.search(line.strip(" ")) and line.strip(" |\t"):
            run[number] = line
            continue
        if run and line.strip():
            yield _grid(run)
            run, gap = {}, 0
        if shown := _MARKUP.sub("", line).strip():
            yield Paragraph(shown, line=number, gap=gap), [number]
            gap = 0
        else:
            gap += 1
    if run:
        yield _grid(run)


def _grid(lines: dict[int, str]) -> tuple[Grid, list[int]]:
    cells: list[Cell] = []
    rows: list[int] = []
    for at, line in lines.items():
        if _RULE.fullmatch(line):
            continue
        number = len(rows)
        rows.append(at)
        text = line.strip(" ")
        # A border bar at either end is not a cell; a tab at either end is an empty one.
        text = text[1:] if text[:1] in _BARS else text
        text = text[:-1] if text[-1:] in _BARS else text
        cells += [Cell(part.strip(), number, column) for column, part in enumerate(_CELL_END.split(text))]
    return Grid(tuple(cells), line=min(lines)), rows


def cells_of(line: str) -> list[tuple[int, int]]:
    """Where the cells of a row stand in its line, cut as the reader cuts them."""
    start = len(line) - len(line.lstrip(" "))
    end = len(line.rstrip(" "))
    start += line[start : start + 1] in _BARS
    end -= end > start and line[end - 1] in _BARS
    ends = [found.start() for found in _CELL_END.finditer(line, start, end)]
    return list(zip([start, *(at + 1 for at in ends)], [*ends, end], strict=True))
