"""``cropcore train``: what it hands on; and where something is wrong, one line that says what to do."""

import json
import pickle
import sys
import types
from pathlib import Path
from typing import Any

import pytest
import torch

from cropcore.batch.preset import PresetError
from cropcore.errors import AnnotationError, ExportError, FileError, OptionError, PhotoError
from cropcore.messages import Message
from tests.cropcore.helpers.commands import run
from tests.cropcore.helpers.training_maker import entry


@pytest.fixture
def data(make_photo, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    names = [f"{i}.png" for i in range(3)]
    for name in names:
        make_photo(name, size=(96, 64), folder=folder / "images")
    labels = {name: entry(96, 64, i) for i, name in enumerate(names)}
    (folder / "labels.json").write_text(json.dumps(labels))
    return folder


def test_train_hands_its_arguments_on(monkeypatch, tmp_path) -> None:
    got = {}

    report = {"schema": 1, "method": "asm", "recipe": "paper", "runs": []}

    def train_command(args, progress, tell) -> dict:
        got.update(vars(args))
        progress(0, 1, "epoch 1")
        return report

    module = types.ModuleType("cropcore.training.train_command")
    module.train_command = train_command
    monkeypatch.setitem(sys.modules, "cropcore.training.train_command", module)
    which = ("--folds", "1,2,4", "--encoder", "e.pth", "--resume")
    paper = ("--recipe", "paper", "--data", "d", "--out", "o.safetensors")
    into = tmp_path / "report.json"
    assert run("train", "asm", *paper, *which, "--json", str(into)) == 0
    assert json.loads(into.read_text()) == report
    assert (got["method"], got["recipe"], got["data"]) == ("asm", "paper", Path("d"))
    assert (got["folds"], got["cv"]) == ((1, 2, 4), None)
    assert (got["encoder"], got["resume"]) == (Path("e.pth"), True)


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = run("train", *arguments)
    told = capsys.readouterr()
    (line,) = told.err.splitlines()
    assert line.startswith("cropcore: ")
    assert told.out == ""
    return status, line


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["magic", "--out", "o"], "there are joint"),
        (["joint", "--recipe", "paper", "--out", "o"], "there are joint"),
        (["joint", "--out", "o/one.safetensors"], "give --out a folder"),
        (["cascade", "--out", "o"], "give --cv"),
        (["gaic", "--out", "file"], "--out file: cannot be a folder"),
        (["gaic", "--out", "file/a.safetensors"], "--out file: cannot be a folder"),
        (["gaic", "--out", "x" * 300], "cannot be a folder"),
    ],
)
def test_wrong_usage_is_status_2(words, told, data, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    status, line = refused(capsys, *words, "--data", data)
    assert status == 2
    assert told in line


@pytest.mark.parametrize("folder", ["absent", "file", "x" * 300])
def test_data_that_is_no_folder_is_named(folder, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    status, line = refused(capsys, "saliency", "--data", folder, "--out", "o")
    assert status == 1
    assert line == f"cropcore: {folder}: is no folder. Check --data."


def test_a_rule_cannot_join_what_was_not_trained(data, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    status, line = refused(capsys, "cascade", "--data", data, "--out", out, "--cv", "2")
    assert status == 1
    assert f"{out} has nothing to join: cross-validate joint" in line
    assert list(out.iterdir()) == []


def test_a_missing_package_is_named_with_what_installs_it(data, capsys, monkeypatch) -> None:
    for name in [n for n in sys.modules if n.startswith("cropcore.training")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    status, line = refused(capsys, "gaic", "--data", data, "--out", "o")
    assert status == 1
    assert "pip install 'cropsight[train]'" in line


def test_a_full_disk_is_named(data, tmp_path, capsys, monkeypatch) -> None:
    from cropcore.training import trainer

    def full(path: Path, *_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(trainer, "write_at", full)
    monkeypatch.setattr(trainer.Trainer, "_one_epoch", lambda _: {})
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    folds = ["--folds", "0,1,2,3,4"]
    out = tmp_path / "out"
    encoder = tmp_path / "encoder.pth"
    torch.save(_untrained_encoder(), encoder)
    words = ["saliency", "--data", data, "--out", out, *folds, "--encoder", encoder]
    status, line = refused(capsys, *words)
    assert status == 1
    assert str(out / "saliency-run" / "checkpoint.pt") in line
    assert "No space left on device" in line
    assert "with --resume it goes on" in line


def test_a_damaged_checkpoint_is_named(data, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    encoder = tmp_path / "encoder.pth"
    torch.save(_untrained_encoder(), encoder)
    checkpoint = tmp_path / "out" / "saliency-run" / "checkpoint.pt"
    checkpoint.parent.mkdir(parents=True)
    checkpoint.write_bytes(b"half a checkpoint")
    words = ["saliency", "--data", data, "--out", tmp_path / "out", "--encoder", encoder]
    status, line = refused(capsys, *words, "--resume")
    assert status == 1
    assert "checkpoint.pt: is damaged. Remove it to begin anew." in line


def _untrained_encoder() -> dict[str, torch.Tensor]:
    from tests.cropcore.helpers.untrained import lively_encoder

    return lively_encoder().state_dict()


@pytest.mark.parametrize("kind", [FileError, PhotoError, ExportError, AnnotationError, PresetError])
def test_an_error_of_a_worker_process_arrives_whole(kind: type[FileError]) -> None:
    """Cross-validation trains in processes of their own."""
    told = kind(Path("a/b.jpg"), "is damaged at {place}.", "Copy {place} again.", place=7)
    error = pickle.loads(pickle.dumps(told))
    assert type(error) is kind
    assert (error.path, error.reason, error.remedy) == (
        Path("a/b.jpg"),
        Message("is damaged at {place}.", place=7),
        Message("Copy {place} again.", place=7),
    )
    assert str(error) == "b.jpg: is damaged at 7. Copy 7 again."
    plain = pickle.loads(pickle.dumps(OptionError("{size} is no size.", size="{4}")))
    assert (type(plain), str(plain)) == (OptionError, "{4} is no size.")


def test_a_folder_named_by_a_dot_has_a_name() -> None:
    assert str(AnnotationError(".", "is no file.")) == ".: is no file."
