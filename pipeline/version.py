"""The version of catalogue and reader: what decides how documents are read."""

import hashlib
from functools import lru_cache
from pathlib import Path

from pipeline.catalogue import Catalogue

_ROOT = Path(__file__).resolve().parent.parent
_READS_WITH = ("pipeline/*.py", "pipeline/readers/*.py", "queries/schema.sql", "queries/marts/*.sql",
               "queries/checks/*.sql", "queries/build/*.sql", "queries/console/*.sql", "requirements.txt")  # fmt: skip


@lru_cache(maxsize=1)
def _code_digest() -> str:
    """A hash of everything of ours that decides what a document is read as."""
    digest = hashlib.sha256()
    for pattern in _READS_WITH:
        for file in sorted(_ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def version_of(catalogue: Catalogue) -> str:
    """16 hexadecimal digits. Of another version, a build reads everything again and a worker reads nothing."""
    bodies = repr([*catalogue.bodies.values(), *catalogue.population])
    return hashlib.sha256(f"{_code_digest()}{catalogue.digest}{bodies}".encode()).hexdigest()[:16]


def program_of(catalogue: Catalogue) -> str:
    """The version of catalogue and code alone, whatever bodies a machine's folders declare: the same on all that share."""
    return hashlib.sha256(f"{_code_digest()}{catalogue.digest}".encode()).hexdigest()[:16]
