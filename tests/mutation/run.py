"""Changes modules of the engine in one place each, and tells which changes no test notices.

    python -m tests.mutation.run --seconds 2400 --seed 1
    python -m tests.mutation.run --only cropcore/geometry/windows.py

Nothing on the disk is changed: each mutant is loaded instead of its module in a process that runs the tests
of that module until one fails. Without ``--only`` mutants of all modules are drawn by the seed until the
time is over. Ends with 1 where a mutant survived that ``survivors.json`` does not explain.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import random
import resource
import sys
import tempfile
import time
import types
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2  # noqa: F401 - loaded once for all processes that are forked off, as are the next
import hypothesis  # noqa: F401
import numpy  # noqa: F401
import PIL.Image  # noqa: F401
import pytest
import tifffile  # noqa: F401

from tests.mutation.mutants import Mutant, mutants, mutated

ROOT = Path(__file__).parents[2]
EXPLAINED = Path(__file__).with_name("survivors.json")
CPU_SECONDS = 60
_KILLED, _SURVIVED = 1, 0

GEOMETRY = "tests/cropcore/geometry"
TESTS = {
    "cropcore/geometry/aspect.py": [f"{GEOMETRY}/test_aspect.py"],
    "cropcore/geometry/boxes.py": [
        f"{GEOMETRY}/test_boxes.py",
        "tests/cropcore/export/test_cut_image.py",
    ],
    "cropcore/geometry/crop_json.py": ["tests/cropcore/sidecar", "tests/cropcore/files"],
    "cropcore/geometry/fixed_crop.py": [
        f"{GEOMETRY}/test_fixed_crop.py",
        "tests/cropcore/cli/test_crop.py",
    ],
    "cropcore/geometry/heads.py": [f"{GEOMETRY}/test_heads.py"],
    "cropcore/geometry/holding.py": [f"{GEOMETRY}/test_holding.py"],
    "cropcore/geometry/nested.py": ["tests/cropcore/engine/test_nested_crops.py"],
    "cropcore/geometry/offered_ratios.py": [f"{GEOMETRY}/test_aspect.py"],
    "cropcore/geometry/orientation.py": [f"{GEOMETRY}/test_orientation.py"],
    "cropcore/geometry/refit.py": [f"{GEOMETRY}/test_refit.py"],
    "cropcore/geometry/straight*.py": [
        f"{GEOMETRY}/test_straight_outline.py",
        f"{GEOMETRY}/test_straighten.py",
        "tests/cropcore/images/test_rotate.py",
    ],
    "cropcore/geometry/windows.py": [f"{GEOMETRY}/test_windows.py"],
    "cropcore/images/output_size.py": ["tests/cropcore/export/test_export.py"],
    "cropcore/engine/crop_distribution.py": ["tests/cropcore/engine/test_crop_distribution.py"],
    "cropcore/export/file_names.py": [
        "tests/cropcore/export/test_file_names.py",
        "tests/cropcore/batch/test_file_name_preview.py",
    ],
    "cropcore/files/atomic_write.py": [
        "tests/cropcore/files/test_write_order.py",
        "tests/cropcore/export/test_export_safety.py",
    ],
    "cropcore/metadata/*.py": [
        "tests/cropcore/export/test_made_by.py",
        "tests/cropcore/metadata",
        "tests/cropcore/export/test_export_metadata.py",
        "tests/cropcore/export/test_lossless_jpeg.py",
        "tests/cropcore/images/test_raw.py",
    ],
    "cropcore/sidecar/*.py": ["tests/cropcore/sidecar", "tests/cropcore/files/test_own_files.py"],
    "cropcore/batch/journal.py": [
        "tests/cropcore/export/test_made_by.py",
        "tests/cropcore/cluster/test_compact_journal.py",
        "tests/cropcore/batch/test_journal.py",
    ],
    "cropcore/batch/batch.py": ["tests/cropcore/batch/test_batch.py"],
    "cropcore/batch/jobs.py": ["tests/cropcore/batch/test_batch.py"],
}
"""Tests that must notice a change, by the modules that may be changed; the quickest first."""


def main() -> int:
    """Try mutants; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=Path, action="append", help="a module; all of its mutants")
    parser.add_argument("--line", type=int, action="append", help="with --only: these lines alone")
    args = parser.parse_args()
    # Examples that kill mutants say nothing of the module as it is.
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp(prefix="mutants-")
    stop = time.monotonic() + args.seconds
    chosen = _all_of(args.only, args.line) if args.only else _drawn(random.Random(args.seed))
    tried, survived = Counter[str](), list[str]()
    explained = json.loads(EXPLAINED.read_text())
    for module, mutant in chosen:
        if time.monotonic() > stop and not args.only:
            break
        tried[module] += 1
        if _outcome(module, mutant) == _SURVIVED:
            line = (ROOT / module).read_text().splitlines()[mutant.line - 1].strip()
            reason = explained.get(module, {}).get(f"{line} | {mutant.what}")
            _say(f"{module}:{mutant.line}: {mutant.what}: {line}{_because(reason)}")
            if reason is None:
                survived.append(module)
    for module, count in sorted(tried.items()):
        _say(f"{module}: {count} tried, {survived.count(module)} survived unexplained")
    _say(f"{sum(tried.values())} tried, {len(survived)} survived unexplained")
    return 1 if survived else 0


def _because(reason: str | None) -> str:
    return f"   (explained: {reason})" if reason else "   SURVIVED"


def _modules() -> dict[str, Sequence[str]]:
    return {
        path.relative_to(ROOT).as_posix(): tests
        for pattern, tests in TESTS.items()
        for path in sorted(ROOT.glob(pattern))
        if path.name != "__init__.py"
    }


def _all_of(modules: Sequence[Path], lines: Sequence[int] | None) -> Iterator[tuple[str, Mutant]]:
    for module in modules:
        for mutant in mutants((ROOT / module).read_text()):
            if lines is None or mutant.line in lines:
                yield module.as_posix(), mutant


def _drawn(chance: random.Random) -> Iterator[tuple[str, Mutant]]:
    """Mutants of all modules in a random order, each module as often as it is long."""
    found = [(module, m) for module in _modules() for m in mutants((ROOT / module).read_text())]
    chance.shuffle(found)
    _say(f"{len(found)} mutants in {len(_modules())} modules")
    yield from found


def _outcome(module: str, mutant: Mutant) -> int:
    child = os.fork()
    if child == 0:
        status = _KILLED
        try:
            status = _tested(module, mutant)
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _tested(module: str, mutant: Mutant) -> int:
    """In a process of its own: run the tests with the mutant in place of its module."""
    sink = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(sink, stream)
    # A mutant may loop for ever, or ask for all memory.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    name = module.removesuffix(".py").replace("/", ".")
    tree = mutated((ROOT / module).read_text(), mutant)
    sys.meta_path.insert(0, _Loader(name, tree))
    with contextlib.suppress(SystemExit):
        arguments = [
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:pytest-qt",
            *_modules()[module],
        ]
        return _SURVIVED if pytest.main(arguments) == pytest.ExitCode.OK else _KILLED
    return _KILLED


class _Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a changed module in place of the one on the disk."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self._name, self._tree = name, tree

    def find_spec(
        self, fullname: str, path: object, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        file = ROOT / f"{fullname.replace('.', '/')}.py"
        return importlib.util.spec_from_file_location(fullname, file, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        exec(compile(self._tree, str(module.__file__), "exec"), module.__dict__)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - what the command is for


if __name__ == "__main__":
    sys.exit(main())
