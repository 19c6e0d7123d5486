"""Old Word documents: a clear remedy without LibreOffice, the same grid with it."""

import shutil
import subprocess
from pathlib import Path

import pytest
from documents import forms

from pipeline.model import Grid, UserError
from pipeline.readers import office
from pipeline.readers.limits import Limits

LIMITS = Limits()
SOFFICE = shutil.which("soffice")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def test_without_libreoffice_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match=r"LibreOffice.*docx"):
        office.read(OLE, LIMITS)


def stub(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_conversion_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub(tmp_path, "sleep 60 & wait", monkeypatch)
    monkeypatch.setattr(office, "_STARTUP_SECONDS", 0.0)
    with pytest.raises(UserError, match="超过"):
        office.read(OLE, Limits(max_seconds=0.3))


def test_a_conversion_that_gives_nothing_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub(tmp_path, "exit 1", monkeypatch)
    with pytest.raises(UserError, match="无法打开"):
        office.read(OLE, LIMITS)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_doc_is_read_to_the_cell(tmp_path: Path) -> None:
    body = forms.docx_paragraph("前文") + forms.docx_table(forms.requests()) + forms.docx_paragraph("后文")
    Path(tmp_path, "a.docx").write_bytes(forms.docx(body))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [SOFFICE or "", profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "a.docx")], check=True, capture_output=True, timeout=120)
    reading = office.read(Path(tmp_path, "a.doc").read_bytes(), LIMITS)
    (grid,) = [block for block in reading.blocks if isinstance(block, Grid)]
    assert forms.shape(grid) == forms.placed(forms.requests())
