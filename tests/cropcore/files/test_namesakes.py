"""Which files of a folder differ by their endings alone, without listing it for each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cropcore.files.namesakes import same_stem


def test_a_large_folder_is_not_listed_for_each_of_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(100):
        (tmp_path / f"{number}.jpg").touch()
        (tmp_path / f"{number}.XMP").touch()
    os.utime(tmp_path, (1_000_000_000, 1_000_000_000))
    listed: list[Path] = []
    real = Path.iterdir

    def iterdir(folder: Path) -> Iterator[Path]:
        listed.append(folder)
        return real(folder)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    for number in range(100):
        assert same_stem(tmp_path, str(number)) == (f"{number}.XMP", f"{number}.jpg")
    assert len(listed) <= 10


def test_a_file_that_came_is_there_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    os.utime(tmp_path, (1_000_000_000, 1_000_000_000))
    assert same_stem(tmp_path, "a") == ("a.jpg",)
    (tmp_path / "a.raf").touch()
    (tmp_path / "ab.raf").touch()
    assert same_stem(tmp_path, "a") == ("a.jpg", "a.raf")
    (tmp_path / "a.raf").unlink()
    assert same_stem(tmp_path, "a") == ("a.jpg",)


def test_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert same_stem(tmp_path / "gone", "a") == ()
