"""Reading on other machines: what is asked and what is answered lie in a folder that all share, Dask tells who reads.

Dask, because it does what is needed and no more: it hands a task to whoever is free, and hands it out again when the
worker is lost. A task is one document; its answer is one file, put there by one rename, so a task done twice leaves one
answer, and the answers are taken in the order of the documents. A document that has ended two workers is not given to a
third: each leaves a mark before it begins.
"""

import pickle
import shutil
import socket
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pipeline.catalogue import Catalogue, default_catalogue
from pipeline.corrections import Correction, Key
from pipeline.model import UserError
from pipeline.reading import Read, read
from pipeline.sources import Source
from pipeline.version import version_of

try:
    from distributed import Client, Future
except ImportError as missing:
    raise UserError("用 Dask 分头读取要先装 distributed：pip install -r requirements-many.txt") from missing

_FOLDER = ".fanout"
_WINDOW = 400
_ATTEMPTS = 2
_DEADLY = "读它的工作进程一再中断（可能内存不足）；请在内存更大的机器上单独读"
_JOIN_SECONDS = 30

Corrections = Mapping[Key, Sequence[Correction]]


class Astray(Exception):
    """A worker cannot do what is asked: it lacks the documents, or reads by another version."""


def read_all(
    sources: Sequence[Source],
    catalogue: Catalogue,
    corrections: Corrections,
    scheduler: str,
    shared: Path,
) -> Iterator[list[Read]]:
    """The documents of each source in order, read by the workers of the scheduler at an address.

    UserError where none of them can be reached, lacks the documents, or is of another version.
    """
    shutil.rmtree(shared / _FOLDER, ignore_errors=True)  # of a build that was killed
    folder = (shared / _FOLDER / uuid.uuid4().hex).resolve()
    folder.mkdir(parents=True)
    try:
        setup = (dict(catalogue.bodies), catalogue.population, corrections, version_of(catalogue))
        (folder / "setup").write_bytes(pickle.dumps(setup))
        with _connected(scheduler) as client:
            for at in range(0, len(sources), _WINDOW):
                yield from _window(client, scheduler, folder, sources[at : at + _WINDOW])
    except Astray as error:
        raise UserError(f"{scheduler}：{error}") from error
    finally:
        shutil.rmtree(shared / _FOLDER, ignore_errors=True)


def _connected(scheduler: str) -> Client:
    try:
        client = Client(scheduler, timeout=_JOIN_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise UserError(
            f"{scheduler}：连不上 Dask 调度进程；请核对地址，或去掉 --scheduler 在本机读"
        ) from error
    _await_workers(client, scheduler)
    return client


def _await_workers(client: Client, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_JOIN_SECONDS)
    except TimeoutError as error:
        raise UserError(f"{scheduler}：调度进程下没有工作进程；请先启动，见 docs/scaling.md") from error


def _window(client: Client, scheduler: str, folder: Path, sources: Sequence[Source]) -> Iterator[list[Read]]:
    tasks = [_asked(client, folder, source) for source in sources]
    for task, future in tasks:
        yield _answer(client, scheduler, folder, task, future)


def _asked(client: Client, folder: Path, source: Source) -> tuple[str, Future[None]]:
    task = uuid.uuid4().hex
    asked = source._replace(folder=source.folder.resolve())
    (folder / f"{task}.asked").write_bytes(pickle.dumps(asked))
    return task, client.submit(read_task, str(folder), task, key=task, pure=False)


def _answer(client: Client, scheduler: str, folder: Path, task: str, future: Future[None]) -> list[Read]:
    """The answer of a task, when it is there."""
    try:
        while not _done(future):
            _await_workers(client, scheduler)
        future.result()
    except ImportError as error:
        raise Astray(
            f"工作机上没有本程序（{error}）；请在程序所在的文件夹里、用它的环境启动工作进程"
        ) from error
    answer = folder / f"{task}.answer"
    reads: list[Read] = pickle.loads(answer.read_bytes())  # noqa: S301  our own: none but ours may write there
    for file in folder.glob(f"{task}.*"):
        file.unlink()
    return reads


def _done(future: Future[None]) -> bool:
    """Whether a task has ended, after some time of waiting for it."""
    try:
        future.result(timeout=_JOIN_SECONDS)
    except TimeoutError:
        return future.status != "pending"
    return True


# --- what a worker does --------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _setup(folder: Path) -> tuple[Catalogue, Corrections]:
    bodies, population, corrections, version = pickle.loads((folder / "setup").read_bytes())  # noqa: S301  as above
    catalogue = replace(default_catalogue(), bodies=bodies, population=population)
    if version_of(catalogue) != version:
        raise Astray(f"工作机 {socket.gethostname()} 的程序或目录与本机不是同一版本；请更新后重启它")
    return catalogue, corrections


def read_task(name: str, task: str) -> None:
    """Read the document of a task and put the answer beside it. Astray where this machine cannot."""
    folder = Path(name)
    if not folder.is_dir():
        raise Astray(f"工作机 {socket.gethostname()} 上没有 {folder}；数据库所在的文件夹要放在各机共享处")
    catalogue, corrections = _setup(folder)
    source: Source = pickle.loads((folder / f"{task}.asked").read_bytes())  # noqa: S301  as above
    if not source.file.exists():
        raise Astray(f"工作机 {socket.gethostname()} 上没有 {source.file}；报告要放在各机共享处")
    if len(list(folder.glob(f"{task}.begun-*"))) < _ATTEMPTS:
        (folder / f"{task}.begun-{uuid.uuid4().hex}").touch()
        reads = _read(source, catalogue, corrections)
    else:
        reads = [Read(source, source.path, None, f"{source.path}：{_DEADLY}")]
    aside = folder / f"{task}.{uuid.uuid4().hex}"
    aside.write_bytes(pickle.dumps(reads))
    aside.replace(folder / f"{task}.answer")


def _read(source: Source, catalogue: Catalogue, corrections: Corrections) -> list[Read]:
    try:
        return read(source, catalogue, corrections)
    except Exception as error:  # noqa: BLE001  said, and raised where the build is
        # Only a sentence goes home: an error of great depth cannot be pickled, and Dask then waits for it for ever.
        raise Astray(f"读 {source.path} 时程序出错（{error!r:.200}）") from None
