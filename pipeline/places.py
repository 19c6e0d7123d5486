"""Where things lie on this machine: a variable of the environment, else the place in the project.

What is heavy is imported where it is asked for: every page asks where the warehouse is.
"""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_DATA = ROOT / "data"


def lake() -> str | None:
    """PIPELINE_WAREHOUSE where it is the address of a lake, `ducklake:…`; None where it is a file or not set."""
    named = os.environ.get("PIPELINE_WAREHOUSE", "")
    return named if named.startswith("ducklake:") else None


def warehouse() -> Path:
    """The file that is read: PIPELINE_WAREHOUSE, else data/warehouse.duckdb; of a lake its copy on this machine."""
    address = lake()
    return own() if address is None else lake_copy(address)


def own() -> Path:
    """The file that this machine builds: PIPELINE_WAREHOUSE; where that is a lake, PIPELINE_OWN; else data/warehouse.duckdb."""
    named = os.environ.get("PIPELINE_WAREHOUSE" if lake() is None else "PIPELINE_OWN")
    return Path(named or _DATA / "warehouse.duckdb")


def lake_copy(address: str) -> Path:
    """PIPELINE_LAKE_COPY, else a file of this user's in the folder of temporary files: what pages read of a lake.

    The folder is nobody else's, and that is looked at: another user could have made one of its name before.
    """
    if named := os.environ.get("PIPELINE_LAKE_COPY"):
        return Path(named)
    whose = getattr(os, "getuid", lambda: "")()
    key = hashlib.sha256(address.rsplit("@", 1)[-1].encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"warehouse-{whose}-{key}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if whose != "" and folder.stat().st_uid != whose:
        raise PermissionError(f"{folder}: another user's; set PIPELINE_LAKE_COPY")
    return folder / "warehouse.duckdb"


def lake_data() -> str:
    """PIPELINE_LAKE_DATA: the folder or `s3://bucket/prefix` of a lake's rows. Needed to make one; it remembers."""
    return os.environ.get("PIPELINE_LAKE_DATA", "")


def object_store() -> dict[str, str]:
    """How an S3 store is reached, from the variables that all its clients use; empty where none is set."""
    said = {
        "key_id": os.environ.get("AWS_ACCESS_KEY_ID", ""),
        "secret": os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
        "session_token": os.environ.get("AWS_SESSION_TOKEN", ""),
        "region": os.environ.get("AWS_REGION", ""),
    }
    if endpoint := os.environ.get("AWS_ENDPOINT_URL", ""):
        scheme, _, host = endpoint.rpartition("://")
        said |= {"endpoint": host.rstrip("/"), "url_style": "path", "use_ssl": str(scheme != "http").lower()}
    return {name: value for name, value in said.items() if value}


def writer() -> str:
    """PIPELINE_WRITER: under which name this machine publishes to a lake; empty where it is not set."""
    return os.environ.get("PIPELINE_WRITER", "")


def sources() -> list[Path]:
    """PIPELINE_SOURCES (folders, parted as PATH is), else data/sources and the demonstration. What is new goes to the first."""
    named = [Path(text) for text in os.environ.get("PIPELINE_SOURCES", "").split(os.pathsep) if text]
    if named:
        return named
    from pipeline.demonstration import demonstration

    return [_DATA / "sources", demonstration()]


def corrections() -> Path:
    """PIPELINE_CORRECTIONS, else the catalogue: the folder of corrections.csv."""
    return Path(os.environ.get("PIPELINE_CORRECTIONS") or _DATA / "catalogue")


def intake() -> Path:
    """PIPELINE_INTAKE, else data/intake: the batches and the record of who did what."""
    return Path(os.environ.get("PIPELINE_INTAKE") or _DATA / "intake")


def access() -> Path:
    """PIPELINE_ACCESS, else data/access.csv: the list of who may what."""
    return Path(os.environ.get("PIPELINE_ACCESS") or _DATA / "access.csv")


def editions() -> Path:
    """PIPELINE_EDITIONS, else data/editions: the rankings that were published."""
    return Path(os.environ.get("PIPELINE_EDITIONS") or _DATA / "editions")


def scheduler() -> str | None:
    """PIPELINE_SCHEDULER: the address of the Dask scheduler whose workers read documents; without it this machine does."""
    return os.environ.get("PIPELINE_SCHEDULER") or None


def log() -> str | None:
    """PIPELINE_LOG: `stderr` or a file that gets a line of JSON for each event; nothing is written where it is not set."""
    return os.environ.get("PIPELINE_LOG") or None
