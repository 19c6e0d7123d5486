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
            raise UserError(
                f"reading takes longer than {self.seconds:g} s; split the document or raise max_seconds"
            )


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one document. A document beyond one of them is refused, never cut in silence."""

    max_bytes: int = 60_000_000
    max_seconds: float = 8.0
    max_cells: int = 200_000
    max_pages: int = 300
    max_members: int = 2_000
    max_inflated_bytes: int = 120_000_000

    def deadline(self) -> Deadline:
        """The deadline of a reading that begins now."""
        return Deadline(time.monotonic() + self.max_seconds, self.max_seconds)

    def check_size(self, data: bytes) -> None:
        """Raise UserError when the document is empty or larger than `max_bytes`."""
        if not data:
            raise UserError("the file is empty; ask for it again")
        if len(data) > self.max_bytes:
            raise UserError(f"the file has {len(data)} bytes, more than max_bytes {self.max_bytes}")

    def check_cells(self, count: int) -> None:
        """Raise UserError when a table has more cells than `max_cells`."""
        if count > self.max_cells:
            raise UserError(f"a table has {count} cells, more than max_cells {self.max_cells}")
