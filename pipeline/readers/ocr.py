"""Pictures of documents: text recognised by RapidOCR (its models are in its wheel), cells by the lines seen.

Every text from here carries the confidence of its recognition, and every document one issue that says so.
The engine is imported when the first picture comes; nothing is ever downloaded.
"""

import importlib.util
import io
import struct
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.issues import issue
from pipeline.model import Block, Issue, Reading, UserError
from pipeline.readers.lattice import Line, RuledTable, lines_to_tables, table_at
from pipeline.readers.limits import Limits
from pipeline.readers.pages import PageInk, find_title, pages_to_blocks
from pipeline.readers.textlines import Run

Image = NDArray[np.uint8]

_UNREADABLE = "**"  # as reports print a masked figure: something stands there, no figure can be told
_MODELS = ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx")
_MISSING = "识别图片需要 rapidocr 和 onnxruntime；请先安装（pip install rapidocr onnxruntime），或提供文字版"
PAGE_WIDTH = 595.0  # points: a picture alone is taken for a page of this width
_LONGEST_SIDE = 3_000
_MOST_PIXELS = 50_000_000  # A4 at 600 dots an inch has 35 million
_SHARP = 1_500  # pixels: a shorter side than this is enlarged, or small figures are overlooked
_TRUSTED = 0.85
_READ_SIDE = 1_600
_SURE = frozenset("02345678 9")  # figures that no slash is taken for
_STROKES = frozenset("一丿ノ、／")


def read(data: bytes, limits: Limits) -> Reading:
    """Blocks of a picture (png, jpg, tiff, bmp, gif, webp), one page for each frame."""
    limits.check_size(data)
    pages: list[PageInk] = []
    issues: list[Issue] = [issue("ocr")]
    for image in frames(data, limits):
        unit = PAGE_WIDTH / min(image.shape[:2])
        ink, found, _ = read_ink(image, unit, limits, page=len(pages))
        pages.append(ink)
        issues += found
    blocks: list[Block]
    blocks, more = pages_to_blocks(pages)
    if not blocks:
        raise UserError("图片里没有认出文字；请提供更清晰的扫描件或文字版")
    return Reading(tuple(blocks), find_title(pages), (), (*issues, *more))


def read_ink(
    image: Image, unit: float, limits: Limits, *, page: int = 0
) -> tuple[PageInk, list[Issue], float]:
    """Lines, cells and texts of a page picture, what could not be read, and the seconds it took.

    `unit` is the size of a pixel in points.
    """
    began = time.monotonic()
    engine = _engine()
    grey = _grey(image)
    larger = min(_SHARP / min(grey.shape), 2.5)
    if larger > 1.2:
        grey, unit = _resized(grey, larger), unit / larger
    grey, texts = _upright(deskewed(grey), engine)
    horizontals, verticals, plain = _find_lines(grey)
    tables = sorted(lines_to_tables(_scaled(horizontals, unit), _scaled(verticals, unit)), key=_area)
    limits.check_cells(sum(len(table.cells) for table in tables))
    seen = list(_placed_texts(texts, plain, unit, tables, engine))
    issues: list[Issue] = []
    for table_number, cell_number, run in _forgotten(seen, plain, unit, tables, engine):
        run.cell = (table_number, cell_number)
        seen.append(run)
        if run.text == _UNREADABLE:
            issues.append(issue("unreadable_cell", run.text, page=page + 1))
    height, width = grey.shape
    return PageInk(width * unit, height * unit, tables, seen), issues, time.monotonic() - began


def _scaled(lines: list[Line], unit: float) -> list[Line]:
    return [(position * unit, start * unit, end * unit) for position, start, end in lines]


def _area(table: RuledTable) -> float:
    return (table.xs[-1] - table.xs[0]) * (table.ys[-1] - table.ys[0])


# ---- pictures ----


def frames(data: bytes, limits: Limits) -> Iterator[Image]:
    """The frames of a picture as grey arrays, the largest side held to what recognition can use."""
    from PIL import Image as Pictures
    from PIL import ImageOps, ImageSequence

    damage = (OSError, ValueError, SyntaxError, TypeError, IndexError, KeyError, EOFError, OverflowError, struct.error,
              ZeroDivisionError, AttributeError, NotImplementedError, RuntimeError, Pictures.DecompressionBombError)  # fmt: skip
    try:
        with Pictures.open(io.BytesIO(data)) as picture:
            for number, frame in enumerate(ImageSequence.Iterator(picture)):
                if number >= limits.max_image_pages:
                    raise UserError(f"图片超过 {limits.max_image_pages} 页（max_image_pages）；请拆分后再试")
                if frame.width * frame.height > _MOST_PIXELS:
                    raise UserError(f"图片有 {frame.width}×{frame.height} 像素，过大；请缩小后再试")
                frame.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
                upright = ImageOps.exif_transpose(frame)
                flat = (
                    _on_white(upright) if upright.mode in ("RGBA", "LA", "P", "PA") else upright.convert("L")
                )
                if max(flat.size) > _LONGEST_SIDE:
                    flat.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
                if min(flat.size) < 16:
                    raise UserError("图片太小，认不出文字；请提供更清晰的扫描件")
                yield np.asarray(flat, dtype=np.uint8)
    except damage as error:
        raise UserError("图片已损坏或格式不支持；请重新扫描为 PNG 或 JPG") from error


def _on_white(picture: Any) -> Any:
    """A picture with transparency as it looks on paper."""
    from PIL import Image as Pictures

    clear = picture.convert("RGBA")
    paper = Pictures.new("RGBA", clear.size, "white")
    paper.alpha_composite(clear)
    return paper.convert("L")


def _grey(image: Image) -> Image:
    if image.ndim == 2:
        return image
    return np.asarray(image[:, :, :3].astype(np.uint16).mean(axis=2), dtype=np.uint8)


def _resized(grey: Image, factor: float) -> Image:
    import cv2

    return np.asarray(
        cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), dtype=np.uint8
    )


def _dark(grey: Image) -> Image:
    """1 where there is ink, by the darkness around it: photographs are not evenly lit."""
    import cv2

    found = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, 15)
    return np.asarray(found, dtype=np.uint8)


def deskewed(grey: Image) -> Image:
    """The picture turned so that its long lines lie level; as it is where they do or where there are none."""
    import cv2

    width = grey.shape[1]
    found = cv2.HoughLinesP(_dark(grey) * 255, 1, np.pi / 1800, 200, minLineLength=width // 5, maxLineGap=6)
    if found is None:
        return grey
    lines = found.reshape(-1, 4)
    angles = np.degrees(np.arctan2(lines[:, 3] - lines[:, 1], lines[:, 2] - lines[:, 0]))
    level = angles[np.abs(angles) < 8]
    angle = float(np.median(level)) if len(level) else 0.0
    if abs(angle) < 0.08:
        return grey
    height = grey.shape[0]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    return np.asarray(turned, dtype=np.uint8)


def _find_lines(grey: Image) -> tuple[list[Line], list[Line], Image]:
    """Horizontal and vertical ruling lines in pixels (long thin runs of ink), and the picture without them."""
    import cv2

    ink = _dark(grey)
    plain = grey.copy()
    reach = max(24, min(grey.shape) // 45)
    lines: tuple[list[Line], list[Line]] = ([], [])
    for axis, kernel in enumerate(((2 * reach, 1), (1, reach))):
        shape = cv2.getStructuringElement(cv2.MORPH_RECT, kernel)
        long = cv2.morphologyEx(ink, cv2.MORPH_OPEN, shape)
        _, _, stats, _ = cv2.connectedComponentsWithStats(long, connectivity=8)
        for left, top, width, height, _ in stats[1:]:
            along, across = (width, height) if axis == 0 else (height, width)
            if across > max(10, along // 8):
                continue
            plain[max(0, top - 3) : top + height + 3, max(0, left - 3) : left + width + 3] = 255
            middle, start = (top + height / 2, left) if axis == 0 else (left + width / 2, top)
            lines[axis].append((float(middle), float(start), float(start + along)))
    return *lines, plain


# ---- recognition ----


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The recogniser; a UserError where it or its models are not installed (it would fetch them)."""
    if importlib.util.find_spec("rapidocr") is None or importlib.util.find_spec("onnxruntime") is None:
        raise UserError(_MISSING)
    import rapidocr

    folder = Path(str(rapidocr.__file__)).parent / "models"
    lost = [name for name in _MODELS if not (folder / name).is_file()]
    if lost:
        raise UserError(f"rapidocr 缺少模型文件 {lost[0]}；请重新安装 rapidocr")
    return rapidocr.RapidOCR(params={"Global.log_level": "critical", "Global.text_score": 0.3})


Seen = tuple[str, float, float, float, float, float]  # text, left, top, right, bottom, confidence


def _recognise(engine: Any, grey: Image) -> list[Seen]:
    """The texts on a picture with their boxes in pixels.

    Detection reads best near 1,600 pixels a side, and takes memory by the area: hence half a page at a time.
    """
    factor = min(1.0, _READ_SIDE / max(grey.shape))
    small = _resized(grey, factor) if factor < 1 else grey
    seen: list[Seen] = []
    for start, band in _bands(small):
        result = engine(np.repeat(band[:, :, None], 3, axis=2), use_det=True, use_cls=False, use_rec=True)
        if result.boxes is None or result.txts is None:
            continue
        for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
            if text.strip():
                (left, top), (right, bottom) = box.min(axis=0) / factor, box.max(axis=0) / factor
                down = start / factor
                seen.append(
                    (text, float(left), float(top + down), float(right), float(bottom + down), float(score))
                )
    return seen


def _bands(grey: Image) -> list[tuple[int, Image]]:
    """A tall page cut in two where no text is near its middle; else the page as it is."""
    height, width = grey.shape
    if height < 1.2 * width or height < 1_000:
        return [(0, grey)]
    _, _, plain = _find_lines(grey)
    low, high = int(0.4 * height), int(0.6 * height)
    inked = np.asarray(np.min(plain[low:high], axis=1) < 160)
    blank = np.flatnonzero(~(inked[:-4] | inked[1:-3] | inked[2:-2] | inked[3:-1] | inked[4:]))
    if not len(blank):
        return [(0, grey)]
    cut = low + 2 + int(blank[np.argmin(np.abs(blank - len(inked) // 2))])
    return [(0, grey[:cut]), (cut, grey[cut:])]


def _recognise_piece(engine: Any, piece: Image) -> tuple[str, float]:
    """The text on a small piece that is known to hold one line."""
    if min(piece.shape) < 4:
        return "", 0.0
    padded = np.pad(piece, 8, constant_values=255)
    result = engine(np.repeat(padded[:, :, None], 3, axis=2), use_det=False, use_cls=False, use_rec=True)
    texts = result.txts or ()
    return ("".join(texts).strip(), float(min(result.scores))) if texts else ("", 0.0)


def _upright(grey: Image, engine: Any) -> tuple[Image, list[Seen]]:
    """The picture with its text running from left to right, and that text.

    Recognition judges: what it reads with doubt is read again upside down, or from both sides.
    """
    best: tuple[float, Image, list[Seen]] = (-1.0, grey, [])
    for quarters in (1, 3, 0, 2) if _reads_sideways(grey) else (0, 2):
        turned = (
            deskewed(np.asarray(np.rot90(grey, quarters), dtype=np.uint8, order="C")) if quarters else grey
        )
        texts = _recognise(engine, turned)
        trust = _trust(texts)
        if trust > best[0]:
            best = (trust, turned, texts)
        if trust > _TRUSTED or (not texts and quarters == 0):
            break
    return best[1], best[2]


def _trust(texts: list[Seen]) -> float:
    """The mean confidence of the characters of the longer texts; short ones look alike upside down."""
    long = [seen for seen in texts if len(seen[0]) > 2] or texts
    size = sum(len(seen[0]) for seen in long)
    return sum(seen[5] * len(seen[0]) for seen in long) / size if size else 0.0


def _reads_sideways(grey: Image) -> bool:
    """Whether ink clings together in columns rather than in lines, once ruling lines are taken away."""
    import cv2

    ink = _dark(grey)
    reach = max(24, min(grey.shape) // 45)
    for kernel in ((2 * reach, 1), (1, 2 * reach)):
        ruled = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
        ink = np.asarray(ink - ruled, dtype=np.uint8)
    smear = max(9, min(grey.shape) // 110)
    counts = []
    for kernel in ((smear, 1), (1, smear)):
        closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
        _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
        sides = (2, 3) if kernel[1] == 1 else (3, 2)
        long = stats[1:][stats[1:, sides[0]] > 4 * stats[1:, sides[1]]]
        counts.append(int(long[:, sides[0]].sum()))
    return counts[1] > 1.5 * counts[0] and counts[1] > max(grey.shape)


# ---- texts in cells ----


def _placed_texts(
    texts: Iterable[Seen], grey: Image, unit: float, tables: list[RuledTable], engine: Any
) -> Iterator[Run]:
    """Runs in their cells; a text that lies over several cells is read again, cell by cell."""
    for text, left, top, right, bottom, score in texts:
        box = (left * unit, top * unit, right * unit, bottom * unit)
        middle = (box[1] + box[3]) / 2
        cell = table_at(tables, (box[0] + box[2]) / 2, middle)
        pieces = _columns_under(tables, cell, box) if cell is not None else []
        if len(pieces) < 2:
            shown = _or_slash(text, _crop(grey, (left, top, right, bottom)))
            yield Run(shown, *box, cell, score)
            continue
        for start, end in pieces:
            part = _trimmed(grey, (max(left, start / unit + 3), top, min(right, end / unit - 3), bottom))
            if part is None:
                continue
            again, confidence = _read_part(engine, grey, part)
            own = (part[0] * unit, part[1] * unit, part[2] * unit, part[3] * unit)
            if again:
                yield Run(again, *own, table_at(tables, (own[0] + own[2]) / 2, middle), confidence)


Pixels = tuple[float, float, float, float]


def _columns_under(
    tables: list[RuledTable], cell: tuple[int, int] | None, box: Pixels
) -> list[tuple[float, float]]:
    """The extents of the cells that a box lies over by more than a sliver."""
    if cell is None:
        return []
    table = tables[cell[0]]
    middle = (box[1] + box[3]) / 2
    sliver = 0.3 * (box[3] - box[1])
    extents = dict.fromkeys(
        (ruled.box[0], ruled.box[2])
        for ruled in table.cells
        if ruled.box[1] <= middle < ruled.box[3]
        and min(box[2], ruled.box[2]) - max(box[0], ruled.box[0]) > sliver
    )
    return list(extents)


def _forgotten(
    runs: list[Run], grey: Image, unit: float, tables: list[RuledTable], engine: Any
) -> Iterator[tuple[int, int, Run]]:
    """Cells with ink in them but without a text: read one by one, or marked as unreadable."""
    filled = {run.cell for run in runs}
    for number, table in enumerate(tables):
        for index, ruled in enumerate(table.cells):
            if (number, index) in filled or _holds_table(tables, number, ruled.box):
                continue
            left, top, right, bottom = (value / unit for value in ruled.box)
            part = _trimmed(grey, (left + 5, top + 5, right - 5, bottom - 5))
            if part is None:
                continue
            text, confidence = _read_part(engine, grey, part)
            box = (part[0] * unit, part[1] * unit, part[2] * unit, part[3] * unit)
            yield number, index, Run(text or _UNREADABLE, *box, None, confidence)


def _holds_table(tables: list[RuledTable], number: int, box: Pixels) -> bool:
    return any(
        box[0] <= inner.xs[0] and inner.xs[-1] <= box[2] and box[1] <= inner.ys[0] and inner.ys[-1] <= box[3]
        for other, inner in enumerate(tables)
        if other != number
    )


def _read_part(engine: Any, grey: Image, part: Pixels) -> tuple[str, float]:
    piece = _crop(grey, part)
    text, confidence = _recognise_piece(engine, piece)
    return _or_slash(text, piece), confidence


def _crop(grey: Image, part: Pixels) -> Image:
    left, top, right, bottom = (max(0, round(value)) for value in part)
    return grey[top:bottom, left:right]


def _trimmed(grey: Image, part: Pixels) -> Pixels | None:
    """The part cut to its ink; None where there is no more than specks."""
    piece = _crop(grey, part)
    if piece.size == 0:
        return None
    dark = piece < 140
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if dark.sum() < 14 or len(rows) < 5:
        return None
    left, top = max(0, round(part[0])), max(0, round(part[1]))
    return (
        float(left + columns[0] - 2), float(top + rows[0] - 2), float(left + columns[-1] + 3), float(top + rows[-1] + 3)
    )  # fmt: skip


def _or_slash(text: str, piece: Image) -> str:
    """The text, or a slash where the piece shows one: recognition takes it for a 1 and is sure of it."""
    doubtful = text in _STROKES or (text.isascii() and text not in _SURE and len(text) < 4)
    return "/" if doubtful and _is_slash(piece) else text


def _is_slash(piece: Image) -> bool:
    """Whether a piece holds one stroke and this leans like a slash."""
    import cv2

    if piece.size == 0:
        return False
    _, dark = cv2.threshold(piece, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    if count < 2:
        return False
    tall = 1 + int(np.argmax(stats[1:, 3]))
    # the edge of a box may hold a bit of ruling line, hence not all of the ink
    if stats[tall, 4] < 0.7 * stats[1:, 4].sum():
        return False
    stroke = labels == tall
    rows = np.flatnonzero(stroke.any(axis=1))
    if len(rows) < 8:
        return False
    middles = np.array([np.flatnonzero(stroke[row]).mean() for row in rows])
    slope, start = np.polyfit(rows, middles, 1)
    strays = np.abs(middles - (slope * rows + start)).mean()
    return bool(slope < -0.2 and strays < 0.05 * len(rows) + 0.5)
