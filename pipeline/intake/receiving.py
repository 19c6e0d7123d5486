"""Files that come in: named safely, unpacked, each once, refused with a reason; none of them is opened here."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.intake.batch import OPEN, Batch, File
from pipeline.model import UserError
from pipeline.readers import DEFAULT_LIMITS, media_type_of
from pipeline.readers.archive import members
from pipeline.sources import BODIES, FIGURES, MANIFEST, POPULATION

MOST_FILES = 2_000
_LONGEST = 180  # bytes of a name; file systems hold 255, and a few are added
# What would change the meaning of the other files of a folder.
_OURS = frozenset({MANIFEST, FIGURES, BODIES, POPULATION})
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a file: the name it is kept under, or why it is not."""

    name: str
    path: str | None
    refused: str = ""


def receive(batch: Batch, uploads: Iterable[tuple[str, bytes]], who: str) -> tuple[Batch, list[Received]]:
    """Put files into a batch, those in a zip one by one; the batch as it then is, and a line for each file."""
    if batch.state != OPEN:
        raise UserError(f"{batch.batch_id}：这一批已发布或作废，请另开一批")
    said: list[Received] = []
    batch.documents.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    try:
        return _received(batch, uploads, who, said, written)
    except (OSError, UserError) as error:
        # What lies there and is not written down would be read with the batch all the same.
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(error, UserError):
            raise
        raise UserError(
            f"{batch.batch_id}：写不进去（{error}）；这些文件都没有收下，请核对磁盘空间和权限"
        ) from error


def _received(
    batch: Batch, uploads: Iterable[tuple[str, bytes]], who: str, said: list[Received], written: list[Path]
) -> tuple[Batch, list[Received]]:
    files = dict(batch.files)
    known = {file.sha256: file.path for file in files.values()}
    day = dt.datetime.now(dt.UTC).date().isoformat()
    for name, data in _unpacked(uploads, said):
        digest = hashlib.sha256(data).hexdigest()
        if refusal := _refusal(name, data, known.get(digest), len(files)):
            said.append(Received(name, None, refusal))
            continue
        path = _free(safe_name(name), files)
        written.append(batch.documents / path)
        written[-1].write_bytes(data)
        files[path] = File(path, digest, received=day)
        known[digest] = path
        said.append(Received(name, path))
    count = sum(one.path is not None for one in said)
    if not count:
        return batch, said
    return batch.changed("receive", who, f"{count} 份", files=files), said


def _unpacked(uploads: Iterable[tuple[str, bytes]], said: list[Received]) -> Iterator[tuple[str, bytes]]:
    for name, data in uploads:
        try:
            is_archive = media_type_of(data) == "application/zip"
        except UserError as error:
            said.append(Received(name, None, str(error)))
            continue
        if not is_archive:
            yield name, data
            continue
        try:
            yield from members(data, DEFAULT_LIMITS)
        except UserError as error:
            said.append(Received(name, None, str(error)))


def _refusal(name: str, data: bytes, same: str | None, count: int) -> str:
    if same is not None:
        return f"与“{same}”内容完全相同，只留一份"
    if count >= MOST_FILES:
        return f"一批最多 {MOST_FILES:,} 份，请另开一批"
    if PurePosixPath(name).name.lower() in _OURS:
        return "这个文件名有专门用途，请改名后再传"
    if not data:
        return "文件是空的，请重新取得原件"
    if len(data) > DEFAULT_LIMITS.max_bytes:
        return f"超过 {DEFAULT_LIMITS.max_bytes // 1_000_000} MB，请拆分或压缩图片"
    return ""


def safe_name(name: str) -> str:
    """A name that stays in its folder on every system: no path, no control characters, not hidden, not too long."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    plain = _NOT_IN_NAMES.sub(
        "_", "".join(char for char in last if unicodedata.category(char) not in ("Cf", "Cs"))
    )
    plain = plain.strip(" .~$") or "未命名"
    if _WINDOWS.fullmatch(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 8:
        stem, dot, ending = plain, "", ""
    while len(f"{stem}{dot}{ending}".encode()) > _LONGEST:
        stem = stem[:-1]
    return f"{stem}{dot}{ending}"


def _free(name: str, taken: Iterable[str]) -> str:
    """The name, or with a number where it is taken, whatever its case."""
    lower = {path.lower() for path in taken}
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    number, found = 2, name
    while found.lower() in lower:
        found, number = f"{stem} ({number}){dot}{ending}", number + 1
    return found
