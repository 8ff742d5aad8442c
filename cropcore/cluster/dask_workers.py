"""Workers of dask.distributed, each with a loaded engine; checks that they are as the client is."""

from __future__ import annotations

import hashlib
import logging
import queue
import re
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from distributed import WorkerPlugin

from cropcore import __version__
from cropcore.batch.engine_groups import BatchEngine
from cropcore.cluster.photo_work import PhotoDone, PhotoWork, Work, WorkOrder
from cropcore.cluster.targets import JOBS
from cropcore.cluster.workers import Finished, Tasks, told
from cropcore.errors import ClusterError, CropsightError, OptionError
from cropcore.files.package_data import weights_folder
from cropcore.messages import NOTHING, Message
from cropcore.process import keep_freed_memory

if TYPE_CHECKING:
    from distributed import Client, Future, Worker

CONNECT_SECONDS = 10.0
JOIN_SECONDS = 30.0
"""How long the first worker is waited for."""

LOST_SECONDS = 300.0
"""How long a batch waits for a worker when all are gone."""

STOP_SECONDS = 60.0
"""How long photos that are begun are waited for when a batch is stopped."""

_LOOK_SECONDS = 1.0
_EACH = 2
_LOCAL = re.compile(r"local:(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Facts:
    """What must be the same everywhere, so that all crops are made alike."""

    version: str
    weights: str

    @classmethod
    def here(cls) -> Facts:
        """Of this process: the version, and a digest of all records of weights.

        A record holds the SHA-256 of its weights file, which is checked when it is loaded.
        """
        digest = hashlib.sha256()
        for record in sorted(weights_folder().glob("*.json")):
            digest.update(record.name.encode() + record.read_bytes())
        return cls(__version__, digest.hexdigest())

    def differs(self, other: Facts) -> Message:
        """In what the other differs from this, the client's; empty where it is the same."""
        if other.version != self.version:
            return Message(
                "it has Cropsight {found}, and the client {wanted}. Install the same on all machines.",
                found=other.version,
                wanted=self.version,
            )
        if other.weights != self.weights:
            return Message(
                "it has other weights than the client. Install the same on all machines."
            )
        return NOTHING


class BatchPlugin(WorkerPlugin):
    """Loads the engine on each worker of a batch, those that join later included.

    ``load`` gives the work, and is sent to the workers. A worker that differs from the client, or where
    the engine cannot be loaded, has no work but a ``refusal``.
    """

    def __init__(self, facts: Facts, out: Path | str, load: Callable[[], Work], own: bool) -> None:
        """``own`` workers are processes of the client, which ends them when it is interrupted."""
        self._facts, self._out, self._load, self._own = facts, out, load, own
        self._mark = ""
        self.work: Work | None = None
        self.refusal = ""
        self.stopped = False

    def marked(self, mark: str) -> BatchPlugin:
        """With the name of a file that lies hidden in the out folder, and that workers must see there."""
        self._mark = mark
        return self

    def setup(self, worker: Worker) -> None:
        """Called by dask on the worker.

        Raises:
            CropsightError: the worker cannot take part.
        """
        if self._own:
            with suppress(ValueError):  # in a thread, as some tests have it
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._check()
            self.work = self._load()
        except Exception as error:
            reason = error.message if isinstance(error, CropsightError) else told(error)
            refused = ClusterError(
                "Worker {worker}: {reason}", worker=worker.address, reason=reason
            )
            self.refusal = str(refused)
            raise refused from error

    def _check(self) -> None:
        if differs := self._facts.differs(Facts.here()):
            raise ClusterError("{reason}", reason=differs)
        if (
            self._mark
            and isinstance(self._out, Path)
            and not (self._out / JOBS / self._mark).is_file()
        ):
            raise ClusterError(
                "{folder} is not the folder that the client sees. Give a folder that all machines share "
                "under one path, or an s3:// address.",
                folder=self._out,
            )


class DaskWorkers:
    """Hands groups to the workers of a scheduler."""

    def __init__(self, client: Client, plugin: str, lost_seconds: float = LOST_SECONDS) -> None:
        """``plugin`` is the name of the batch's plugin on the workers."""
        self._client, self._plugin, self._lost_seconds = client, plugin, lost_seconds
        self._finished: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._tasks: dict[Any, Tasks] = {}
        self._futures: dict[Any, Future] = {}  # a group is done as long as its future is held
        self._count = 0
        self._threads, self._asked = 0, 0.0
        self._seen = monotonic()

    def room(self) -> int:
        """Two groups for each thread of a worker: one in work, one behind it."""
        if not self._threads or monotonic() - self._asked > _LOOK_SECONDS:
            self._look()
        return _EACH * max(1, self._threads)

    def submit(self, tasks: Tasks, only: str | None = None) -> None:
        """Have a group done, by any worker or by ``only`` the one at an address."""
        self._count += 1
        key = f"{self._plugin}-{self._count}"
        future = self._client.submit(
            _do, self._plugin, tasks, key=key, pure=False, workers=only and [only]
        )
        self._tasks[key], self._futures[key] = tasks, future
        future.add_done_callback(self._finished.put)

    def wait(self) -> list[Finished]:
        """Wait for groups, and see meanwhile that there are workers."""
        while True:
            with suppress(queue.Empty):
                return self._results(self._finished.get(timeout=_LOOK_SECONDS))
            self._look()
            if monotonic() - self._seen > self._lost_seconds:
                raise ClusterError(
                    "For {seconds} seconds the cluster has had no worker. Start one, and go on with "
                    "--resume.",
                    seconds=round(self._lost_seconds),
                )

    def stop(self) -> list[Finished]:
        """Tell the workers to stop, and wait for the photos that they are at."""
        known: list[Finished] = []
        with suppress(Exception):  # whatever is wrong with the cluster, it is given up
            self._client.run(_stop, self._plugin, on_error="ignore")
            latest = monotonic() + STOP_SECONDS
            while self._tasks and monotonic() < latest and self._client.nthreads():
                with suppress(queue.Empty):
                    known += self._results(self._finished.get(timeout=_LOOK_SECONDS))
        return known

    def _look(self) -> None:
        """See how many threads there are."""
        try:
            if self._client.status != "running":
                raise ClusterError(_gone(self._client))
            self._threads = sum(self._client.nthreads().values())
        except (OSError, TimeoutError) as error:
            raise ClusterError(_gone(self._client)) from error
        self._asked = monotonic()
        if self._threads:
            self._seen = self._asked

    def _results(self, first: Future) -> list[Finished]:
        """What became of a group that is finished, and of all others that are."""
        futures = [first]
        with suppress(queue.Empty):
            while True:
                futures.append(self._finished.get_nowait())
        good = [future for future in futures if future.status == "finished"]
        results: dict[Any, Any] = {}
        with suppress(Exception):  # of those that are lost each is asked alone
            found = self._client.gather(good, errors="raise")
            results = {f.key: result for f, result in zip(good, found, strict=True)}
        return [self._result(future, results.get(future.key)) for future in futures]

    def _result(self, future: Future, result: Any) -> Finished:
        from distributed.scheduler import KilledWorker

        tasks = self._tasks.pop(future.key)
        self._futures.pop(future.key)
        try:
            if result is None:
                result = future.result(timeout=self._lost_seconds)
        except KilledWorker:
            return Finished(tasks, trouble="died")
        except TimeoutError:
            return Finished(tasks, trouble="died")
        except Exception as error:
            if future.cancelled() or self._client.status != "running":
                raise ClusterError(_gone(self._client)) from error
            return Finished(tasks, trouble="failed", reason=told(error))
        if isinstance(result, _Refused):
            with suppress(Exception):  # it may be gone already
                self._client.retire_workers([result.worker], close_workers=True)
            return Finished(tasks, trouble="refused", reason=result.reason)
        return Finished(tasks, tuple(result))


@dataclass(frozen=True, slots=True)
class _Refused:
    worker: str
    reason: str


def _facts() -> Facts:
    """On a worker: what it has."""
    return Facts.here()


def _do(plugin: str, tasks: Tasks) -> list[PhotoDone] | _Refused:
    """On a worker: do a group."""
    from distributed import get_worker

    worker = get_worker()
    ours: Any = worker.plugins.get(plugin)
    if ours is None or ours.work is None:
        reason = ours.refusal if ours else f"Worker {worker.address} has no engine of this batch."
        return _Refused(worker.address, reason)
    found: list[PhotoDone] = ours.work.do(tasks, lambda: ours.stopped)
    return found


def _stop(plugin: str, dask_worker: Worker) -> None:
    """On a worker: begin no further photo."""
    ours: Any = dask_worker.plugins.get(plugin)
    if ours is not None:
        ours.stopped = True


def _gone(client: Client) -> Message:
    return Message(
        "The scheduler at {address} is gone. Start it, and go on with --resume.",
        address=_address(client),
    )


def _address(client: Client) -> str:
    return str(getattr(client.scheduler, "address", "its address"))


@contextmanager
def connected(cluster: str) -> Iterator[Client]:
    """A client of the scheduler at an address, or of ``local:N``, a cluster of N processes here.

    Raises:
        OptionError: it is neither.
        ClusterError: the scheduler does not answer, or no worker joins.
    """
    import dask
    from distributed import LocalCluster

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told by the batch
    local = _LOCAL.fullmatch(cluster)
    if local is None:
        with _client(cluster, cluster) as client:
            yield client
        return
    if not int(local[1]):
        raise OptionError(
            "--cluster {choice}: takes at least one process, as in local:2.", choice=cluster
        )
    settings = {
        "distributed.scheduler.allowed-failures": 0,  # the batch itself tries again
        "distributed.worker.daemon": True,
        # So long after a worker's death dask looks whether it is back, and ends it for good if it is
        # being started again at that moment.
        "distributed.deploy.lost-worker-timeout": "1000 days",
    }
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=int(local[1]),
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=0,  # as in a batch without a cluster
            silence_logs=logging.CRITICAL,
        ) as own,
        _client(own, cluster) as client,
    ):
        yield client


@contextmanager
def _client(where: Any, cluster: str) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(where, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(
            "--cluster {choice}: no scheduler answers there ({reason}). Start one with: dask scheduler; "
            "or give local:N for N processes on this machine.",
            choice=cluster,
            reason=told(error),
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=JOIN_SECONDS)
        except TimeoutError as error:
            raise ClusterError(
                "--cluster {choice}: the scheduler has no workers. Start some with: dask worker {address}",
                choice=cluster,
                address=_address(client),
            ) from error
        yield client


@dataclass(frozen=True, slots=True)
class WorkLoader:
    """Loads the work of a worker with its engine on a device; is sent to each."""

    order: WorkOrder
    device: str = "auto"

    def __call__(self) -> PhotoWork:
        """The work.

        Raises:
            CropsightError: the engine cannot be loaded, has no such method as the preset asks for, or
                the target cannot be used.
        """
        keep_freed_memory()  # dask's nanny has told the C library to give back every bit of it
        preset = self.order.preset
        engine = self.engine()
        methods = getattr(engine, "methods", ())
        if not preset.is_known(methods):
            raise OptionError(
                "The preset {file} asks for the method {method}: choose default, {choices}.",
                file=preset.name,
                method=preset.method,
                choices=", ".join(methods),
            )
        return PhotoWork(self.order, engine)

    def engine(self) -> BatchEngine:
        """The engine that the worker holds."""
        # Imported here because torch takes seconds, and only workers need it.
        from cropcore.engine.engine import CropEngine

        return CropEngine.load(self.device)


@contextmanager
def prepared(
    client: Client, order: WorkOrder, load: Callable[[], Work], own: bool
) -> Iterator[DaskWorkers]:
    """Workers that are as the client is, each with an engine; those that join later are checked too.

    ``load`` gives the work of a worker, and is sent to them; ``own`` as in :class:`BatchPlugin`.

    Raises:
        ClusterError: a worker differs in version, weights or what it sees, or cannot load the engine.
    """
    here = Facts.here()
    for address, facts in client.run(_facts, on_error="return").items():
        if isinstance(facts, Exception):
            raise ClusterError(
                "Worker {worker}: it has no Cropsight ({reason}). Install it there: pip install "
                "'cropsight[cluster]'",
                worker=address,
                reason=told(facts),
            )
        if differs := here.differs(facts):
            raise ClusterError("Worker {worker}: {reason}", worker=address, reason=differs)
    name = f"cropsight-{secrets.token_hex(4)}"
    plugin = BatchPlugin(here, order.out, load, own)
    mark = order.out / JOBS / name if isinstance(order.out, Path) else None
    try:
        if mark is not None:
            mark.parent.mkdir(exist_ok=True)
            mark.touch()
            plugin = plugin.marked(name)
        try:
            client.register_plugin(plugin, name=name)
        except ClusterError:
            raise
        except Exception as error:
            raise ClusterError(
                "A worker cannot take part ({reason}). Install there: pip install 'cropsight[cluster]'",
                reason=told(error),
            ) from error
        yield DaskWorkers(client, name)
    finally:
        with suppress(Exception):  # the batch is over, and the cluster may be gone
            client.unregister_worker_plugin(name)
        if mark is not None:
            mark.unlink(missing_ok=True)
