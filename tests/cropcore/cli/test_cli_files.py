"""Commands among files that are odd, in the way, out of reach, or somebody's only copy."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from cropcore.files.path_checks import is_file, is_folder, is_there, same
from tests.cropcore.helpers.commands import run

LONG = "x" * 300


@pytest.fixture
def shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder into which nobody may look, whoever runs the tests."""
    folder = tmp_path / "shut"
    folder.mkdir()
    (folder / "a.jpg").touch()
    real_stat, real_open, real_access = Path.stat, os.open, os.access

    def inside(path: object) -> bool:
        return isinstance(path, str | Path) and folder in Path(path).parents

    def stat(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if inside(self):
            raise PermissionError(13, "Permission denied", str(self))
        return real_stat(self, follow_symlinks=follow_symlinks)

    def opened(path: object, *how: object, **more: object) -> int:
        if inside(path):
            raise PermissionError(13, "Permission denied", str(path))
        return real_open(path, *how, **more)

    def access(path: object, mode: int) -> bool:
        return path != folder and not inside(path) and real_access(path, mode)

    monkeypatch.setattr(Path, "stat", stat)
    monkeypatch.setattr(os, "access", access)
    monkeypatch.setattr(os, "open", opened)
    return folder


def test_questions_about_paths_out_of_reach_are_answered_with_no(shut, tmp_path) -> None:
    for path in (shut / "a.jpg", tmp_path / LONG, tmp_path / LONG / "a"):
        assert not is_folder(path)
        assert not is_file(path)
        assert not is_there(path)
        assert not same(path, tmp_path)
        assert not same(tmp_path, path)
    assert is_folder(tmp_path)
    assert is_there(tmp_path)
    assert same(tmp_path, tmp_path / ".." / tmp_path.name)


@pytest.mark.parametrize("command", ["crop", "maps", "batch"])
def test_a_photo_out_of_reach_is_named_and_the_rest_goes_on(
    command, shut, make_photo, installed_engine, tmp_path, capsys
) -> None:
    preset = ["1:1"] if command == "batch" else []
    photos = [shut / "a.jpg", tmp_path / f"{LONG}.jpg", make_photo("good.jpg")]
    report = tmp_path / "r.json"
    status = run(command, *preset, *photos, "--out", tmp_path / "out", "--json", report)
    told = capsys.readouterr()
    assert status == 1
    first, second = told.err.splitlines()
    assert "a.jpg: may not be read. Change the permissions" in first
    assert f"{LONG}.jpg: could not be read: file name too long." in second
    document = json.loads(report.read_text())
    assert [p["file"] for p in document["photos"]] == [str(photos[-1])]
    assert [f["file"] for f in document["failures"]] == [str(p) for p in photos[:2]]


def test_a_batch_names_what_it_may_not_look_at_in_a_folder(
    shut, make_photo, installed_engine, tmp_path, capsys
) -> None:
    make_photo("b.jpg")
    assert run("batch", "1:1", tmp_path, "--out", tmp_path / "out") == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert f"{shut / 'a.jpg'}: may not be read." in told
    assert (tmp_path / "out" / "b_1x1_1.jpg").exists()


# --- the JSON file ------------------------------------------------------------------------------


def test_the_json_never_takes_the_place_of_a_photo(
    make_photo, installed_engine, tmp_path, capsys
) -> None:
    photo = make_photo("a.jpg", folder=tmp_path / "photos")
    before = photo.read_bytes()
    for command in (["batch", "1:1", photo.parent], ["crop", make_photo("other.jpg")]):
        assert run(*command, "--out", tmp_path / "out", "--json", photo) == 2
        assert "holds no JSON. Choose another file." in capsys.readouterr().err
    assert photo.read_bytes() == before
    assert installed_engine.encoded == []


@pytest.mark.parametrize("content", ["", '{"schema": 1}', "\ufeff [1]"])
def test_an_earlier_json_is_replaced(
    content, make_photo, installed_engine, tmp_path, capsys
) -> None:
    report = tmp_path / "r.json"
    report.write_text(content, "utf-8")
    assert run("crop", make_photo(), "--json", report) == 0
    assert json.loads(report.read_text())["photos"]


def test_a_link_to_the_json_stays_a_link(make_photo, installed_engine, tmp_path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    link.symlink_to(real)
    for _ in range(2):  # dangling, then not
        assert run("crop", make_photo(), "--json", link) == 0
        assert link.is_symlink()
        assert json.loads(real.read_text())["photos"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_the_json_goes_into_a_pipe_and_leaves_it_one(
    make_photo, installed_engine, tmp_path
) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    assert run("crop", make_photo(), "--json", pipe) == 0
    reader.join()
    assert json.loads(read[0])["photos"]
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    "place", ["shut/r.json", f"{LONG}.json", f"{LONG}/r.json", "absent/r.json"]
)
def test_a_json_that_cannot_be_written_is_told_before_the_work(
    place, shut, make_photo, installed_engine, tmp_path, capsys
) -> None:
    assert run("crop", make_photo(), "--json", tmp_path / place) == 2
    told = capsys.readouterr()
    assert told.err.startswith("cropcore: --json ")
    assert told.err.count("\n") == 1
    assert installed_engine.encoded == []


def test_a_json_that_may_not_be_written_is_told_before_the_work(
    make_photo, installed_engine, tmp_path, capsys, monkeypatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert run("crop", make_photo(), "--json", tmp_path / "r.json") == 2
    assert "cannot be written. Choose another file." in capsys.readouterr().err
    assert installed_engine.encoded == []


# --- names --------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="names that Windows refuses")
@pytest.mark.parametrize("command", ["crop", "maps", "batch"])
def test_no_name_steers_the_terminal(
    command, make_photo, installed_engine, tmp_path, capsys
) -> None:
    names = ("line\nend.jpg", "\x1b[31mred.jpg", "\u202egpj.jpg", "\x9b1mbold.jpg", "-dash.jpg")
    folder = tmp_path / "odd"
    for name in names:
        make_photo(name, folder=folder)
    (folder / "bad\x1b[2J.jpg").write_text("no photo")
    preset = ["1:1"] if command == "batch" else []
    photos = [folder] if command == "batch" else sorted(folder.iterdir())
    assert run(command, *preset, *photos, "--out", tmp_path / "out") == 1
    told = capsys.readouterr()
    for text in (told.out, told.err):
        for line in text.split("\n"):
            assert all(c.isprintable() for c in line), line
    assert told.out.count("line end.jpg") >= 1
    assert len([line for line in told.err.splitlines() if "bad [2J.jpg" in line]) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_standard_output_on_a_full_disk_is_told_in_a_line(tmp_path) -> None:
    people = tmp_path / "people.json"
    people.write_text("{}")
    command = ["eval", str(people), "--images", str(tmp_path), "--method", "none", "--json", "-"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cropcore.cli", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=Path(__file__).parents[3],
        )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()[-1:]
    assert line == "cropcore: standard output cannot be written (No space left on device)."
    assert "Traceback" not in done.stderr


def test_libraries_do_not_speak_in_between(tmp_path) -> None:
    """In a process of its own: warnings and logging are turned elsewhere in a test."""
    photo = tmp_path / "a.jpg"
    Image.new("RGB", (60, 40)).save(photo, exif=b"Exif\0\0II*\0\xff\xff\xff\xff garbage")
    people = tmp_path / "people.json"
    people.write_text(json.dumps({"a.jpg": {"width": 60, "height": 40, "best_crop": [0, 0, 1, 1]}}))
    program = (
        "import logging, sys\n"
        "from cropcore.cli.main import main\nfrom cropcore.images import photo_file\n"
        "read = photo_file._sniff\n"
        "photo_file._sniff = lambda *a: (logging.getLogger('tifffile').error('!'), read(*a))[1]\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [
        "eval",
        str(people),
        "--images",
        str(tmp_path),
        "--method",
        "centre90",
        "--json",
        "-",
    ]
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout)["photos"] == 1
