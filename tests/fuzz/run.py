"""Fuzzes every reader for as long as wanted, each file in a process that may die of it.

    python -m tests.fuzz.run --seconds 3600 --seed 1 --keep DIR

Prints how many files were tried and refused, the crashes, the slowest and the peak of memory. Files that
crash a reader, or take longer than five seconds, are kept in DIR. Ends with 1 where there was a crash.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import random
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

from tests.fuzz.mutations import mutated
from tests.fuzz.readers import READERS, Refused, attempt

SLOW_SECONDS = 5.0
HANG_SECONDS = 60.0
"""Of the processor, for one file; a busy machine is no hang."""
STUCK_SECONDS = 1800.0
"""Without a word, whatever it waits for."""
BATCH = 100


def main() -> int:
    """Run until the time is over; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=None)
    args = parser.parse_args()
    tried, refused, crashes = Counter[str](), Counter[str](), list[str]()
    slowest, peak, number = (0.0, ""), 0, 0
    stop = time.monotonic() + args.seconds
    while time.monotonic() < stop:
        name = READERS[number % len(READERS)].name
        seed = f"{args.seed}-{number}"
        number += 1
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(
            target=_batch, args=(name, seed, theirs)
        )
        process.start()
        theirs.close()
        at, data = "", b""
        while True:
            if not ours.poll(STUCK_SECONDS):
                crashes.append(f"{at}: stuck for {STUCK_SECONDS:.0f} s")
                process.kill()
                _keep(args.keep, at, data)
                break
            try:
                kind, *told = ours.recv()
            except EOFError:
                process.join()
                if process.exitcode:
                    _keep(args.keep, at, data)
                if process.exitcode == -signal.SIGVTALRM:
                    crashes.append(f"{at}: more than {HANG_SECONDS:.0f} s")
                elif process.exitcode:
                    crashes.append(f"{at}: the process ended with {process.exitcode}")
                break
            if kind == "begun":
                at, data = told
            elif kind == "peak":
                peak = max(peak, told[0])
            else:
                tried[name] += 1
                refused[name] += kind == "refused"
                slowest = max(slowest, (told[0], at))
                if kind == "crash":
                    crashes.append(f"{at}: {told[1]}")
                if kind == "crash" or told[0] > SLOW_SECONDS:
                    _keep(args.keep, at, data)
        process.join()
    for reader in READERS:
        print(f"{reader.name}: {tried[reader.name]} tried, {refused[reader.name]} refused")  # noqa: T201 - what the command is for
    print(f"{sum(tried.values())} tried, {sum(refused.values())} refused, {len(crashes)} crashes")  # noqa: T201 - what the command is for
    print(f"slowest {slowest[0]:.2f} s ({slowest[1]}), peak of memory {peak / 1024:.0f} MB")  # noqa: T201 - what the command is for
    for crash in crashes:
        print(f"crash: {crash}")  # noqa: T201 - what the command is for
    return 1 if crashes else 0


def _keep(folder: Path | None, at: str, data: bytes) -> None:
    """Put a file aside for whoever looks into it."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / at.replace(" ", "_")).write_bytes(data)


def _batch(name: str, seed: str, told: Connection) -> None:
    warnings.simplefilter("ignore")
    logging.disable()
    reader = next(reader for reader in READERS if reader.name == name)
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as top:
        corpus = reader.corpus(Path(top))
        for n in range(BATCH):
            folder = Path(top) / str(n)
            folder.mkdir()
            data = mutated(chance.choice(corpus), chance, corpus)
            told.send(("begun", f"{name} {seed} {n}", data))
            signal.setitimer(signal.ITIMER_VIRTUAL, HANG_SECONDS)  # ends the process
            begun, kind, why = time.process_time(), "read", ""
            try:
                attempt(reader, data, folder)
            except Refused:
                kind = "refused"
            except BaseException as error:
                kind, why = "crash", f"{type(error).__name__}: {error}"
            told.send((kind, time.process_time() - begun, why))
    told.send(("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


if __name__ == "__main__":
    sys.exit(main())
