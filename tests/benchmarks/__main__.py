"""Speed of reading, as ratios in one run: `python tests/benchmarks` (development environment, no timing asserts).

Extraction of a document (read, labels, prose, findings) against the least that any reader must do with the
same bytes: lxml's parse of a page, of a docx's XML, pypdfium2's characters and boxes of a text PDF.

Beside it: `python tests/benchmarks/growth.py`, what one more report costs a large warehouse;
`python tests/benchmarks/dashboard.py`, how fast the pages are beside a bare Streamlit page;
`python tests/benchmarks/load.py`, fifty readers for ten minutes while builds are published: is every answer right?
`python tests/benchmarks/scale.py`, what pages and queries cost from a county to the whole country.
"""

import argparse
import io
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from lxml import etree  # noqa: E402

from pipeline.catalogue import Catalogue, default_catalogue  # noqa: E402
from pipeline.extract import extract_document  # noqa: E402
from pipeline.invent import invent_corpus  # noqa: E402
from pipeline.readers import read_bytes  # noqa: E402
from pipeline.sources import bodies_of  # noqa: E402
from pipeline.warehouse import build  # noqa: E402

ROUNDS = 5
Work = Callable[[bytes], object]


def parse_page(data: bytes) -> object:
    return etree.fromstring(data, etree.HTMLParser(encoding="utf-8"))


def parse_docx(data: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read("word/document.xml"))


def read_glyphs(data: bytes) -> object:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    glyphs = []
    for page in document:
        text = page.get_textpage()
        count = text.count_chars()
        glyphs.append((text.get_text_range(), [text.get_charbox(at) for at in range(count)]))
    return glyphs


FLOORS: dict[str, tuple[tuple[str, ...], Work, float]] = {
    "html": ((".html", ".htm", ".shtml"), parse_page, 3),
    "docx": ((".docx",), parse_docx, 3),
    "pdf": ((".pdf",), read_glyphs, 2),
}


def best_of(work: Work, documents: Sequence[bytes]) -> float:
    """Seconds for all documents, the best of some rounds after one that warms up."""
    times = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        for data in documents:
            work(data)
        times.append(time.perf_counter() - started)
    return min(times[1:])


def compare(folder: Path, catalogue: Catalogue) -> None:
    print(f"{'format':8}{'docs':>6}{'KB':>8}{'floor ms':>11}{'read ×':>9}{'all ×':>8}{'wanted':>9}")
    for name, (suffixes, floor, wanted) in FLOORS.items():
        files = [p for p in sorted(folder.rglob("*")) if p.suffix in suffixes and int(p.parent.name) >= 2019]
        documents = [path.read_bytes() for path in files[:40]]
        least = best_of(floor, documents)
        read = best_of(lambda data: read_bytes(data, "x"), documents)
        whole = best_of(lambda data: extract_document(read_bytes(data, "x"), catalogue), documents)
        size = sum(map(len, documents)) / len(documents) / 1024
        each = 1000 * least / len(documents)
        print(
            f"{name:8}{len(documents):6}{size:8.1f}{each:11.2f}{read / least:9.1f}{whole / least:8.1f}{wanted:9.0f}"
        )


def batch(folder: Path, aside: Path) -> None:
    started = time.perf_counter()
    built = build([folder], aside / "warehouse.duckdb", workers=2)
    seconds = time.perf_counter() - started
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        f"\nbuild: {built.counts['report']:,} reports, {built.counts['fact']:,} facts in {seconds:.1f} s on two workers"
        f" ({built.counts['report'] / seconds:.0f} a second), largest process {peak / 1024:.0f} MB"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("bodies", type=int, nargs="?", default=24, help="how many bodies are invented")
    bodies = options.parse_args().bodies
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "corpus"
        invent_corpus(bodies, range(2014, 2026), 7, folder)
        catalogue = default_catalogue()
        compare(folder, replace(catalogue, bodies=bodies_of([folder], catalogue)))
        batch(folder, Path(name))


if __name__ == "__main__":
    main()
