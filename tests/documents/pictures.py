"""Pictures of tables, as a scanner gives them."""

import io
from pathlib import Path

from documents import forms
from PIL import Image, ImageDraw, ImageFont

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2  # the face of the collection with mainland shapes


def scanned(
    table: forms.Table,
    *,
    widths: list[int],
    title: str = "",
    turn: float = 0,
    height: int = 56,
    margin: int = 120,
) -> Image.Image:
    """A grey picture of a page: a title line, the ruled table, all turned by some degrees."""
    face = ImageFont.truetype(str(FONT), 27, index=SIMPLIFIED)
    xs = [margin + sum(widths[:number]) for number in range(len(widths) + 1)]
    top = margin + 100
    picture = Image.new("L", (xs[-1] + margin, max(1_600, top + height * len(table) + margin)), 255)
    pen = ImageDraw.Draw(picture)
    pen.text((picture.width / 2, margin), title, 0, ImageFont.truetype(str(FONT), 38, index=SIMPLIFIED), "mm")
    for text, row, column, rows, columns in forms.placed(table):
        box = (xs[column], top + row * height, xs[column + columns], top + (row + rows) * height)
        pen.rectangle(box, outline=0, width=2)
        pen.text(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), text, 20, face, "mm")
    return picture.rotate(turn, Image.Resampling.BICUBIC, fillcolor=255) if turn else picture


def encoded(picture: Image.Image, kind: str) -> bytes:
    """The picture as a file of this kind."""
    target = io.BytesIO()
    picture.save(target, kind)
    return target.getvalue()
