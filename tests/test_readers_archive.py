"""Archives and saved web pages: names, dangers, the part that is the page."""

import io
import stat
import zipfile

import pytest
from documents import forms

from pipeline.model import Grid, UserError
from pipeline.readers import archive, media_type_of, mht
from pipeline.readers.limits import Limits

LIMITS = Limits()


def names(data: bytes) -> list[str]:
    return [name for name, _ in archive.members(data, LIMITS)]


def gbk_zip(name: str) -> bytes:
    """A zip as Windows makes it: the name in GBK without the UTF-8 flag."""
    raw = name.encode("gbk")
    placeholder = "x" * len(raw)
    return forms.zipped({placeholder: b"1"}).replace(placeholder.encode(), raw)


def test_names_are_decoded_as_utf8_or_gbk() -> None:
    assert names(forms.zipped({"白水乡/2021年报.txt": b"1"})) == ["白水乡/2021年报.txt"]
    assert names(gbk_zip("白水乡/2021年报.txt")) == ["白水乡/2021年报.txt"]


def test_folders_and_what_systems_add_are_left_out() -> None:
    files = {"a/": b"", "a/b.docx": b"1", "__MACOSX/a/._b.docx": b"2", "a/.DS_Store": b"3", "Thumbs.db": b"4"}
    assert names(forms.zipped(files)) == ["a/b.docx"]


def test_a_zip_in_a_zip_is_opened_once() -> None:
    deep = forms.zipped({"deep.txt": b"1"})
    data = forms.zipped({"in.zip": forms.zipped({"c.txt": b"1", "deeper.zip": deep}), "d.txt": b"2"})
    assert names(data) == ["in.zip/c.txt", "d.txt"]


def linked() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        info = zipfile.ZipInfo("link.txt")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(info, "/etc/passwd")
    return target.getvalue()


def encrypted() -> bytes:
    data = bytearray(forms.zipped({"a.txt": b"1" * 50}))
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


REFUSED = {
    "path that leaves": (forms.zipped({"../a.txt": b"1"}), "离开"),
    "absolute path": (forms.zipped({"/etc/a.txt": b"1"}), "离开"),
    "link": (linked(), "链接"),
    "encrypted": (encrypted(), "加密"),
    "ratio": (forms.zipped({"a.txt": b"0" * 30_000_000}), "倍"),
    "size": (forms.zipped({f"{n}.txt": b"01" * 900_000 for n in range(90)}), "max_inflated_bytes"),
    "count": (forms.zipped({f"{n}.txt": b"" for n in range(2_100)}), "max_members"),
    "no zip": (b"PK\x03\x04 nothing", "损坏"),
    "empty": (b"", "空"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_dangers_are_refused_before_anything_is_inflated(data: bytes, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        next(archive.members(data, LIMITS))


@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
def test_a_saved_web_page_is_read_in_its_own_charset(charset: str) -> None:
    page = forms.html_page("<h1>年度报告</h1>", forms.html_table(forms.reviews()))
    page = page.replace('<meta charset="utf-8">', "")
    grids = [block for block in mht.read(forms.mht(page, charset), LIMITS).blocks if isinstance(block, Grid)]
    assert forms.shape(grids[0]) == forms.placed(forms.reviews())


@pytest.mark.parametrize(
    "data", [b"", b"From: a\n\ntext", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n"]
)
def test_no_page_is_one_clear_error(data: bytes) -> None:
    with pytest.raises(UserError):
        mht.read(data, LIMITS)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_of_word_files_that_do_not_shrink_is_an_archive(method: int) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as document:
        document.writestr("word/document.xml", "<w/>")
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", method) as packed:
        packed.writestr("一.docx", inner.getvalue())
    assert media_type_of(outer.getvalue()) == "application/zip"
    assert media_type_of(inner.getvalue()).endswith("wordprocessingml.document")
    assert media_type_of(inner.getvalue()[:-30]).endswith("wordprocessingml.document"), "its list is cut off"
