"""``cropcore eval``: figures as JSON and as a table."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cropcore.cli.main import main
from cropcore.evaluation.annotations import fold_of
from tests.cropcore.helpers import layout_maker
from tests.cropcore.helpers.commands import run, run_json


@pytest.fixture
def people(make_photo, tmp_path: Path) -> Path:
    names = [f"{i}.jpg" for i in range(8)]
    for name in names:
        make_photo(name, folder=tmp_path / "images")
    path = tmp_path / "people.json"
    entry = {"width": 120, "height": 80, "best_crop": [0.5, 0, 1, 1], "fixations": [[[0.7, 0.5]]]}
    path.write_text(json.dumps(dict.fromkeys(names, entry)))
    return path


def evaluate(capsys, people: Path, *more: object) -> tuple[int, dict]:
    return run_json(capsys, "eval", people, "--images", people.parent / "images", *more)


def test_eval_all_is_every_method_with_its_baselines(people, installed_engine, capsys) -> None:
    status, result = evaluate(capsys, people, "--method", "all")
    assert status == 0
    assert list(result["methods"]) == [
        *("gaic", "asm", "saliency", "none", "centre90", "constant", "ten_constant"),
        *("centre_ratio", "centre_gaze", "spectral_residual"),
    ]
    assert result["methods"]["gaic"]["weights_sha256"] == "ab" * 32
    assert result["photos"] == 8
    assert result["annotations"] == "people.json"


def test_eval_defaults_to_the_first_method(people, installed_engine, capsys) -> None:
    _, result = evaluate(capsys, people)
    assert list(result["methods"]) == ["gaic"]


def test_eval_of_baselines_needs_no_engine(people, capsys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "cropcore.engine.engine", None)
    status, result = evaluate(capsys, people, "--method", "baselines", "--fold", "1")
    assert status == 0
    assert result["fold"] == 1
    assert "centre90" in result["methods"]


def test_eval_prints_a_table(people, installed_engine, capsys) -> None:
    images = str(people.parent / "images")
    assert main(["eval", str(people), "--images", images, "--method", "all"]) == 0
    told = capsys.readouterr().out
    assert "people.json: 8 photos, 0 failed" in told
    assert any(line.startswith("iou ") and "±" in line for line in told.splitlines())


def test_the_table_stands_under_headings(people, installed_engine, capsys) -> None:
    content = json.loads(people.read_text())
    pair = {"a": [0, 0, 1, 1], "b": [0.5, 0, 1, 1], "votes_a": 1, "votes_b": 4}
    boxes = [[0.1, 0.1, 0.9, 0.9 - i / 50] for i in range(10)]
    for index, entry in enumerate(content.values()):
        kind = index % 3
        entry["heads"] = [[0.02, 0.2, 0.08, 0.4], [0.8, 0.2, 0.98, 0.4]]
        entry["pairs"] = [pair]
        if kind == 1:
            entry["crops"] = boxes
        elif kind == 2:
            entry.update(crops=boxes, mos=[5 - i / 4 for i in range(10)])
    people.write_text(json.dumps(content))
    assert run("eval", people, "--images", people.parent / "images", "--method", "all") == 0
    told = capsys.readouterr().out
    _, result = evaluate(capsys, people, "--method", "all")
    blocks = [block.splitlines() for block in told.strip().split("\n\n")][1:]
    rows = {block[0]: [line.split()[0] for line in block[1:]] for block in blocks}
    assert list(rows) == [
        *("First crop", "Ten crops as a set", "Heads", "Scores and confidence"),
        *("Pairs and rankings", "Gaze"),
    ]
    each = {"iou_each_ratio", "disp_each_ratio", "offset_each_ratio"}
    assert set(rows["First crop"]) == each | {
        f"{name}{suffix}"
        for name in ("iou", "disp", "iou_best", "disp_best")
        for suffix in ("", "_ratio")
    }
    assert "iou_best_of_10_ratio" in rows["Ten crops as a set"]
    # One name after the other, each for all aspects.
    aspects = ("free", "1x1", "4x5", "16x9", "9x16")
    assert rows["Heads"][:10] == [f"heads_cut{n}_{a}" for n in ("", "_10") for a in aspects]
    assert {"score_bias", "score_error_ratio"} <= set(rows["Scores and confidence"])
    assert {"pair_accuracy", "srcc", "ap_40_iou85"} <= set(rows["Pairs and rankings"])
    assert set(rows["Gaze"]) == {"auc_judd", "nss", "cc"}
    measured = {name for entry in result["methods"].values() for name in entry["metrics"]}
    assert sorted(name for names in rows.values() for name in names) == sorted(measured)


def test_eval_says_where_a_fold_has_no_photo(make_photo, tmp_path, capsys) -> None:
    make_photo("a.jpg")
    people = tmp_path / "people.json"
    people.write_text('{"a.jpg": {"width": 120, "height": 80, "best_crop": [0, 0, 1, 1]}}')
    other = (fold_of("a.jpg") + 1) % 5
    words = ["eval", people, "--images", tmp_path, "--method", "none"]
    assert run(*words, "--fold", other) == 0
    told = capsys.readouterr()
    assert told.err == f"cropcore: {people}: holds no photo of fold {other}.\n"
    assert f"fold {other}: 0 photos, 0 failed" in told.out
    assert run(*words) == 0
    told = capsys.readouterr()
    assert "people.json: 1 photo, 0 failed" in told.out
    assert told.err == ""


def test_eval_names_missing_photos(people, installed_engine, capsys) -> None:
    (people.parent / "images" / "3.jpg").unlink()
    status, result = evaluate(capsys, people, "--method", "gaic")
    assert status == 1
    assert [f["file"] for f in result["failures"]] == ["3.jpg"]
    assert result["methods"]["gaic"]["n"]["iou"] == 7


def test_weights_that_are_no_folder_are_wrong_usage(people, tmp_path, capsys) -> None:
    images = people.parent / "images"
    nowhere = tmp_path / "nowhere"
    arguments = ("eval", str(people), "--images", str(images), "--weights", str(nowhere))
    assert main([*arguments]) == 2
    assert "nowhere: there is no such folder" in capsys.readouterr().err


def test_the_report_never_replaces_the_annotations(people, installed_engine, capsys) -> None:
    before = people.read_bytes()
    images = people.parent / "images"
    assert main(["eval", str(people), "--images", str(images), "--json", str(people)]) == 2
    assert "one of the files to read" in capsys.readouterr().err
    assert people.read_bytes() == before


def test_eval_refuses_bad_annotations(tmp_path, capsys) -> None:
    path = tmp_path / "people.json"
    path.write_text('{"a.jpg": {"width": 4}}')
    assert main(["eval", str(path), "--images", str(tmp_path), "--method", "baselines"]) == 1
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert "people.json" in told.err
    assert "a.jpg" in told.err
    assert told.out == ""


def test_a_closed_pipe_is_no_error(people) -> None:
    code = "import sys; from cropcore.cli.main import main; sys.exit(main(sys.argv[1:]))"
    arguments = ["eval", str(people), "--images", str(people.parent / "images")]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments, "--method", "baselines", "--json", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, error = process.communicate()
    assert error == ""
    assert process.returncode == 141


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Give ANNOTATIONS.json and --images, or --data."),
        (["people.json"], "Give ANNOTATIONS.json and --images, or --data."),
        (["people.json", "--data", "."], "give one or the other"),
        (["people.json", "--images", ".", "--split", "test"], "give --data too"),
        (["people.json", "--images", ".", "--layout", "cpc"], "give --data too"),
    ],
)
def test_labels_come_from_a_file_or_from_a_data_set(words, told, capsys) -> None:
    assert run("eval", *words, "--method", "none") == 2
    assert told in capsys.readouterr().err


def test_a_published_data_set_takes_the_place_of_annotations(tmp_path, capsys) -> None:
    folder = layout_maker.fcdb(tmp_path / "fcdb", train=5, test=3)
    (folder / "data" / "5_1.png").unlink()
    words = ["eval", "--data", folder, "--method", "none"]
    status = run(*words, "--json", "-")
    told = capsys.readouterr()
    assert status == 0
    assert "1 annotated photo not there and left out, such as 5_1.png." in told.err
    result = json.loads(told.out)
    assert result["data"] == {"layout": "fcdb", "split": "test"}
    assert result["photos"] == 2
    assert result["methods"]["none"]["n"]["iou"] == 2
    assert run(*words, "--split", "validation") == 0
    assert "1 of 5 photos of the training split are held out" in capsys.readouterr().err
    assert run(*words, "--layout", "flms") == 1
