"""Which files a folder stands for, and in which order."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.photo_order import natural
from app.photos.folder_scan import Listed, list_photos
from app.photos.opener import _local_paths


def listed(*paths: Path) -> tuple[list[Path], list[str]]:
    found: list[Listed] = []
    trouble: list[str] = []
    list_photos(paths, found.extend, trouble.append)
    return [path for path, _ in found], trouble


def test_a_folder_is_taken_with_all_below_it(tmp_path: Path) -> None:
    for name in (
        *("b10.jpg", "B9.JPG", "notes.txt", ".hidden.jpg", "._b9.jpg", "sub/a.png"),
        *("sub/deeper/c.tif", "Cropsight/b9_4x5_1.jpg", ".git/x.jpg"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "circle").symlink_to(tmp_path, target_is_directory=True)
    found, trouble = listed(tmp_path)
    assert [str(p.relative_to(tmp_path)) for p in found] == [
        *("B9.JPG", "b10.jpg", "sub/a.png", "sub/deeper/c.tif"),
    ]
    assert trouble == []


def test_files_keep_their_place_and_folders_without_photos_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    last, first = tmp_path / "a.jpg", tmp_path / "z.dat"
    last.write_bytes(b"x")
    first.write_bytes(b"x")
    missing = tmp_path / "missing.jpg"
    found, trouble = listed(first, tmp_path / "empty", missing, last)
    assert found == [first, missing, last]
    assert trouble == ["empty: no photos in this folder."]


def test_stamps_are_those_of_the_files(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"four")
    found: list[Listed] = []
    list_photos([tmp_path], found.extend, lambda _: None)
    assert found == [(path, (path.stat().st_mtime_ns, 4))]


def test_listing_stops_when_it_is_told_to(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.jpg").write_bytes(b"x")
    found: list[Listed] = []
    list_photos([tmp_path], found.extend, lambda _: None, lambda: True)
    assert found == []


@given(st.lists(st.integers(0, 10_000), unique=True))
def test_numbers_sort_by_value(numbers: list[int]) -> None:
    names = sorted((f"IMG_{n}.jpg" for n in numbers), key=natural)
    assert names == [f"IMG_{n}.jpg" for n in sorted(numbers)]


@given(st.lists(st.text(max_size=8)))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert sorted(sorted(names), key=natural) == sorted(names, key=lambda n: (natural(n), n))


@pytest.mark.parametrize("name", ["a b.jpg", "é ü.jpg", "100%.jpg", "a#b?.jpg"])
def test_dropped_names_arrive_as_they_are(name: str) -> None:
    uris = [f"file:///photos/{quote(name)}".encode(), b"https://example.org/x.jpg"]
    assert _local_paths(uris) == [Path("/photos") / name]
