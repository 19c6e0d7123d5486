"""One page of a PDF or of a picture as an image, with its printed characters, drawn in a process of its own.

Drawing reaches further into PDFium and the picture libraries than reading text does, and neither can be interrupted: a
process with limits of memory and time can be ended, and takes no page of the dashboard with it when it fails.
"""

import io
import json
import math
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.model import UserError

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 12.0
BYTES = 3_000_000_000
AT_ONCE = 2
# Pixels a point: a page of A4 is some 950 pixels wide, twice what a column of the screen shows.
SCALE = 1.6
LONGEST_SIDE = 2_200
QUALITY = 82
# A turn of the picture must put clearly more ink into the boxes than none does.
_CLEARLY = 1.15
_TURN = threading.BoundedSemaphore(AT_ONCE)

Box = tuple[float, float, float, float]  # left, top, right, bottom in points from the top left
Character = tuple[str, float, float, float, float]


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as shown: a WebP image, its size in points, the number of pages, its printed characters in lines."""

    image: bytes
    width: float
    height: float
    pages: int
    characters: tuple[Character, ...] = ()


class NotDrawn(Exception):
    """A page that could not be drawn in its time and memory, or not at all."""


def draw(data: bytes, page: int, boxes: Sequence[Box] = (), *, seconds: float = SECONDS) -> PagePicture:
    """A page of the document, counted from 0. `boxes` are those of its texts: they tell how a scan was turned."""
    asked = json.dumps(
        {"page": page, "boxes": [list(box) for box in boxes], "seconds": seconds, "bytes": BYTES}
    )
    if not _TURN.acquire(timeout=seconds):
        raise NotDrawn("busy")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.page_picture"],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "SYSTEMROOT": "C:\\Windows"},
            input=asked.encode() + b"\n" + data,
            capture_output=True,
            timeout=seconds + 3,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotDrawn("time") from error
    finally:
        _TURN.release()
    head, _, image = done.stdout.partition(b"\n")
    try:
        said = json.loads(head)
    except ValueError:
        raise NotDrawn("ended") from None
    if "error" in said:
        raise NotDrawn(str(said["error"]))
    characters = tuple((text, *box) for text, *box in said["characters"])
    return PagePicture(image, said["width"], said["height"], said["pages"], characters)


# ---- in the process ----


def _drawn(data: bytes, page: int, boxes: Sequence[Box]) -> PagePicture:
    from pipeline.readers import media_type_of

    return (
        _of_pdf(data, page, boxes)
        if media_type_of(data) == "application/pdf"
        else _of_scan(data, page, boxes)
    )


def _of_pdf(data: bytes, page: int, boxes: Sequence[Box]) -> PagePicture:
    from PIL import Image

    from pipeline.readers import DEFAULT_LIMITS, pdf

    with pdf.opened(data, DEFAULT_LIMITS) as document:
        pages = len(document)
        sheet = document[min(max(page, 0), pages - 1)]
        width, height = sheet.get_size()
        scale = min(SCALE, LONGEST_SIDE / max(width, height, 1))
        drawn = sheet.render(scale=scale).to_numpy()
        kind, characters = pdf.characters_of(sheet, DEFAULT_LIMITS)
    # PDFium gives blue before red.
    image: Any = drawn[:, :, 2::-1] if drawn.ndim == 3 and drawn.shape[2] >= 3 else drawn.squeeze()
    if kind == "scan":
        image = _as_read(_grey(image), scale, boxes)
        width, height = image.shape[1] / scale, image.shape[0] / scale
    return PagePicture(_webp(Image.fromarray(image)), width, height, pages, tuple(characters))


def _of_scan(data: bytes, page: int, boxes: Sequence[Box]) -> PagePicture:
    from PIL import Image

    from pipeline.readers import DEFAULT_LIMITS, ocr

    frames = list(ocr.frames(data, DEFAULT_LIMITS))
    grey = frames[min(max(page, 0), len(frames) - 1)]
    scale = min(grey.shape) / ocr.PAGE_WIDTH
    grey = _as_read(grey, scale, boxes)
    picture = Image.fromarray(grey)
    width, height = grey.shape[1] / scale, grey.shape[0] / scale
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return PagePicture(_webp(picture), width, height, len(frames))


def _grey(image: Any) -> Any:
    import numpy as np
    from PIL import Image

    return np.asarray(Image.fromarray(image).convert("L"))


def _as_read(grey: Any, scale: float, boxes: Sequence[Box]) -> Any:
    """A scan turned and levelled as it was for recognition: its boxes were measured on that picture."""
    import numpy as np

    from pipeline.readers import ocr

    level = ocr.deskewed(grey)
    if not boxes:
        return level
    best, most = level, _inked(level, scale, boxes) * _CLEARLY
    for quarters in (2, 1, 3):
        turned = ocr.deskewed(np.asarray(np.rot90(level, quarters), dtype=np.uint8, order="C"))
        share = _inked(turned, scale, boxes)
        if share > most:
            best, most = turned, share
    return best


def _inked(grey: Any, scale: float, boxes: Sequence[Box]) -> float:
    """The share of dark points inside the boxes."""
    dark = points = 0
    for left, top, right, bottom in boxes:
        part = grey[round(top * scale) : round(bottom * scale), round(left * scale) : round(right * scale)]
        dark += int((part < 128).sum())
        points += part.size
    return dark / points if points else 0.0


def _webp(picture: Any) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "WEBP", quality=QUALITY, method=4)
    return kept.getvalue()


def _limit(seconds: float, bytes_: int) -> None:
    """What the system holds this process to; Windows has no such limits, there its time alone ends it."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_))
    ends = math.ceil(2 * seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (ends, ends))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read what is asked and the document, draw, end. The process is told everything by its standard input."""
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(head)
    _limit(asked["seconds"], asked["bytes"])
    said: dict[str, Any]
    image = b""
    try:
        drawn = _drawn(data, asked["page"], [tuple(box) for box in asked["boxes"]])
        image = drawn.image
        said = {name: getattr(drawn, name) for name in ("width", "height", "pages", "characters")}
    except (UserError, OSError, ValueError, MemoryError, RuntimeError) as error:
        said = {"error": str(error)}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + image)


if __name__ == "__main__":
    main()
