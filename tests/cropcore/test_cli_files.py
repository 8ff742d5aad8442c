"""Commands among files that are odd, in the way, out of reach, or somebody's only copy."""

import json
import os
from pathlib import Path

import pytest

from cropcore.cli import main
from cropcore.places import is_file, is_folder, is_there, same

LONG = "x" * 300


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


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
