"""The engines of a shared warehouse, started for tests: PostgreSQL from the system's package, an S3 store in a folder."""

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.environment import postgres_programs

BUCKET = "lakes"
Stored = Callable[[Path], Path]


def through(engines: contextlib.ExitStack, kind: str, folder: Path) -> Stored:
    """Sends a warehouse file through a lake of its own (`lake`: rows in a folder, `s3`: in a store); gives the copy."""
    folder.chmod(0o755)
    address = engines.enter_context(postgres(folder / "postgres"))
    os.environ["PIPELINE_LAKE_DATA"] = f"{folder / 'rows'}/"
    if kind == "s3":
        os.environ.update(engines.enter_context(object_store(folder / "objects")))
    data, count = os.environ["PIPELINE_LAKE_DATA"].rstrip("/"), itertools.count()

    def sent(path: Path) -> Path:
        from pipeline.lake import lake_of, refresh
        from pipeline.publish import publish

        number = next(count)
        os.environ["PIPELINE_LAKE_DATA"] = f"{data}/{number}/"
        lake = lake_of(f"{address}?schema=store{number}")
        publish(path, lake, "one")
        copy = path.parent / "copy" / path.name
        copy.parent.mkdir()
        refresh(lake, copy, 3)
        return copy

    return sent


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A server of our own in `folder`; the address of its database, to which a lake's schema is added.

    PostgreSQL refuses to run as root, so root starts it as the user that the system's package made.
    """
    programs = postgres_programs()
    assert programs is not None, "PostgreSQL is missing: apt-get install postgresql"
    data, port = folder / "data", _free_port()
    data.mkdir(parents=True)
    who: dict[str, str] = {}
    if os.name != "nt" and os.geteuid() == 0:
        who = {"user": "postgres"}
        shutil.chown(data, "postgres")
        for above in [folder, *folder.parents]:
            if not above.stat().st_mode & 0o001:
                above.chmod(above.stat().st_mode | 0o011)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/", **who}
    made = [programs / "initdb", "-D", data, "-U", "lake", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(made, check=True, **quiet)
    settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = subprocess.Popen([programs / "postgres", "-D", data, *options], **quiet)
    try:
        ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        _until(lambda: subprocess.run(ready, check=False).returncode == 0)
        yield f"ducklake:postgres://lake:secret@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # at once; SIGTERM would wait for whoever is still connected
        server.wait(20)


@contextlib.contextmanager
def object_store(folder: Path) -> Iterator[dict[str, str]]:
    """An S3 store whose objects lie in `folder`; the variables by which it is reached."""
    port = _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "localbucket", str(folder), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _until(lambda: _made(f"{address}/{BUCKET}"))
        yield {
            "PIPELINE_LAKE_DATA": f"s3://{BUCKET}/reports",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "hidden",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": address,
        }
    finally:
        server.terminate()
        server.wait(20)


def _made(bucket: str) -> bool:
    try:
        urllib.request.urlopen(urllib.request.Request(bucket, method="PUT"), timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _until(true: object) -> None:
    ends = time.monotonic() + 30
    while not true():  # type: ignore[operator]
        assert time.monotonic() < ends, "a server did not start"
        time.sleep(0.1)
