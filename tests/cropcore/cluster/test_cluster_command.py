"""``cropcore batch`` with photos and crops in S3, by workers and by this process."""

from __future__ import annotations

import io
import secrets
from pathlib import Path

import pytest
from PIL import Image

from cropcore.cluster import dask_workers
from tests.cropcore.cluster.conftest import Bucket
from tests.cropcore.helpers.cluster_double import DoubleLoader
from tests.cropcore.helpers.commands import run, run_json

NAMES = [*(f"{n:02}.jpg" for n in range(12)), "in a folder/ü b#.jpg"]


@pytest.fixture
def root(make_photo, in_environment: Bucket) -> str:
    """A folder of the bucket with photos, one of them damaged."""
    root = f"s3://photos/{secrets.token_hex(4)}"
    for n, name in enumerate(NAMES):
        photo = make_photo(f"{n}.jpg", size=(120 + n, 80))
        in_environment.system.pipe_file(f"{root}/in/{name}", photo.read_bytes())
    in_environment.system.pipe_file(f"{root}/in/bad.jpg", b"no photo")
    return root


def crops(bucket: Bucket, out: str) -> dict[str, tuple[int, int]]:
    """Sizes of all crops, each read back whole."""
    sizes = {}
    for path in bucket.system.find(out):
        with Image.open(io.BytesIO(bucket.system.cat_file(path))) as image:
            image.load()
            sizes[path.rpartition("/")[2]] = image.size
    return sizes


WANTED = sorted(f"{Path(name).stem}_4x5_1.jpg" for name in NAMES)


def test_workers_crop_from_s3_to_s3(
    root: str, in_environment: Bucket, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_workers, "WorkLoader", DoubleLoader)
    command = ("batch", "4:5", f"{root}/in", "--out", f"{root}/out", "--journal", tmp_path / "j")
    status, document = run_json(capsys, *command, "--cluster", "local:1")
    assert status == 1
    (failure,) = document["failures"]
    assert failure["file"] == f"{root}/in/bad.jpg"
    assert failure["error"].startswith("is not a photo")
    assert {photo["file"] for photo in document["photos"]} == {f"{root}/in/{n}" for n in NAMES}
    sizes = crops(in_environment, f"{root}/out")
    assert sorted(sizes) == WANTED
    for photo in document["photos"]:
        (candidate,) = photo["results"][0]["candidates"]
        left, top, right, bottom = candidate["pixels"]
        name = candidate["output"].removeprefix(f"{root}/out/")
        assert sizes[name] == (right - left, bottom - top)

    # Nothing but the damaged one is tried again, and what is missing is made.
    in_environment.system.rm_file(f"{root}/out/{WANTED[3]}")
    status, document = run_json(capsys, *command, "--cluster", "local:1", "--resume")
    assert (status, document["resumed"]) == (1, len(NAMES) - 1)
    assert sorted(crops(in_environment, f"{root}/out")) == WANTED

    # A lost journal makes no crop twice: each has the token of its job.
    in_environment.system.rm_file(f"{root}/in/bad.jpg")
    command = (*command[:-1], tmp_path / "another")
    status, document = run_json(capsys, *command, "--cluster", "local:1")
    assert (status, document["resumed"]) == (0, 0)
    assert sorted(crops(in_environment, f"{root}/out")) == WANTED


def test_this_process_crops_from_s3_to_a_folder_and_back(
    root: str, in_environment: Bucket, tmp_path: Path, installed_engine, capsys
) -> None:
    out = tmp_path / "out"
    command = ("batch", "4:5", f"{root}/in", "--out", out, "--report", tmp_path / "report")
    assert run(*command) == 1
    assert f"{root}/in/bad.jpg: is not a photo" in capsys.readouterr().err
    assert sorted(path.name for path in out.glob("[!.]*")) == WANTED
    assert "data:image/jpeg" in (tmp_path / "report" / "report.html").read_text()
    assert run("batch", "1:1", out, "--out", f"{root}/square", "--journal", tmp_path / "j") == 0
    assert len(crops(in_environment, f"{root}/square")) == len(WANTED)
    assert run(*command, "--resume") == 1
    assert f"{len(WANTED)} resumed" in capsys.readouterr().out


def test_choices_that_cannot_be_are_said_before_the_work(
    root: str, tmp_path: Path, installed_engine, capsys
) -> None:
    for words, told in (
        ((f"{root}/in", "--out", f"{root}/in"), "the folder of the photos itself"),
        ((f"{root}/in", "--out", "s3://missing/out"), "no such bucket"),
        ((f"{root}/in", "--out", "gs://crops"), "never overwrites"),
        ((f"{root}/in", "--out", tmp_path / "o", "--journal", tmp_path), "lies in that folder"),
    ):
        assert run("batch", "4:5", *words) == 2
        assert told in capsys.readouterr().err
    assert run("batch", "4:5", f"{root}/nothing", "--out", tmp_path / "o") == 1
    assert "no such bucket or folder" in capsys.readouterr().err
    assert installed_engine.encoded == []
