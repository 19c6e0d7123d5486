"""Old Word and WPS documents (doc, wps, rtf): turned into docx by LibreOffice, where it is installed."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pipeline.model import Reading, UserError
from pipeline.readers import docx
from pipeline.readers.limits import Limits

_PROGRAMS = ("soffice", "libreoffice")
_REMEDY = "请用 Word 或 WPS 另存为 docx"
_STARTUP_SECONDS = 20.0  # the first start of a fresh profile is slow


def read(data: bytes, limits: Limits) -> Reading:
    """Blocks of a doc or wps file; UserError where LibreOffice is missing, fails or takes too long."""
    limits.check_size(data)
    return docx.read(convert(data, limits), limits)


def convert(data: bytes, limits: Limits) -> bytes:
    """The document as docx, converted in a folder of its own that is removed afterwards."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise UserError(f"读取 .doc、.wps 需要 LibreOffice，本机没有安装；请安装 LibreOffice，或{_REMEDY}")
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        source = Path(folder, "document.doc")
        source.write_bytes(data)
        _run(program, source, limits.max_seconds + _STARTUP_SECONDS)
        target = source.with_suffix(".docx")
        if not target.is_file():
            raise UserError(f"LibreOffice 无法打开此文件；{_REMEDY}")
        return target.read_bytes()


def _run(program: str, source: Path, seconds: float) -> None:
    """Run the conversion without macros, printers or a network, and end it with all its children in time."""
    folder = source.parent
    command = [
        program,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless", "--norestore", "--nolockcheck", "--nodefault",
        "--convert-to", "docx:Office Open XML Text",
        "--outdir", str(folder), str(source),
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd=folder, env=_environment(folder), start_new_session=True,
    ) as process:  # fmt: skip
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise UserError(f"LibreOffice 转换超过 {seconds:g} 秒；{_REMEDY}") from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def _environment(folder: Path) -> Mapping[str, str]:
    """What LibreOffice needs and no more; a proxy that leads nowhere keeps linked pictures unfetched."""
    kept = {
        name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH") if name in os.environ
    }
    dead = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), "http://127.0.0.1:9")
    return {**kept, **dead, "HOME": str(folder)}
