"""From a file to a Document: the format is told by the bytes, never by the file's name."""

import hashlib
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.model import Document, Issue, Paragraph, Reading, UserError
from pipeline.readers.archive import members, names_in
from pipeline.readers.limits import Limits

# media type -> module with `read(data, limits)`; imported when first needed, since some are heavy.
_READERS = {
    "text/plain": "text",
    "text/html": "html",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "spreadsheet",
    "application/vnd.ms-excel": "spreadsheet",
    "application/msword": "office",
    "multipart/related": "mht",
    "image": "ocr",
}
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM", b"GIF8", b"RIFF")
DEFAULT_LIMITS = Limits()


def media_type_of(data: bytes) -> str:
    """The media type the bytes themselves show; text where nothing else does."""
    head = data[:4096]
    if head.startswith(b"PK\x03\x04"):
        names = names_in(data)
        for mark, name in (
            ("word/document", "wordprocessingml.document"),
            ("xl/workbook", "spreadsheetml.sheet"),
        ):
            # An archive of documents that do not shrink shows their names too: its own list says which are its own.
            if mark.encode() in data if names is None else any(own.startswith(mark) for own in names):
                return f"application/vnd.openxmlformats-officedocument.{name}"
        return "application/zip"
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        workbook = any(name.encode("utf-16-le") in data for name in ("Workbook", "Book"))
        return "application/vnd.ms-excel" if workbook else "application/msword"
    if head.startswith(_IMAGES):
        return "image"
    lower = head.lower()
    if b"mime-version:" in lower and (b"multipart/" in lower or b"text/html" in lower):
        return "multipart/related"
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UserError("内容是二进制数据，格式无法识别；请提供网页、Word、PDF、Excel 或文本文件")
    marks = (
        b"<html",
        b"<!doctype html",
        b"<table",
        b"<body",
        b"<div",
        b"<head",
        b"<p>",
        b"<p ",
        b"<meta",
        b"<span",
    )
    return "text/html" if any(mark in lower for mark in marks) else "text/plain"


def read_bytes(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Document:
    """The document in these bytes. UserError with the file's name where it cannot be read."""
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise UserError(f"{name}：文件是空的；请重新取得原件")
    if len(data) > limits.max_bytes:
        raise UserError(
            f"{name}：文件 {len(data) / 2**20:,.0f} MB，超过上限 {limits.max_bytes / 2**20:,.0f} MB；请拆分或压缩图片后再试"
        )
    try:
        media_type = media_type_of(data)
        reading = _reader(media_type)(data, limits)
        for block in reading.blocks:
            if isinstance(block, Paragraph):
                limits.check_paragraph(block.text)
    except UserError as error:
        raise UserError(f"{name}：{error}") from error
    except RecursionError as error:
        raise UserError(f"{name}：内容嵌套过深，读不出来；请另存为 docx 或文本后再试") from error
    if not reading.blocks:
        raise UserError(f"{name}：没有读到任何文字；若是扫描件请提供清晰的原件")
    digest = hashlib.sha256(data).hexdigest()
    return Document(name, digest, media_type, reading.blocks, reading.title, reading.metadata, reading.issues)


def _reader(media_type: str) -> Callable[[bytes, Limits], Reading]:
    if media_type == "application/zip":
        raise UserError("压缩包里还有压缩包；请解压后再读")
    module = importlib.import_module(f"pipeline.readers.{_READERS[media_type]}")
    reader: Callable[[bytes, Limits], Reading] = module.read
    return reader


def load_file(path: Path, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of a file, or one clear UserError."""
    try:
        if path.is_dir():
            raise UserError(f"{path}：是文件夹，不是文件；读整个文件夹请用 build --sources")
        size = path.stat().st_size
        if size > limits.max_bytes:
            raise UserError(
                f"{path}：文件 {size / 2**20:,.0f} MB，超过上限 {limits.max_bytes / 2**20:,.0f} MB；请拆分或压缩图片后再试"
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(f"{path}：没有这个文件；请核对路径") from error
    except OSError as error:
        raise UserError(f"{path}：打不开（{error.strerror}）；请核对权限") from error


def documents_in(path: Path, shown: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[tuple[str, Document]]:
    """The documents of a file by name: itself, or the members of an archive as `archive.zip/member`."""
    data = load_file(path, limits)
    try:
        is_archive = bool(data) and media_type_of(data) == "application/zip"
    except UserError as error:
        raise UserError(f"{shown}：{error}") from error
    if not is_archive:
        yield shown, read_bytes(data, shown, limits)
        return
    found = False
    try:
        for name, member in members(data, limits):
            found = True
            inside = f"{shown}/{name}"
            yield inside, read_bytes(member, inside, limits)
    except UserError as error:
        raise UserError(str(error) if str(error).startswith(shown) else f"{shown}：{error}") from error
    if not found:
        raise UserError(f"{shown}：压缩包里没有可读的文件")


def read_document(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """The one document in a file; an archive of several is refused."""
    documents = documents_in(path, str(path), limits)
    _, document = next(documents)
    if next(documents, None) is not None:
        raise UserError(f"{path}：压缩包里有多份文件；请用 build 读取，或解压后逐份读取")
    return document


__all__ = ["Issue", "load_file", "media_type_of", "read_bytes", "read_document"]
