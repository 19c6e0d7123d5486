"""Originals: found again by their hash, made harmless, and every figure of every kind of place marked where it is printed."""

import hashlib
import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from documents import pdfs, pictures
from lxml import html as browser
from PIL import Image

from pipeline import alignment, harmless, page_picture
from pipeline.database import open_to_read
from pipeline.model import Grid, Paragraph, Place
from pipeline.on_lines import spans_in_lines
from pipeline.on_page import Printed, boxes_of
from pipeline.originals import Lost, original
from pipeline.readers import DEFAULT_LIMITS as LIMITS
from pipeline.readers import read_bytes
from tests.originals import HOSTILE

Row = dict[str, Any]


class TestFinding:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "reports" / "2023").mkdir(parents=True)
        (tmp_path / "reports" / "2023" / "a.txt").write_bytes(b"one")
        (tmp_path / "secret.txt").write_bytes(b"secret")
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("里/c.txt", "three")
        with zipfile.ZipFile(tmp_path / "reports" / "b.zip", "w") as archive:
            archive.writestr("d/b.txt", "two")
            archive.writestr("more.zip", inner.getvalue())
        return tmp_path

    def read(self, folder: Path, file: str, path: str, content: str) -> bytes:
        return original(file, path, hashlib.sha256(content.encode()).hexdigest(), root=folder)

    @pytest.mark.parametrize(
        ("file", "path", "content"),
        [
            ("reports/2023/a.txt", "2023/a.txt", "one"),
            ("reports/b.zip", "b.zip/d/b.txt", "two"),
            ("reports/b.zip", "b.zip/more.zip/里/c.txt", "three"),
        ],
    )
    def test_a_file_and_a_member_of_an_archive_are_found(
        self, file: str, path: str, content: str, folder: Path
    ) -> None:
        assert self.read(folder, file, path, content) == content.encode()
        assert self.read(folder, f"{folder}/{file}", path, content) == content.encode()

    @pytest.mark.parametrize(
        ("file", "path", "content", "code"),
        [
            ("reports/2023/a.txt", "2023/a.txt", "another", "changed"),
            ("reports/b.zip", "b.zip/d/gone.txt", "two", "changed"),
            ("reports/2023/a.txt", "2023/a.txt/inside", "one", "changed"),
            ("reports/2023/gone.txt", "2023/gone.txt", "one", "gone"),
            ("nowhere/a.txt", "a.txt", "one", "gone"),
            ("reports/2023", "2023", "one", "gone"),
            ("reports/../secret.txt", "../secret.txt", "secret", "outside"),
            ("reports/2023/../../secret.txt", "secret.txt", "secret", "outside"),
            ("reports/link.txt", "link.txt", "secret", "outside"),
            ("reports/loop.txt", "loop.txt", "secret", "unreadable"),
            ("reports/2023/a.txt", "b.txt", "one", "unknown"),
            ("", "", "one", "unknown"),
            ("secret.txt", "secret.txt", "secret", "unknown"),
            ("reports/a\0.txt", "a\0.txt", "one", "unreadable"),
        ],
    )
    def test_what_is_not_what_was_read_is_not_given(
        self, file: str, path: str, content: str, code: str, folder: Path
    ) -> None:
        (folder / "reports" / "link.txt").symlink_to(folder / "secret.txt")
        (folder / "reports" / "loop.txt").symlink_to(folder / "reports" / "loop.txt")
        with pytest.raises(Lost) as lost:
            self.read(folder, file, path, content)
        assert lost.value.code == code

    def test_a_file_beyond_the_limit_is_not_read(self, folder: Path) -> None:
        from pipeline.readers.limits import Limits

        with pytest.raises(Lost, match="unreadable"):
            original("reports/2023/a.txt", "2023/a.txt", "", root=folder, limits=Limits(max_bytes=2))


class TestHarmless:
    def test_nothing_of_a_hostile_page_can_run_fetch_or_send(self) -> None:
        page = harmless.page(HOSTILE, "text/html", [], LIMITS)
        assert_harmless(page)
        for word in ("501条", "甲", "盖住", "红", "一", "章"):
            assert word in page
        assert "color:red" in page, "what only looks stays"

    @pytest.mark.parametrize(
        "page",
        [
            "<svg><style><img src=x onerror=parent.ran=1></style></svg>",
            "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=parent.ran=1&gt;'>",
            "<noscript><p title='</noscript><img src=x onerror=parent.ran=1>'></noscript>",
            "<style></style><img src=x onerror=parent.ran=1></style>",
            "<p style='x:</style><script>parent.ran=1</script>'>a</p>",
            "<style>p{color:red}</style ><style>a{b:'</style><script>parent.ran=1</script>'}</style>",
            "<xmp><script>parent.ran=1</script></xmp><plaintext><script>parent.ran=1</script>",
            "<frameset onload=parent.ran=1><frame src=http://outside.invalid></frameset>",
            "<select><template><img src=x onerror=parent.ran=1></template></select><title><img src=x></title>",
            "<a href='&#106;avascript:parent.ran=1' xlink:href='x'>a</a><o:p onclick='x'>b</o:p><custom-a onx=1>c</custom-a>",
            "<body onload=parent.ran=1 class='a\"><script>parent.ran=1</script>'>a",
            "<img src='data:image/png;base64,AA==\"onerror=\"parent.ran=1'><img src='data:text/html,<script>'>",
            "<html xmlns='x\"><script>parent.ran=1</script>'><p>a",
            "<p id='b0' class='figure' style='font-family:\"</style><script>\"'>a</p>",
        ],
    )
    def test_pages_made_to_slip_through_do_not(self, page: str) -> None:
        assert_harmless(harmless.page(page.encode(), "text/html", [], LIMITS))

    def test_a_saved_page_keeps_its_own_pictures_and_no_others(self) -> None:
        saved = (
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            b"<html><body><p>2023</p><img src='cid:seal'><img src='http://a.invalid/b.gif'><img src='http://a.invalid/c.gif'></body></html>\r\n"
            b"--x\r\nContent-Type: image/gif\r\nContent-ID: <seal>\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlhAQAB\r\n"
            b"--x\r\nContent-Type: image/gif\r\nContent-Location: http://a.invalid/b.gif\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlhAgAC\r\n"
            b"--x\r\nContent-Type: image/svg+xml\r\nContent-Location: http://a.invalid/c.gif\r\n\r\n<svg onload='x'/>\r\n--x--\r\n"
        )
        page = harmless.page(saved, "multipart/related", [], LIMITS)
        assert_harmless(page)
        assert len(re.findall(r'src="data:image/gif;base64,R0lGODlh', page)) == 2

    def test_overlapping_figures_each_have_a_name(self) -> None:
        places = [Place(0, start=0, end=6), Place(0, start=2, end=4), Place(0, start=8, end=9)]
        page = harmless.page("<p>一二<b>三</b>四五六七八九</p>".encode(), "text/html", places, LIMITS)
        tree = browser.fromstring(page)
        assert {mark.get("id") for mark in tree.iter("mark") if mark.get("id")} == set(map(str, places))
        assert tree.find(".//p").text_content() == "一二三四五六七八九"


def assert_harmless(page: str) -> None:
    """Told by the text itself and by another parser than the one that made it."""
    head, _, _ = page.partition("</head>")
    assert head.index("Content-Security-Policy") < head.index("<style")
    assert page.count("<meta") == 3
    tree = browser.fromstring(page)
    for element in tree.iter():
        assert isinstance(element.tag, str), "no comment"
        in_head = any(parent.tag == "head" for parent in element.iterancestors())
        assert in_head or element.tag in harmless._KEPT | {"head"}, element.tag
        for name, value in element.attrib.items():
            allowed = {*harmless._ATTRIBUTES, "style", "id", "src"} | (
                {"http-equiv", "content", "charset", "name"} if in_head else set()
            )
            assert name in allowed, (element.tag, name)
            assert name != "src" or harmless._PICTURE.fullmatch(value)
    styles = "".join(element.text or "" for element in tree.iter("style")) + "".join(tree.xpath("//@style"))
    assert not re.search(
        r"url|@|\\|image-set|expression|behavior|position|</",
        styles,
        re.IGNORECASE,
    )
    assert "outside.invalid" not in page
    assert not re.search(r"<(script|svg|iframe|form|link|base|object|embed)\b", page, re.IGNORECASE)


def rows_of(warehouse: Path, query: str, *values: object) -> list[Row]:
    with open_to_read(warehouse) as connection:
        found = connection.execute(query, list(values))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def reports(warehouse: Path, *media_types: str) -> Iterator[tuple[bytes, list[tuple[Place, str]], Row]]:
    """The bytes of each report's original, and the places of its figures with the text that was read there."""
    query = "select report_id, file, path, sha256, media_type from report where list_contains($1, media_type) order by report_id"
    for report in rows_of(warehouse, query, list(media_types)):
        data = original(report["file"], report["path"], report["sha256"])
        blocks = read_bytes(data, report["path"]).blocks
        facts = rows_of(
            warehouse, "select distinct locator from fact where report_id = ?", report["report_id"]
        )
        places = [place for fact in facts if (place := Place.parse(fact["locator"]))]
        assert len(places) == len(facts)
        yield data, [(place, text_at(blocks[place.block], place)) for place in places], report


def text_at(block: Any, place: Place) -> str:
    if isinstance(block, Paragraph):
        text = block.text
    else:
        assert isinstance(block, Grid)
        text = next(cell.text for cell in block.cells if (cell.row, cell.column) == (place.row, place.column))
    return text if place.start is None else text[place.start : place.end]


def plain(text: str) -> str:
    return "".join(text.split())


def test_every_figure_of_a_web_page_is_marked_at_its_place(documented: Path) -> None:
    kinds = set()
    for data, places, report in itertools.islice(reports(documented, "text/html", "multipart/related"), 14):
        page = harmless.page(data, report["media_type"], [place for place, _ in places], LIMITS)
        tree = browser.fromstring(page)
        named = {element.get("id"): element for element in tree.iter() if element.get("id")}
        for place, text in places:
            shown = plain(named[str(place)].text_content())
            assert shown == plain(text) or (
                place.start is not None and plain(text).startswith(shown) and shown
            )
            kinds.add((place.row is None, place.start is None))
    assert len(kinds) >= 2, "cells and stretches of sentences"


def test_every_figure_of_a_text_is_marked_in_its_line(documented: Path) -> None:
    found = 0
    for data, places, _ in itertools.islice(reports(documented, "text/plain"), 10):
        lines, spans = spans_in_lines(data, [place for place, _ in places])
        shown = {
            place: lines[number - 1][start:end]
            for number, each in spans.items()
            for start, end, place in each
        }
        for place, text in places:
            if plain(text):
                assert plain(shown[place]).replace("**", "") == plain(text).replace("**", "")
                found += 1
    assert found > 200


def test_the_box_of_every_figure_of_a_pdf_holds_its_digits_and_no_others_of_its_line(
    documented: Path,
) -> None:
    found = 0
    for data, places, report in itertools.islice(reports(documented, "application/pdf"), 3):
        query = "select block, cell_row, cell_column, text, page, box_left, box_top, box_right, box_bottom from passage where report_id = ?"
        printed = {
            (row["block"], row["cell_row"], row["cell_column"]): Printed(
                row["text"],
                row["page"],
                None
                if row["box_left"] is None
                else tuple(row[f"box_{side}"] for side in ("left", "top", "right", "bottom")),  # type: ignore[arg-type]
            )
            for row in rows_of(documented, query, report["report_id"])
        }
        drawn = [page_picture.draw(data, number) for number in range(page_picture.draw(data, 0).pages)]
        document = pypdfium2.PdfDocument(data)
        for place, text in places:
            if not plain(text):
                continue
            where = [
                (number, box)
                for number, picture in enumerate(drawn)
                for box in boxes_of(
                    place, printed[place.block, place.row, place.column], number, picture.characters
                )
            ]
            assert where, (place, text)
            words = "".join(words_in(document, number, box) for number, box in where)
            assert words == plain(text) if place.start is not None else plain(text) in words
            assert all(ink_in(drawn[number], box) > 0 for number, box in where)
            found += 1
    assert found > 100


def words_in(document: pypdfium2.PdfDocument, page: int, box: page_picture.Box) -> str:
    sheet = document[page]
    height = sheet.get_height()
    text = sheet.get_textpage()
    inside = []
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        x, y = (left + right) / 2, height - (bottom + top) / 2
        if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
            inside.append(text.get_text_range(index, 1))
    return plain("".join(inside))


def ink_in(picture: page_picture.PagePicture, box: page_picture.Box) -> int:
    """How many dark points of the drawn page lie in a box."""
    image = Image.open(io.BytesIO(picture.image)).convert("L")
    scale = image.width / picture.width
    part = image.crop(tuple(round(side * scale) for side in box))  # type: ignore[arg-type]
    return int((np.asarray(part) < 140).sum())


class TestPicture:
    TABLE = [[("一", 1, 1), ("二", 1, 1)], [("三", 1, 1), ("", 1, 1)], [("四", 1, 1), ("", 1, 1)]]  # noqa: RUF012

    def scan(self, turn: float = 0) -> bytes:
        picture = pictures.scanned(
            self.TABLE, widths=[400, 500], title="白水乡年度报告", turn=turn, margin=90
        )
        return pictures.encoded(picture, "PNG")

    def test_a_scan_is_shown_as_it_was_read_even_upside_down(self) -> None:
        straight = page_picture.draw(self.scan(), 0)
        # the boxes of the texts, measured on the upright picture
        image = np.asarray(Image.open(io.BytesIO(straight.image)).convert("L"))
        scale = image.shape[1] / straight.width
        rows, columns = np.nonzero(image[: round(130 * image.shape[1] / 1080)] < 128)
        title = tuple(side / scale for side in (columns.min(), rows.min(), columns.max(), rows.max()))
        turned = page_picture.draw(self.scan(180), 0, [title])  # type: ignore[list-item]
        assert ink_in(turned, title) > 0.7 * ink_in(straight, title)  # type: ignore[arg-type]

    def test_a_page_beyond_the_last_is_the_last(self) -> None:
        data = pdfs.drawn(
            lambda canvas: canvas.drawString(60, 700, "1"), lambda canvas: canvas.drawString(60, 700, "2")
        )
        last = page_picture.draw(data, 9)
        assert (last.pages, [each[0] for each in last.characters]) == (2, ["2"])

    @pytest.mark.parametrize("data", [b"%PDF-1.4 nothing", b"\x89PNG nothing", b"plain"])
    def test_what_cannot_be_drawn_is_one_clear_error(self, data: bytes) -> None:
        with pytest.raises(page_picture.NotDrawn):
            page_picture.draw(data, 0)

    def test_a_page_that_takes_too_long_is_given_up(self) -> None:
        with pytest.raises(page_picture.NotDrawn):
            page_picture.draw(self.scan(), 0, seconds=-2.9)


class TestAlignment:
    def test_what_a_reader_took_away_is_passed_over(self) -> None:
        places = alignment.aligned("## 公开 **501** 条", "公开 501 条")
        assert places is not None
        start, end = alignment.between(places, 3, 6)
        assert "## 公开 **501** 条"[start:end] == "501"

    def test_texts_that_differ_are_not_aligned(self) -> None:
        assert alignment.aligned("五百", "501") is None

    def test_stretches_name_all_spans_over_them(self) -> None:
        assert list(alignment.stretches([(0, 6, "a"), (2, 4, "b"), (8, 9, "c"), (3, 3, "d")])) == [
            (0, 2, ("a",)), (2, 4, ("a", "b")), (4, 6, ("a",)), (8, 9, ("c",)),
        ]  # fmt: skip
