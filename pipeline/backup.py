"""Everything that cannot be made again, in one file: documents, corrections, batches, lists, the warehouse's history."""

import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.model import UserError
from pipeline.readers.archive import unsafe_name

LIST = "backup.json"
_STEP = 1 << 20
_LONGEST_LIST = 200_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """A file or folder and the name it has in a backup."""

    name: str
    path: Path
    without: frozenset[str] = frozenset()


def backup(parts: Sequence[Part], out: Path) -> int:
    """Write the parts into a zip at `out`, with a list of their hashes; how many files there are.

    A warehouse file is never written in place, so it can be copied while it serves. Until it is whole the file has
    another name.
    """
    beside = out.with_name(f".{out.name}.new")
    listed: dict[str, str] = {}
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for part in parts:
                for name, file in _files(part):
                    listed[name] = _add(archive, name, file)
            archive.writestr(LIST, json.dumps(listed, ensure_ascii=False, indent=0))
        beside.replace(out)
    except OSError as error:
        raise UserError(f"{out}：写不进去（{error}）；没有留下半个备份，请核对磁盘空间和权限") from error
    finally:
        beside.unlink(missing_ok=True)
    return len(listed)


def _files(part: Part) -> Iterator[tuple[str, Path]]:
    if part.path.is_file():
        yield part.name, part.path
    elif part.path.is_dir():
        for file in sorted(part.path.rglob("*")):
            inner = file.relative_to(part.path)
            if file.is_file() and not file.is_symlink() and not part.without & set(inner.parts):
                yield f"{part.name}/{inner.as_posix()}", file


def _add(archive: zipfile.ZipFile, name: str, file: Path) -> str:
    digest = hashlib.sha256()
    info = zipfile.ZipInfo.from_file(file, name)
    info.compress_type = zipfile.ZIP_DEFLATED
    with file.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_STEP):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def restore(archive_path: Path, parts: Sequence[Part]) -> int:
    """Put the files of a backup back in their places; how many there were.

    Nothing is overwritten: where a place holds something the backup is refused as a whole, as is one whose bytes are not
    those that were listed. Every file is checked before the first is written.
    """
    try:
        with zipfile.ZipFile(archive_path) as archive:
            listed = _listed(archive)
            targets = {name: _target(name, parts) for name in listed}
            for target in targets.values():
                if target.exists():
                    raise UserError(f"{target}：已经有这个文件；恢复只写到空的地方，请先移走")
            _refuse_what_has_no_room(archive, targets)
            for name, digest in listed.items():
                if _digest(archive, name) != digest:
                    raise UserError(f"{archive_path}：备份里的 {name} 已损坏，没有恢复任何文件")
            _write_out(archive, targets)
    # RuntimeError: it has a password, or a list nested without end.
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, OSError, RuntimeError) as error:
        raise UserError(f"{archive_path}：不是备份文件，或已损坏（{error}）") from error
    return len(listed)


def _write_out(archive: zipfile.ZipFile, targets: Mapping[str, Path]) -> None:
    """Write the files to their places; where one cannot be written, none is left behind."""
    begun: list[Path] = []
    try:
        for name, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            begun.append(target)
            with archive.open(name) as source, target.open("wb") as file:
                while chunk := source.read(_STEP):
                    file.write(chunk)
    except OSError as error:
        for target in begun:
            target.unlink(missing_ok=True)
        raise UserError(f"{begun[-1]}：写不进去（{error}）；已写的都已撤掉，请核对磁盘空间和权限") from error


def _listed(archive: zipfile.ZipFile) -> dict[str, str]:
    """The names and hashes of the files in a backup."""
    if archive.getinfo(LIST).file_size > _LONGEST_LIST:
        raise ValueError(LIST)
    listed = json.loads(archive.read(LIST))
    if not isinstance(listed, dict):
        raise ValueError(LIST)  # noqa: TRY004  said as every other damage is
    return {str(name): str(digest) for name, digest in listed.items()}


def _refuse_what_has_no_room(archive: zipfile.ZipFile, targets: Mapping[str, Path]) -> None:
    """Refuse a backup that says itself that it would fill the disk."""
    size = sum(archive.getinfo(name).file_size for name in targets)
    folders = {target.absolute().parent for target in targets.values()}
    for there in {next(place for place in (folder, *folder.parents) if place.exists()) for folder in folders}:
        if size > shutil.disk_usage(there).free:
            raise UserError(f"备份展开后有 {size:,} 字节，{there} 所在的磁盘放不下，没有恢复任何文件")


def _target(name: str, parts: Sequence[Part]) -> Path:
    if unsafe_name(name):
        raise UserError(f"备份里有离开本目录的路径（{name}），不予恢复")
    for part in parts:
        if name == part.name:
            return part.path
        if name.startswith(f"{part.name}/"):
            return part.path / PurePosixPath(name).relative_to(part.name)
    raise UserError(f"备份里有不认识的内容（{name}），可能来自更新的版本")


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as source:
        while chunk := source.read(_STEP):
            digest.update(chunk)
    return digest.hexdigest()
