"""How much a reader may take before it refuses a document. The loader of the catalogue sets other values."""

import time
from dataclasses import dataclass

from pipeline.model import UserError


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which a reader must have ended."""

    at: float
    seconds: float

    def check(self) -> None:
        """Raise UserError when the time is over."""
        if time.monotonic() > self.at:
            raise UserError(f"读取超过 {self.seconds:g} 秒仍未完成；请拆分文件，或调高 max_seconds")


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one document. A document beyond one of them is refused, never cut in silence."""

    max_bytes: int = 60_000_000
    max_seconds: float = 8.0
    max_cells: int = 200_000
    max_pages: int = 300
    max_image_pages: int = 40
    max_members: int = 2_000
    max_inflated_bytes: int = 120_000_000
    max_paragraph: int = 50_000

    def deadline(self) -> Deadline:
        """The deadline of a reading that begins now."""
        return Deadline(time.monotonic() + self.max_seconds, self.max_seconds)

    def check_size(self, data: bytes) -> None:
        """Raise UserError when the document is empty or larger than `max_bytes`."""
        if not data:
            raise UserError("文件是空的；请重新取得原件")
        if len(data) > self.max_bytes:
            raise UserError(f"文件有 {len(data)} 字节，超过上限 max_bytes {self.max_bytes}；请拆分后再试")

    def check_paragraph(self, text: str) -> None:
        """Raise UserError when a paragraph has more characters than `max_paragraph`: no report is written so."""
        if len(text) > self.max_paragraph:
            raise UserError(
                f"有一段文字长达 {len(text)} 字（“{text[:12]}…”），超过上限 max_paragraph {self.max_paragraph}；"
                "请检查是不是年报，或分段后再试"
            )

    def check_cells(self, count: int) -> None:
        """Raise UserError when a table has more cells than `max_cells`."""
        if count > self.max_cells:
            raise UserError(
                f"表格有 {count} 个单元格，超过上限 max_cells {self.max_cells}；请删去空白部分后再试"
            )
