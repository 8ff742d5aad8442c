"""The order in which bytes and names reach the disk, on which surviving a power cut rests."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cropcore.files.atomic_write import write_at, write_new

Order = list[tuple[str, str]]


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> Order:
    """What was done to which kind of thing, in order: writes, syncs, names given and taken."""
    done: Order = []

    def noting(module: Any, name: str, kind: Callable[..., str]) -> None:
        real = getattr(module, name)

        def call(*args: Any, **more: Any) -> Any:
            result = real(*args, **more)
            done.append((name, kind(*args)))
            return result

        monkeypatch.setattr(module, name, call)

    def of_descriptor(descriptor: int) -> str:
        return "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"

    def of_paths(*paths: Any) -> str:
        return Path(paths[-1]).suffix

    noting(os, "fsync", of_descriptor)
    noting(os, "link", of_paths)
    noting(Path, "replace", of_paths)
    noting(Path, "unlink", of_paths)
    return done


@pytest.mark.skipif(os.name == "nt", reason="Windows renames instead of linking")
@pytest.mark.parametrize("replace", [False, True])
def test_bytes_then_name_then_folder(tmp_path: Path, order: Order, replace: bool) -> None:
    write_at(tmp_path / "a.json", b"new", replace)
    named = order.index(("replace", ".json") if replace else ("link", ".json"))
    assert order.index(("fsync", "file")) < named < order.index(("fsync", "folder"))
    assert (tmp_path / "a.json").read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="Windows renames instead of linking")
def test_an_export_has_its_bytes_before_its_name(tmp_path: Path, order: Order) -> None:
    path = write_new(tmp_path, "crop", ".jpg", [b"a", b"b"])
    assert order.index(("fsync", "file")) < order.index(("link", ".jpg"))
    assert path.read_bytes() == b"ab"
    assert [p.name for p in tmp_path.iterdir()] == ["crop.jpg"]
