"""Reports as scans: pages turned into pictures, a little askew and grey. Slow, so made on request only."""

import io
import random
import time

from pipeline.invent.paper_pdf import typeset
from pipeline.invent.shapes import Draft, Paper

_EPOCH = time.gmtime(1577836800)


def scan_paper(draft: Draft, pick: random.Random, kind: str) -> Paper:
    """A scanned PDF, or the pages in one PNG below one another."""
    from PIL import Image

    pages = []
    for data in typeset(draft, radicals=False, repeat=True, kind="png"):
        page = Image.open(io.BytesIO(data)).convert("L")
        page = page.rotate(pick.uniform(-0.5, 0.5), fillcolor=250, resample=Image.Resampling.BICUBIC)
        pages.append(page.point([min(255, 18 + value * 235 // 255) for value in range(256)]))
    buffer = io.BytesIO()
    if kind == "png":
        sheet = Image.new("L", (pages[0].width, sum(page.height for page in pages)), 250)
        top = 0
        for page in pages:
            sheet.paste(page, (0, top))
            top += page.height
        sheet.save(buffer, "PNG", optimize=False)
    else:
        pages[0].save(
            buffer, "PDF", save_all=True, append_images=pages[1:], resolution=150.0, creationDate=_EPOCH,
            modDate=_EPOCH,
        )  # fmt: skip
    return Paper(buffer.getvalue(), kind, (f"scan:{kind}",))
