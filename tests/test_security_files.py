"""Files of an adversary: names that lead astray, archives that swell, pictures without end, documents that reach out."""

import hashlib
import io
import json
import multiprocessing
import os
import resource
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import test_readers_robust as robust
import test_readers_spreadsheet as sheets
from documents import forms
from PIL import Image

from pipeline import backup, intake, warehouse
from pipeline.__main__ import _Terminal
from pipeline.intake import Site
from pipeline.intake.receiving import safe_name
from pipeline.model import UserError
from pipeline.readers import DEFAULT_LIMITS as LIMITS
from pipeline.readers import media_type_of, read_bytes
from pipeline.readers.archive import members, unsafe_name
from pipeline.sources import sources_in

REPORT = "甲镇2023年政府信息公开工作年度报告\n一、总体情况\n2023年，全年主动公开政府信息12条。\n".encode()
CANARY = "只有本机才有的一句话"
ASTRAY = [
    "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "\\\\server\\share\\x.txt", "C:\\x.txt", "c:x.txt", "a/../../x", "...", "..", ".",
    "", " ", "CON", "con.txt", "Lpt1.docx", "nul", "aux.html", "a\0b.txt", "a\nb.txt", "x.txt:stream", ".hidden", "~$x.docx", "a" * 400 + ".txt",
    "年" * 300 + ".docx", "manifest.csv", "a\u202etxt.exe", "\u200b.txt", "COM1", "prn.", "x. ", "?*<>|.txt", "batch.json", "\ud800.txt",
]  # fmt: skip


@pytest.mark.parametrize("name", ASTRAY, ids=[ascii(name)[:40] for name in ASTRAY])
def test_a_name_stays_in_its_folder_on_every_system(name: str, tmp_path: Path) -> None:
    safe = safe_name(name)
    assert safe
    assert Path(safe).name == safe
    assert not set(safe) & set('\\/:*?"<>|\0\n')
    assert safe.split(".")[0].lower() not in ("con", "prn", "aux", "nul", "com1", "lpt1")
    assert not safe.startswith((".", "~$"))
    assert not safe.endswith((" ", "."))
    (tmp_path / safe).write_bytes(b"x")
    assert [entry.name for entry in tmp_path.iterdir()] == [safe]


def test_what_comes_in_never_leaves_its_batch(tmp_path: Path, site: Site) -> None:
    before = listing(tmp_path)
    uploads = [(name, REPORT + str(number).encode()) for number, name in enumerate(ASTRAY)]
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for name in ("甲/报告.txt", "乙/报告.txt"):
            archive.writestr(name, REPORT + name.encode())
    batch, said = intake.receive(intake.begin(site, "某人"), [*uploads, ("甲.zip", inner.getvalue())], "某人")
    assert sum(one.path is not None for one in said) > 20
    new = listing(tmp_path) - before
    inside = str(site.folder.relative_to(tmp_path))
    assert {path for path in new if not path.startswith(inside)} == set()
    assert {path.parent for path in batch.documents.rglob("*") if path.is_file()} == {batch.documents}
    assert not any(name.lower() == "manifest.csv" for name in batch.files)
    assert intake.open_batch(site, batch.batch_id).files == batch.files, "and it can be read again"


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_batch_is_opened_by_a_name_that_is_there_alone(tmp_path: Path) -> None:
    site = Site(tmp_path / "intake", tmp_path, (), tmp_path, tmp_path / "none.duckdb")
    batch = intake.begin(site, "某人")
    (tmp_path / "batch.json").write_text("{}", "utf-8")
    for name in (
        "..",
        "../x",
        ".",
        "/etc",
        "x\0y",
        f"{batch.batch_id}/../..",
        "*",
        "x" * 5000,
        f"{batch.batch_id} ",
    ):
        with pytest.raises(UserError):
            intake.open_batch(site, name)


# --- archives --------------------------------------------------------------------------------------


def many_entries(count: int) -> bytes:
    """A zip whose list names one small file over and over."""
    one = forms.zipped({"a.txt": b"1"})
    start, end = one.find(b"PK\x01\x02"), one.find(b"PK\x05\x06")
    entries = one[start:end] * count
    told = min(count, 65_535)
    return (
        one[:start] + entries + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, told, told, len(entries), start, 0)
    )


def overlapping() -> bytes:
    """A zip of a thousand names for the same megabytes of zeros (as in the bomb of David Fifield)."""
    one = forms.zipped({"a.txt": b"0" * 900_000})
    start, end = one.find(b"PK\x01\x02"), one.find(b"PK\x05\x06")
    entries = b"".join(one[start:end].replace(b"a.txt", b"%05d" % number) for number in range(1_000))
    return (
        one[:start] + entries + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1000, 1000, len(entries), start, 0)
    )


def nested(depth: int) -> bytes:
    data = forms.zipped({"a.txt": b"0" * 900_000})
    for _ in range(depth):
        data = forms.zipped({f"{n}.zip": data for n in range(10)})
    return data


def lying(size: int) -> bytes:
    """A zip that says of a swelling file that it is small."""
    data = bytearray(forms.zipped({"a.txt": b"0" * 50_000_000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(mark)
        data[at + place : at + place + 4] = struct.pack("<L", size)
    return bytes(data)


def linked(target: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, target)
    return out.getvalue()


def named(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), REPORT)
    return out.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "a million entries": lambda: many_entries(1_000_000),
    "thirty thousand entries": lambda: many_entries(30_000),
    "overlapping entries": overlapping,
    "nested": lambda: nested(3),
    "a size that lies": lambda: lying(100),
    "a link": lambda: linked("/etc/passwd"),
    "a device": lambda: named("a.txt", "/dev/zero"),
    "a drive": lambda: named("x/C:/y.txt"),
    "a parent": lambda: named("a/../../x.txt"),
    "a parent, as Windows writes it": lambda: named("a\\..\\..\\x.txt"),
    "a share": lambda: named("\\\\server\\share\\x.txt"),
    "a docx of a million entries": lambda: many_entries(1_000_000).replace(b"a.txt", b"word/", 1),
}


def taken(make: Callable[[], bytes]) -> list[tuple[str, int]]:
    data = make()
    if media_type_of(data) == "application/zip":
        return [(name, len(content)) for name, content in members(data, LIMITS)]
    return [(read_bytes(data, "x").path, 0)]


def measured(make: Callable[[], bytes], answer: "multiprocessing.Queue[tuple[str, float, int]]") -> None:
    """What taking a file apart comes to, in a process of its own: the words, the seconds, the megabytes."""
    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    try:
        said = str(taken(lambda: data))
    except UserError as error:
        said = f"refused: {error}"
    seconds = time.monotonic() - began
    answer.put((said[:300], seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024))


@pytest.mark.skipif(sys.platform == "win32", reason="measures a forked process")
@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
def test_an_archive_made_to_hurt_is_refused_in_little_time_and_memory(make: Callable[[], bytes]) -> None:
    fork = multiprocessing.get_context("fork")
    answer = fork.Queue()
    process = fork.Process(target=measured, args=(make, answer))
    process.start()
    said, seconds, megabytes = answer.get(timeout=60)
    process.join(10)
    assert said.startswith("refused") or said == "[]", said
    assert seconds < 4 and megabytes < 250, (said, seconds, megabytes)


def test_a_member_of_a_zip_is_told_apart_by_its_name_on_every_system() -> None:
    for name in (
        "../x",
        "a/../../x",
        "/x",
        "C:/x",
        "a/C:/x",
        "a\\..\\x",
        "\\\\s\\x",
        "",
        ".",
        "a\\b\\..\\..\\c",
    ):
        assert unsafe_name(name), name
    for name in ("a.txt", "甲/乙.docx", "a..b.txt", "..a/b", "2023：报告.txt"):
        assert not unsafe_name(name), name


# --- what documents reach for ------------------------------------------------------------------------


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(CANARY, "utf-8")
    return path


def reaching(secret: Path) -> dict[str, bytes]:
    """Documents with an entity, a link or a relation to a file of this machine."""
    entity = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>'
    word = f'<w:document xmlns:w="{robust.W}"><w:body><w:p><w:r><w:t>2023年公开&x;12条</w:t></w:r></w:p></w:body></w:document>'
    sheet = forms.unzipped(sheets.xlsx(forms.reviews()))
    content = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>2023&x;</t></is></c></row></sheetData>'
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet["xl/worksheets/sheet1.xml"] = f"{entity}<worksheet {space}>{content}</worksheet>".encode()
    page = f'{entity}<html><body><p>2023年公开&x;12条</p><iframe src="file://{secret}"></iframe><object data="file://{secret}"></object>'
    include = f'<p xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file://{secret}" parse="text"/>2023年</p></body></html>'
    return {
        "docx": forms.zipped({"word/document.xml": f"{entity}{word}".encode()}),
        "xlsx": forms.zipped(sheet),
        "html": f"{page}{include}".encode(),
        "mht": forms.mht(f"{page}{include}"),
    }


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html", "mht"])
def test_a_document_brings_in_no_other_file(kind: str, secret: Path) -> None:
    connections: list[object] = []
    watching = True

    def watch(event: str, given: tuple[object, ...]) -> None:
        if watching and event in ("socket.connect", "socket.getaddrinfo"):
            connections.append(given)

    sys.addaudithook(watch)
    try:
        said = str(read_bytes(reaching(secret)[kind], kind))
    except UserError as error:
        said = str(error)
    watching = False
    assert CANARY not in said
    assert connections == []


def png(side: int) -> bytes:
    """A picture of a very large side, small as a file."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">2L5B", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(bytes(100)))
        + part(b"IEND", b"")
    )


def animated(frames: int) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new("1", (8, 8), number % 2) for number in range(frames)]
    pictures[0].save(out, "TIFF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


TEXT = b"BT /F1 9 Tf 50 70 Td (hello world 2023) Tj ET"
ABSURD: dict[str, Callable[[], bytes]] = {
    "a picture of 2.5 thousand million points": lambda: png(50_000),
    "a picture of 144 million points": lambda: png(12_000),
    "a picture of 400 pages": lambda: animated(400),
    "a page of 14 million points a side": lambda: robust.raw_pdf(TEXT, media="0 0 14400000 14400000"),
    "a page as thin as a hair": lambda: robust.raw_pdf(TEXT, media="0 0 1 14400000"),
    "a page beyond numbers": lambda: robust.raw_pdf(TEXT, media="0 0 1e308 1e308"),
    "a page inside out": lambda: robust.raw_pdf(TEXT, media="500 500 -500 -500"),
    "ten thousand pages": lambda: robust.raw_pdf(TEXT, pages=10_000),
}


@pytest.mark.parametrize("make", ABSURD.values(), ids=ABSURD)
def test_pictures_and_pages_without_measure_are_bounded(make: Callable[[], bytes]) -> None:
    from pipeline import page_picture

    data = make()
    robust.ends_well(lambda data, limits: read_bytes(data, "x", limits), data)
    began = time.monotonic()
    try:
        drawn = page_picture.draw(data, 0)
        assert len(drawn.image) < 8_000_000
    except page_picture.NotDrawn:
        pass
    assert time.monotonic() - began < 10


# --- the watched folder ------------------------------------------------------------------------------


def test_a_link_in_a_watched_folder_leads_nowhere(tmp_path: Path, site: Site, secret: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "report.txt").write_bytes(REPORT)
    (inbox / "link.txt").symlink_to(secret)
    (inbox / "etc").symlink_to("/etc")
    (inbox / "loop").symlink_to(inbox)
    (inbox / "gone.txt").symlink_to(tmp_path / "nothing")
    os.mkfifo(inbox / "pipe.txt")
    assert [source.path for source in sources_in(inbox)] == ["report.txt"]
    taken = intake.take(site, inbox, "某人", publishing=False)
    assert taken.batch is not None and list(taken.batch.files) == ["report.txt"]
    assert not any(CANARY in path.read_text("utf-8", "replace") for path in taken.batch.folder.rglob("*.txt"))


def test_what_is_dropped_there_stops_neither_a_build_nor_the_watch(tmp_path: Path, site: Site) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "report.txt").write_bytes(REPORT)
    with (inbox / "endless.txt").open("wb") as file:
        file.truncate(1 << 40)
    Path(os.fsdecode(os.fsencode(inbox) + b"/\xff\xfe.txt")).write_bytes(REPORT + b"2")
    (inbox / "a\nb\x1b[31mred.txt").write_bytes(REPORT + b"3")
    deep, start = inbox / "deep", Path.cwd()
    deep.mkdir()
    os.chdir(deep)
    try:
        # Beyond the longest path that the system takes; pytest can still take it away.
        for _ in range(30):
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
        Path("lost.txt").write_bytes(REPORT + b"4")
    finally:
        os.chdir(start)
    built = warehouse.build([inbox], tmp_path / "built.duckdb", corrections=[])
    told = "\n".join(built.refused)
    assert "endless.txt" in told and "\ufffd" in told and "deep/ddd" in told
    assert built.counts["report"] == 2
    taken = intake.take(site, inbox, "某人", publishing=False)
    assert taken.batch is not None and len(taken.batch.files) == 2
    assert len(taken.refused) == 3


def test_names_and_words_cannot_command_a_terminal() -> None:
    shown = io.BytesIO()
    terminal = _Terminal(shown, "utf-8", "backslashreplace", newline="")
    terminal.write("未读：\x1b]0;标题\x07\x1b[31ma\x9b2J\x08\udcff\t乙\n")
    terminal.flush()
    assert shown.getvalue().decode() == "未读：\ufffd]0;标题\ufffd\ufffd[31ma\ufffd2J\ufffd\\udcff\t乙\n"


# --- backups -----------------------------------------------------------------------------------------


@pytest.fixture
def parts(tmp_path: Path) -> list[backup.Part]:
    place = tmp_path / "restored"
    return [backup.Part("sources", place / "sources"), backup.Part("access.csv", place / "access.csv")]


def packed(path: Path, files: dict[str, bytes], listed: str | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        archive.writestr(backup.LIST, json.dumps(hashes) if listed is None else listed)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "sources/../../x", "/etc/x", "C:/x", "sources/C:/x", "sources/a\\..\\..\\..\\x", "\\\\server\\x", "sources/./../../x", "other/x", "../x",
        "sources\\..\\x", "access.csv/../../x",
    ],
)  # fmt: skip
def test_a_backup_writes_nowhere_but_in_its_places(
    name: str, tmp_path: Path, parts: list[backup.Part]
) -> None:
    archive = packed(tmp_path / "b.zip", {"sources/good.txt": b"1", name: b"2"})
    before = listing(tmp_path)
    with pytest.raises(UserError):
        backup.restore(archive, parts)
    assert listing(tmp_path) == before, "nothing of it is written, not even what is good"


@pytest.mark.parametrize(
    "listed", ["[1, 2]", "5", "null", '"x"', "[" * 100_000, '{"sources/good.txt": 5}', '{"sources/gone.txt": "x"}', "", "\ufeff", '{"": ""}']
)  # fmt: skip
def test_a_backup_whose_list_is_none_is_refused(
    listed: str, tmp_path: Path, parts: list[backup.Part]
) -> None:
    archive = packed(tmp_path / "b.zip", {"sources/good.txt": b"1"}, listed)
    with pytest.raises(UserError):
        backup.restore(archive, parts)
    assert not (tmp_path / "restored").exists()


def test_a_backup_that_would_fill_the_disk_is_refused_before(
    tmp_path: Path, parts: list[backup.Part]
) -> None:
    archive = packed(tmp_path / "b.zip", {"sources/a.txt": b"0" * 1000})
    data = bytearray(archive.read_bytes())
    at = data.find(b"PK\x01\x02")
    extra = struct.pack("<HHQ", 1, 8, 1 << 60)  # the size in a field of its own, as of files beyond 4 GB
    name_size = struct.unpack("<H", data[at + 28 : at + 30])[0]
    data[at + 24 : at + 28] = b"\xff" * 4
    data[at + 30 : at + 32] = struct.pack("<H", len(extra))
    data[at + 46 + name_size : at + 46 + name_size] = extra
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack(
        "<L", struct.unpack("<L", data[end + 12 : end + 16])[0] + len(extra)
    )
    archive.write_bytes(data)
    began = time.monotonic()
    with pytest.raises(UserError, match="放不下"):
        backup.restore(archive, parts)
    assert time.monotonic() - began < 2 and not (tmp_path / "restored").exists()


def test_a_link_is_neither_packed_nor_made(tmp_path: Path, parts: list[backup.Part], secret: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"1")
    (folder / "link.txt").symlink_to(secret)
    assert backup.backup([backup.Part("sources", folder)], tmp_path / "b.zip") == 1
    archive, info = tmp_path / "c.zip", zipfile.ZipInfo("sources/a.txt")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(info, b"/etc/passwd")
        made.writestr(backup.LIST, json.dumps({info.filename: hashlib.sha256(b"/etc/passwd").hexdigest()}))
    assert backup.restore(archive, parts) == 1
    assert not (tmp_path / "restored" / "sources" / "a.txt").is_symlink()


@pytest.fixture(autouse=True)
def no_picture_warnings(recwarn: pytest.WarningsRecorder) -> Iterator[None]:
    yield
    recwarn.clear()
