"""Archives (zip): the documents inside, one by one, refused as a whole before anything dangerous is inflated."""

import io
import posixpath
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from pipeline.model import UserError
from pipeline.readers.limits import Limits

_MAX_RATIO = 200  # deflate of real documents stays far below; a bomb begins near 1000
_RATIO_FREE = 1_000_000  # bytes below which a high ratio is harmless
# Entries in all, those of archives inside included: each takes memory before one of them is looked at.
_MOST_ENTRIES = 40_000
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError)


def members(data: bytes, limits: Limits, only: str | None = None) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each document in a zip, archives inside it one level deep.

    Everything is checked before the first member is inflated; a UserError names the reason. Where `only` names a
    document, no other is inflated.
    """
    limits.check_size(data)
    budget = limits.max_inflated_bytes
    for name, content in _members(data, limits, budget, only):
        budget -= len(content)
        if not _is_archive(name, content):
            yield name, content
            continue
        rest = None if only is None else only.removeprefix(f"{name}/")
        for inner, inner_content in _members(content, limits, budget, rest):
            budget -= len(inner_content)
            if not _is_archive(inner, inner_content):
                yield f"{name}/{inner}", inner_content


def member(data: bytes, name: str, limits: Limits) -> bytes | None:
    """The document of that name in a zip; None where there is none."""
    return next((content for found, content in members(data, limits, name) if found == name), None)


def names_in(data: bytes) -> list[str] | None:
    """The names that a zip lists; None where its list cannot be read."""
    _refuse_too_many(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except _DAMAGE:
        return None


def _members(
    data: bytes, limits: Limits, budget: int, only: str | None = None
) -> Iterator[tuple[str, bytes]]:
    _refuse_too_many(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [(_name(info), info) for info in archive.infolist()]
            wanted = [(name, info) for name, info in infos if not _is_aside(name)]
            _check(wanted, limits, budget)
            for name, info in wanted:
                if only is None or only == name or only.startswith(f"{name}/"):
                    yield name, archive.read(info)
    except _DAMAGE as error:
        raise UserError("压缩包已损坏或不完整；请重新打包") from error
    except RuntimeError as error:
        raise UserError("压缩包已加密；请去掉密码重新打包") from error


def _refuse_too_many(data: bytes) -> None:
    """Count the entries by their marks: zipfile makes an object of every one before it tells how many there are."""
    if (count := data.count(b"PK\x01\x02")) > _MOST_ENTRIES:
        raise UserError(f"压缩包里有 {count:,} 个条目，过多；请分批打包")


def _is_archive(name: str, content: bytes) -> bool:
    return name.lower().endswith(".zip") and content[:4] == b"PK\x03\x04"


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name with / between folders, decoded as UTF-8 or GBK whatever its flag says."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", errors="replace")  # how zipfile had decoded it
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _is_aside(name: str) -> bool:
    """Folders, hidden files and what macOS adds are no documents."""
    parts = name.split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return name.endswith("/") or "__MACOSX" in parts or hidden or parts[-1] in ("Thumbs.db", "desktop.ini")


def _check(wanted: list[tuple[str, zipfile.ZipInfo]], limits: Limits, budget: int) -> None:
    if len(wanted) > limits.max_members:
        raise UserError(
            f"压缩包里有 {len(wanted)} 个文件，超过上限 max_members {limits.max_members}；请分批打包"
        )
    size = sum(info.file_size for _, info in wanted)
    if size > budget:
        raise UserError(f"压缩包解开后有 {size} 字节，超过上限 max_inflated_bytes（余 {budget}）；请分批打包")
    for name, info in wanted:
        _check_member(name, info, limits)


def unsafe_name(name: str) -> bool:
    """Whether a name in an archive leads out of the folder it is unpacked into, on this system or on Windows."""
    parts = re.split(r"[/\\]", name)
    drive = any(part[1:2] == ":" for part in parts)
    return drive or parts[0] == "" or ".." in parts or posixpath.normpath(name) == "."


def _check_member(name: str, info: zipfile.ZipInfo, limits: Limits) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise UserError(f"压缩包已加密（{name}）；请去掉密码重新打包")
    if unsafe_name(name):
        raise UserError(f"压缩包里有离开本目录的路径（{name}）；请重新打包")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise UserError(f"压缩包里是链接而不是文件（{name}）；请重新打包")
    if info.file_size > limits.max_bytes:
        raise UserError(f"压缩包里的 {name} 有 {info.file_size} 字节，超过上限 max_bytes {limits.max_bytes}")
    if info.file_size > _RATIO_FREE and info.file_size > _MAX_RATIO * max(1, info.compress_size):
        raise UserError(
            f"压缩包里的 {name} 会膨胀 {info.file_size // max(1, info.compress_size)} 倍，疑似压缩炸弹，不予解压"
        )


def salvage(data: bytes, name: str, limits: Limits) -> bytes | None:
    """What can be inflated of one member of a broken zip, found by its local header; None where nothing is."""
    wanted = name.encode()
    start = data.find(b"PK\x03\x04")
    while start >= 0:
        header = data[start : start + 30]
        if len(header) < 30:
            return None
        method, size, name_size, extra_size = struct.unpack("<8xH8xI4xHH", header)
        begin = start + 30 + name_size
        if data[start + 30 : begin] == wanted:
            return _inflate(data[begin + extra_size :], method, size, limits)
        start = data.find(b"PK\x03\x04", start + 4)
    return None


def _inflate(data: bytes, method: int, size: int, limits: Limits) -> bytes | None:
    if method == zipfile.ZIP_STORED:
        return data[:size] or None
    if method != zipfile.ZIP_DEFLATED:
        return None
    inflater = zlib.decompressobj(-15)
    parts: list[bytes] = []
    # in small steps: an error in one block must not lose the blocks before it
    for start in range(0, len(data), 512):
        try:
            parts.append(inflater.decompress(data[start : start + 512], limits.max_inflated_bytes))
        except zlib.error:
            break
        if inflater.eof or sum(map(len, parts[-1:])) >= limits.max_inflated_bytes:
            break
    return b"".join(parts) or None
