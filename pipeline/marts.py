"""The marts: queries that the build stores as tables of the same name."""

import re
from graphlib import TopologicalSorter
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "queries" / "marts"


def marts(folder: Path = FOLDER) -> list[Path]:
    """The files of `queries/marts`, each after those whose tables it reads."""
    files = {file.stem: file for file in sorted(folder.glob("*.sql"))}
    words = {name: set(re.findall(r"\w+", _code(file))) for name, file in files.items()}
    reads = {name: sorted((words[name] & set(files)) - {name}) for name in files}
    return [files[name] for name in TopologicalSorter(reads).static_order()]


def late(folder: Path = FOLDER) -> set[str]:
    """The marts that read what is found across reports, or a mart that does: they come after it."""
    found: set[str] = set()
    for file in marts(folder):
        words = set(re.findall(r"\w+", _code(file)))
        if words & (_ACROSS | found):
            found.add(file.stem)
    return found


# What is computed from several reports once the other marts are there.
_ACROSS = {"finding", "similarity"}


def _code(file: Path) -> str:
    """The SQL without its comments: a mart may be spoken of without being read."""
    return re.sub("--.*", "", file.read_text("utf-8"))
