"""The invented district that a fresh installation shows: written as documents, then read like any others."""

import shutil
from pathlib import Path

from pipeline.invent import invent_corpus
from pipeline.sources import ROOT

FOLDER = ROOT / "data" / "demo"
_BODIES, _YEARS, _SEED = 24, range(2014, 2026), 1
# Raised when what is written changes: a folder of another edition is written anew.
_EDITION = "2"
# Formats that need nothing beyond what the dashboard runs on.
_FORMATS = ("html", "docx", "txt", "md", "mht")


def demonstration(folder: Path = FOLDER) -> Path:
    """The folder of the demonstration's documents, written on first use; the same bytes every time."""
    edition = folder / ".edition"
    if edition.exists() and edition.read_text("utf-8") == _EDITION:
        return folder
    aside = folder.with_name(folder.name + ".draft")
    shutil.rmtree(aside, ignore_errors=True)
    invent_corpus(_BODIES, _YEARS, _SEED, aside, formats=_FORMATS, county_reports=True, reissues=True)
    (aside / ".edition").write_text(_EDITION, "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)
    return folder
