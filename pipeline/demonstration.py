"""The invented district that a fresh installation shows: written as documents, then read like any others."""

import shutil
from pathlib import Path

from pipeline.invent import invent_corpus
from pipeline.sources import ROOT

FOLDER = ROOT / "data" / "demo"
_BODIES, _YEARS, _SEED = 24, range(2014, 2026), 1
# Formats that need nothing beyond what the dashboard runs on.
_FORMATS = ("html", "docx", "txt", "md", "mht")


def demonstration(folder: Path = FOLDER) -> Path:
    """The folder of the demonstration's documents, written on first use; the same bytes every time."""
    if (folder / "manifest.csv").exists():
        return folder
    aside = folder.with_name(folder.name + ".draft")
    shutil.rmtree(aside, ignore_errors=True)
    invent_corpus(_BODIES, _YEARS, _SEED, aside, formats=_FORMATS, county_reports=True)
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)
    return folder
