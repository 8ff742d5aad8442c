"""Several machines write to one place: nothing is overwritten, no job's file is there twice."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cropcore.cluster import targets
from cropcore.cluster.targets import FolderTarget, S3Target, Target, s3_pages, target_of
from cropcore.errors import OptionError
from tests.cropcore.cluster.conftest import Bucket

DATA = b"a crop's bytes"


class Place:
    """A target, and a look at what is there by other means."""

    def __init__(self, target: Any, bucket: Bucket | None) -> None:
        self.target, self._bucket = target, bucket

    def files(self) -> dict[str, bytes]:
        if self._bucket is None:
            folder = Path(self.target.place)
            return {p.name: p.read_bytes() for p in folder.iterdir() if not p.name.startswith(".")}
        root = self.target.place.removeprefix("s3://")
        found = self._bucket.system.find(root)
        return {path.removeprefix(root + "/"): self._bucket.system.cat_file(path) for path in found}

    def put(self, name: str, data: bytes) -> None:
        """As another program would."""
        if self._bucket is None:
            (Path(self.target.place) / name).write_bytes(data)
        else:
            self._bucket.system.pipe_file(self.target.whole(name), data)


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        (tmp_path / "out é").mkdir()
        return Place(FolderTarget(tmp_path / "out é"), None)
    bucket: Bucket = request.getfixturevalue("bucket")
    return Place(target_of(f"s3://photos/out é {secrets.token_hex(4)}", **bucket.options), bucket)


def test_a_job_that_is_done_again_finds_its_own_file(place: Place) -> None:
    target: Target = place.target
    assert target.publish("job 1", "a b_4x5_1", ".jpg", DATA) == "a b_4x5_1.jpg"
    # Of another machine's other bytes nothing is written.
    assert target.publish("job 1", "a b_4x5_1", ".jpg", DATA + b"!") == "a b_4x5_1.jpg"
    # The same photo from another folder is another job.
    assert target.publish("job 2", "a b_4x5_1", ".jpg", DATA) == "a b_4x5_1 (2).jpg"
    assert target.publish("job 2", "a b_4x5_1", ".jpg", DATA) == "a b_4x5_1 (2).jpg"
    assert place.files() == {"a b_4x5_1 (2).jpg": DATA, "a b_4x5_1.jpg": DATA}


def test_a_file_from_before_is_nobody_s(place: Place) -> None:
    place.put("a.jpg", DATA)
    for _ in range(2):
        assert place.target.publish("job", "a", ".jpg", DATA) == "a (2).jpg"
    place.target.forget()
    place.target.forget()
    assert place.files() == {"a.jpg": DATA, "a (2).jpg": DATA}


def test_a_file_is_found_although_a_name_before_it_has_become_free(tmp_path: Path) -> None:
    target = FolderTarget(tmp_path)
    (tmp_path / "a.jpg").write_bytes(b"somebody's")
    (tmp_path / "a (2).jpg").write_bytes(b"somebody's")
    assert target.publish("job", "a", ".jpg", DATA) == "a (3).jpg"
    (tmp_path / "a (2).jpg").unlink()
    assert target.publish("job", "a", ".jpg", DATA) == "a (3).jpg"
    crops = [p for p in tmp_path.glob("a*.jpg") if p.read_bytes() == DATA]
    assert [p.name for p in crops] == ["a (3).jpg"]


class Death:
    """Ends a worker before the nth of the steps that change something."""

    def __init__(self, left: int) -> None:
        self.left = left

    def before(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def tried(*args: Any, **kwargs: Any) -> Any:
            if self.left == 0:
                raise SystemExit
            self.left -= 1
            return step(*args, **kwargs)

        return tried


@pytest.mark.parametrize("steps", range(4))
@pytest.mark.parametrize("taken", [b"", b"somebody's"], ids=["free", "taken"])
def test_whenever_a_worker_dies_the_next_leaves_one_file(
    place: Place, steps: int, taken: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    if taken:
        place.put("a.jpg", taken)
    death = Death(steps)
    with monkeypatch.context() as patched:
        if isinstance(place.target, S3Target):
            system = place.target._system
            for step in ("pipe_file", "call_s3"):
                patched.setattr(system, step, death.before(getattr(system, step)))
        else:
            patched.setattr(targets, "write_at", death.before(targets.write_at))
            patched.setattr(os, "link", death.before(os.link))
        with suppress(SystemExit):
            place.target.publish("job", "a", ".jpg", DATA)
    name = place.target.publish("job", "a", ".jpg", DATA)
    assert name == ("a (2).jpg" if taken else "a.jpg")
    assert place.files() == ({"a.jpg": taken} if taken else {}) | {name: DATA}


def test_two_that_race_for_a_name_both_keep_their_file(place: Place) -> None:
    """Whoever comes second is refused by the store itself, and takes the next name."""

    def write(n: int) -> str:
        return place.target.publish(f"job {n % 3}", "a", ".jpg", b"%d" % (n % 3))

    with ThreadPoolExecutor(6) as pool:
        names = list(pool.map(write, range(12)))
    assert len(set(names)) == 3
    assert all(names[n] == names[n % 3] for n in range(12))
    assert place.files() == {names[n]: b"%d" % n for n in range(3)}


def test_sizes_are_those_of_the_files_themselves(place: Place) -> None:
    place.target.publish("1", "a", ".jpg", b"123")
    place.target.publish("2", "b", ".jpg", b"1")
    sizes = place.target.sizes()
    assert [sizes.get(name) for name in ("a.jpg", "b.jpg", "c.jpg", "a")] == [3, 1, None, None]


def test_a_place_that_is_checked_is_left_as_it_was(place: Place) -> None:
    place.target.check()
    place.target.forget()
    assert place.files() == {}


def test_a_server_that_would_overwrite_is_refused_in_words(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = S3Target("s3://photos/checked", **bucket.options)
    plain = target._system.pipe_file

    def heedless(path: str, data: bytes, mode: str, **more: Any) -> Any:
        return plain(path, data, **more)

    monkeypatch.setattr(target._system, "pipe_file", heedless)
    with pytest.raises(OptionError, match="passes over conditions"):
        target.check()
    assert list(s3_pages(target._system, "photos", "checked/")) == []


def test_a_folder_without_links_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    with pytest.raises(OptionError, match="knows hard links"):
        FolderTarget(tmp_path).check()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("memory://out", "never overwrites"),
        ("nothing://out", "never overwrites"),
        ("s3://missing/out", "no such bucket"),
    ],
)
def test_what_cannot_be_a_target_is_refused_in_words(place: str, told: str, bucket: Bucket) -> None:
    with pytest.raises(OptionError, match=told):
        target_of(place, **bucket.options).check()


def test_missing_credentials_and_servers_are_named(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(OptionError, match="AWS_ACCESS_KEY_ID"):
        S3Target("s3://photos/out", endpoint_url=bucket.endpoint).check()
    options = {**bucket.options, "endpoint_url": "http://127.0.0.1:1"}
    target = S3Target("s3://photos/out", **options)
    target._system.retries = 1
    with pytest.raises(OptionError, match="cannot be reached"):
        target.check()
