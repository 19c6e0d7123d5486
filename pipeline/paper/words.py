"""The words of papers, from `data/catalogue/paper.csv`: official Chinese, in one place. Knows no warehouse."""

import datetime as dt
import re
import string
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from pipeline.catalogue import FOLDER
from pipeline.declared import keyed, rows_of
from pipeline.model import CatalogueError
from pipeline.paper.model import Note, Piece, Text

FILE = "paper.csv"


@lru_cache(maxsize=4)
def load_words(folder: Path = FOLDER) -> Mapping[str, str]:
    """Key to text; a key that is doubled or empty is refused with its row."""
    rows = keyed(rows_of(folder / FILE, "key zh"), "key")
    for row in rows.values():
        if not row["zh"]:
            raise row.fail("缺少 zh")
    return {key: row["zh"] for key, row in rows.items()}


def say(key: str, **values: object) -> str:
    """The text of a key with its values put in."""
    return _template(key).format(**values)


def text(key: str, **values: Piece | Text | str | int) -> Text:
    """The same, where a value may be a figure with its footnote."""
    pieces: list[Piece] = []
    for words, name, _, _ in string.Formatter().parse(_template(key)):
        if words:
            pieces.append(Piece(words))
        if name is not None:
            value = values[name]
            if isinstance(value, tuple):
                pieces += value
            else:
                pieces.append(value if isinstance(value, Piece) else Piece(str(value)))
    return tuple(pieces)


def named(family: str, code: object) -> str:
    """The name of a code of a family; a code that is not in it stands for itself."""
    return load_words().get(f"{family}.{code}", str(code))


def _template(key: str) -> str:
    try:
        return load_words()[key]
    except KeyError as error:
        raise CatalogueError(f"{FILE}：没有“{key}”这一行") from error


def figure(value: object, note: str | Note) -> Piece:
    """A figure with its footnote."""
    shown = value if isinstance(value, str) else number(value)
    return Piece(shown, note if isinstance(note, Note) else Note(note))


def number(value: object, bound: str = "exact") -> str:
    """A number as it is printed in a document: without separators, 约 or 以上 where it is no exact one."""
    if not isinstance(value, int | float):
        raise TypeError(f"no number: {value!r}")
    shown = f"{value:.0f}" if float(value).is_integer() else f"{value:.2f}".rstrip("0").rstrip(".")
    return shown if bound == "exact" else say(f"bound.{bound}", number=shown)


_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[0-9])|(?<=[0-9]) +(?=[\u4e00-\u9fff])")


def tight(message: str) -> str:
    """A message of the screen without the blanks between Chinese and figures, which documents do not print."""
    return _GAP.sub("", message)


def day(value: dt.date) -> str:
    """A date as documents write it."""
    return f"{value.year}年{value.month}月{value.day}日"


def listed(names: Iterable[str], most: int = 8) -> str:
    """Names in a row; beyond `most`, how many there are."""
    names = list(names)
    shown = say("list.separator").join(names[:most])
    return shown if len(names) <= most else say("list.more", names=shown, count=len(names))
