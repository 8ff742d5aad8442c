import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cropcore import __version__
from cropcore.annotations import fold_of
from cropcore.cli import main


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def run_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict]:
    status = run(*arguments, "--json", "-")
    return status, json.loads(capsys.readouterr().out)


# --- crop -------------------------------------------------------------------------------------


def test_crop_tells_and_exports_the_contracts_json(
    make_photo, installed_engine, tmp_path, capsys
) -> None:
    photo, out = make_photo("a.jpg", size=(600, 400)), tmp_path / "crops"
    before = photo.read_bytes()
    status, result = run_json(
        capsys, "crop", photo, "--aspect", "4:5", "--aspect", "circle", "-k", 2, "--out", out
    )
    assert status == 0
    assert result["schema"] == 1
    assert result["failures"] == []
    (entry,) = result["photos"]
    assert (entry["file"], entry["width"], entry["height"]) == (str(photo), 600, 400)
    tall, circle = entry["results"]
    assert (tall["aspect"], tall["method"], tall["confidence"]) == ("4x5", "gaic", 0.75)
    assert [c["rank"] for c in tall["candidates"]] == [1, 2]
    first = tall["candidates"][0]
    assert set(first) == {
        *("rank", "box", "pixels", "shape", "angle", "score", "raw_score", "proposed_by", "output")
    }
    assert first["score"] == 89.0
    assert first["output"] == str(out / "a_4x5_1.jpg")
    left, top, right, bottom = first["pixels"]
    with Image.open(first["output"]) as image:
        assert image.size == (right - left, bottom - top)
    assert (right - left) / (bottom - top) == pytest.approx(4 / 5, abs=1 / 300)
    assert circle["candidates"][0]["shape"] == "circle"
    assert sorted(p.name for p in out.iterdir()) == [
        *("a_4x5_1.jpg", "a_4x5_2.jpg", "a_circle_1.jpg", "a_circle_2.jpg")
    ]
    assert photo.read_bytes() == before


def test_crops_to_be_cut_later_are_told_and_exported(
    make_photo, weights, monkeypatch, tmp_path, capsys
) -> None:
    from cropcore.engine import CropEngine

    load = CropEngine.load
    monkeypatch.setattr(CropEngine, "load", lambda device, _=None: load(device, weights))
    photo, out = make_photo("a.jpg", size=(600, 400)), tmp_path / "crops"
    asked = ["crop", photo, "--aspect", "4:5", "--out", out, "-k", 2]
    status, result = run_json(capsys, *asked, "--also", "1:1", "--also", "circle")
    assert status == 0
    candidates = result["photos"][0]["results"][0]["candidates"]
    assert len(candidates) == 2
    for candidate in candidates:
        assert [n["aspect"] for n in candidate["nested"]] == ["1x1", "circle"]
        outer = candidate["pixels"]
        for nested in candidate["nested"]:
            assert set(nested) == {"aspect", "box", "pixels", "shape", "angle", "score", "output"}
            left, top, right, bottom = nested["pixels"]
            assert right - left == bottom - top
            # Borders that coincide are rounded each for itself.
            assert left >= outer[0] - 1
            assert top >= outer[1] - 1
            assert right <= outer[2] + 1
            assert bottom <= outer[3] + 1
            with Image.open(nested["output"]) as image:
                assert image.size == (right - left, bottom - top)
    assert sorted(p.name for p in out.iterdir()) == [
        f"a_{aspect}_{rank}.jpg" for aspect in ("1x1", "4x5", "circle") for rank in (1, 2)
    ]
    # Without it nothing is different.
    _, plain = run_json(capsys, "crop", photo, "--aspect", "4:5")
    assert all("nested" not in c for c in plain["photos"][0]["results"][0]["candidates"])


def test_later_crops_are_listed_for_a_person(make_photo, weights, monkeypatch, capsys) -> None:
    from cropcore.engine import CropEngine

    load = CropEngine.load
    monkeypatch.setattr(CropEngine, "load", lambda device, _=None: load(device, weights))
    assert run("crop", make_photo("a.jpg", size=(300, 200)), "--also", "16:9", "-k", 1) == 0
    assert "(16:9 inside)" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stop:
        run("crop", "a.jpg", "--also", "free")
    assert stop.value.code == 2
    assert "cut from a crop later" in capsys.readouterr().err


def test_each_photo_is_encoded_once_for_all_aspects(make_photo, installed_engine, capsys) -> None:
    paths = [make_photo("a.jpg"), make_photo("b.png")]
    aspects = ["--aspect", "1:1", "--aspect", "16:9", "--aspect", "0.8"]
    status, result = run_json(capsys, "crop", *paths, *aspects)
    assert status == 0
    assert installed_engine.encoded == ["a.jpg", "b.png"]
    assert [r["aspect"] for r in result["photos"][1]["results"]] == ["1x1", "16x9", "0.8x1"]


def test_without_k_ten_are_listed_and_the_best_is_exported(
    make_photo, installed_engine, tmp_path, capsys
) -> None:
    out = tmp_path / "out"
    _, result = run_json(capsys, "crop", make_photo(), "--out", out)
    candidates = result["photos"][0]["results"][0]["candidates"]
    assert len(candidates) == 10
    assert ["output" in c for c in candidates] == [True] + [False] * 9
    assert [p.name for p in out.iterdir()] == ["photo_free_1.jpg"]


def test_crop_without_out_writes_no_file(make_photo, installed_engine, tmp_path, capsys) -> None:
    photo = make_photo()
    assert main(["crop", str(photo), "--aspect", "1:1"]) == 0
    assert list(tmp_path.iterdir()) == [photo]
    told = capsys.readouterr()
    assert "photo.jpg  120 x 80" in told.out
    assert "80 x 80" in told.out
    assert told.err == ""


def test_crop_never_overwrites(make_photo, installed_engine, tmp_path, capsys) -> None:
    photo, out = make_photo(), tmp_path / "out"
    run_json(capsys, "crop", photo, "--out", out)
    first = (out / "photo_free_1.jpg").read_bytes()
    _, again = run_json(capsys, "crop", photo, "--out", out)
    candidate = again["photos"][0]["results"][0]["candidates"][0]
    assert Path(candidate["output"]).name == "photo_free_1 (2).jpg"
    assert (out / "photo_free_1.jpg").read_bytes() == first


def test_format_size_and_quality_reach_the_file(make_photo, installed_engine, tmp_path) -> None:
    out = tmp_path / "out"
    how = ("--format", "webp", "--size", "40x50", "--quality", 70)
    status = run("crop", make_photo(), "--aspect", "4:5", "--out", out, *how)
    assert status == 0
    with Image.open(out / "photo_4x5_1.webp") as image:
        assert (image.format, image.size) == ("WEBP", (40, 50))


def test_all_methods_answer_apart(make_photo, installed_engine, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    _, result = run_json(capsys, "crop", make_photo(), "--method", "all", "--out", out)
    assert [r["method"] for r in result["photos"][0]["results"]] == ["gaic", "asm"]
    assert sorted(str(p.relative_to(out)) for p in out.rglob("*.jpg")) == [
        str(Path("asm", "photo_free_1.jpg")),
        str(Path("gaic", "photo_free_1.jpg")),
    ]


def test_bad_photos_are_named_and_the_rest_goes_on(
    make_photo, installed_engine, tmp_path, capsys
) -> None:
    good = [make_photo("first.jpg"), make_photo("l ä st.jpg")]
    truncated = make_photo("truncated.jpg", size=(600, 400))
    truncated.write_bytes(truncated.read_bytes()[:900])
    empty, text = tmp_path / "empty.jpg", tmp_path / "text.jpg"
    empty.touch()
    text.write_text("hello")
    bad = [truncated, empty, text, tmp_path / "absent.jpg", tmp_path]
    photos = [good[0], *bad, good[1]]
    status = run("crop", *photos, "--out", tmp_path / "o", "--json", "-")
    told = capsys.readouterr()
    result = json.loads(told.out)
    assert status == 1
    assert [p["file"] for p in result["photos"]] == [str(p) for p in good]
    assert [f["file"] for f in result["failures"]] == [str(p) for p in bad]
    lines = told.err.splitlines()
    assert len(lines) == len(bad)
    assert all(str(path) in line for path, line in zip(bad, lines, strict=True))
    assert len(list((tmp_path / "o").iterdir())) == 2


def test_a_file_is_named_as_it_is_and_on_one_line(installed_engine, tmp_path, capsys) -> None:
    names = ["two  spaces.jpg", "line\nend.jpg"]
    for name in names:
        (tmp_path / name).write_text("no photo")
    assert main(["crop", *(str(tmp_path / name) for name in names)]) == 1
    first, second = [line for line in capsys.readouterr().err.splitlines() if ".jpg" in line]
    assert "two  spaces.jpg" in first
    assert "line end.jpg" in second


@pytest.mark.parametrize("command", ["crop", "maps"])
def test_a_photo_that_the_engine_fails_on_is_named_and_the_rest_goes_on(
    command: str, make_photo, installed_engine, tmp_path, capsys, monkeypatch
) -> None:
    encode = installed_engine.encode

    def full(photo):
        if photo.path.name == "big.jpg":
            raise RuntimeError("CUDA out of memory.\nA long tale.")
        return encode(photo)

    monkeypatch.setattr(installed_engine, "encode", full)
    big, small = make_photo("big.jpg"), make_photo("small.jpg")
    assert main([command, str(big), str(small), "--out", str(tmp_path / "o")]) == 1
    told = capsys.readouterr()
    assert "big.jpg: the engine failed on it (CUDA out of memory.)" in told.err
    assert "Traceback" not in told.err
    assert any(path.name.startswith("small_") for path in (tmp_path / "o").iterdir())


def test_a_failed_export_is_named_and_the_candidates_kept(
    make_photo, installed_engine, tmp_path, capsys, monkeypatch
) -> None:
    from cropcore.commands import crop
    from cropcore.errors import ExportError

    def full(*_: object) -> None:
        raise ExportError("photo_free_1.jpg", "the disk is full.", "Free some space.")

    monkeypatch.setattr(crop, "export_crops", full)
    photo = make_photo()
    status, result = run_json(capsys, "crop", photo, "--out", tmp_path / "o")
    assert status == 1
    assert result["failures"] == [
        {"file": str(photo), "error": "the disk is full. Free some space."}
    ]
    assert len(result["photos"][0]["results"][0]["candidates"]) == 10


def test_uncalibrated_scores_are_null(make_photo, installed_engine, capsys) -> None:
    installed_engine.calibrated = False
    _, result = run_json(capsys, "crop", make_photo())
    candidate = result["photos"][0]["results"][0]["candidates"][0]
    assert candidate["score"] is None
    assert candidate["raw_score"] == 1.0


def test_json_goes_to_a_file_and_text_to_the_terminal(
    make_photo, installed_engine, tmp_path, capsys
) -> None:
    report = tmp_path / "report.json"
    assert main(["crop", str(make_photo()), "--json", str(report)]) == 0
    assert json.loads(report.read_text())["photos"]
    assert "photo.jpg" in capsys.readouterr().out
    assert [p.name for p in tmp_path.glob(".*")] == []


def test_the_device_note_is_told_once(make_photo, installed_engine, capsys) -> None:
    installed_engine.device_note = "No CUDA here: running on the CPU."
    main(["crop", str(make_photo("a.jpg")), str(make_photo("b.jpg")), "--json", "-"])
    told = capsys.readouterr()
    assert told.err.count("No CUDA here") == 1
    json.loads(told.out)


def test_progress_is_shown_on_a_terminal_and_wiped(
    make_photo, installed_engine, capsys, monkeypatch
) -> None:
    photos = [make_photo("a.jpg"), make_photo("b.jpg")]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run("crop", *photos, "--json", "-") == 0
    told = capsys.readouterr()
    assert "[1/2]" in told.err
    assert "[2/2]" in told.err
    assert told.err.endswith("\r\x1b[K")
    assert len(json.loads(told.out)["photos"]) == 2


# --- maps -------------------------------------------------------------------------------------


def test_maps_are_written_as_picture_overlay_and_array(
    make_photo, installed_engine, tmp_path, capsys
) -> None:
    out = tmp_path / "maps"
    photo = make_photo("a.jpg", size=(1500, 1000), bright=(0.5, 0, 1, 1))
    status, result = run_json(capsys, "maps", photo, "--out", out)
    assert status == 0
    names = [f"a_{m}{e}" for m in ("saliency", "content") for e in (".png", "_overlay.png", ".npy")]
    assert sorted(p.name for p in out.iterdir()) == sorted(names)
    assert [m["name"] for m in result["photos"][0]["maps"]] == ["saliency", "content"]
    saliency = result["photos"][0]["maps"][0]
    values = np.load(saliency["npy"], allow_pickle=False)
    assert values.dtype == np.float32
    assert values.shape == (43, 64)
    with Image.open(saliency["png"]) as image, Image.open(saliency["overlay"]) as over:
        assert image.size == over.size == (1024, 683)
        picture = np.asarray(image.convert("L"), float)
        mixed = np.asarray(over.convert("RGB"), float)
    assert picture[:, :400].mean() < picture[:, 600:].mean() - 50
    # Where the map is low the photo shows in its own grey.
    assert np.ptp(mixed[300, 200]) == 0


def test_one_map_can_be_chosen_and_nothing_is_overwritten(
    make_photo, installed_engine, tmp_path, capsys
) -> None:
    out, photo = tmp_path / "maps", make_photo("a.jpg")
    for _ in range(2):
        assert main(["maps", str(photo), "--map", "content", "--out", str(out)]) == 0
    assert sorted(p.name for p in out.glob("*.npy")) == ["a_content (2).npy", "a_content.npy"]
    assert main(["maps", str(photo), "--map", "area", "--out", str(out)]) == 2
    assert "choose saliency, content" in capsys.readouterr().err


def test_maps_go_on_after_a_bad_photo(make_photo, installed_engine, tmp_path, capsys) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_text("no photo")
    status, result = run_json(capsys, "maps", bad, make_photo("a.jpg"), "--out", tmp_path / "m")
    assert status == 1
    assert [p["file"] for p in result["photos"]] == [str(tmp_path / "a.jpg")]
    assert [f["file"] for f in result["failures"]] == [str(bad)]


# --- eval -------------------------------------------------------------------------------------


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
        *("gaic", "asm", "saliency", "none", "centre90", "constant", "centre_ratio"),
        *("centre_gaze", "spectral_residual"),
    ]
    assert result["methods"]["gaic"]["weights_sha256"] == "ab" * 32
    assert result["photos"] == 8
    assert result["annotations"] == "people.json"


def test_eval_defaults_to_the_first_method(people, installed_engine, capsys) -> None:
    _, result = evaluate(capsys, people)
    assert list(result["methods"]) == ["gaic"]


def test_eval_of_baselines_needs_no_engine(people, capsys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "cropcore.engine", None)
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


# --- train ------------------------------------------------------------------------------------


def test_train_hands_its_arguments_on(monkeypatch, tmp_path) -> None:
    import types

    got = {}

    report = {"schema": 1, "method": "asm", "recipe": "paper", "runs": []}

    def train_command(args, progress) -> dict:
        got.update(vars(args))
        progress(0, 1, "epoch 1")
        return report

    module = types.ModuleType("cropcore.training.run")
    module.train_command = train_command
    monkeypatch.setitem(sys.modules, "cropcore.training.run", module)
    which = ("--folds", "1,2,4", "--encoder", "e.pth", "--resume")
    paper = ("--recipe", "paper", "--data", "d", "--out", "o.safetensors")
    into = tmp_path / "report.json"
    assert run("train", "asm", *paper, *which, "--json", str(into)) == 0
    assert json.loads(into.read_text()) == report
    assert (got["method"], got["recipe"], got["data"]) == ("asm", "paper", Path("d"))
    assert (got["folds"], got["cv"]) == ((1, 2, 4), None)
    assert (got["encoder"], got["resume"]) == (Path("e.pth"), True)


# --- usage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["crop"],
        ["crop", "a.jpg", "--aspect", "4:0"],
        ["crop", "a.jpg", "--aspect", "wide"],
        ["crop", "a.jpg", "-k", "0"],
        ["crop", "a.jpg", "--quality", "101"],
        ["crop", "a.jpg", "--format", "gif"],
        ["crop", "a.jpg", "--device", "tpu"],
        ["maps", "a.jpg"],
        ["eval", "people.json"],
        ["eval", "people.json", "--images", "i", "--fold", "5"],
        ["train", "gaic", "--data", "d"],
        ["train", "gaic", "--data", "d", "--out", "o", "--folds", "1,1"],
        ["train", "gaic", "--data", "d", "--out", "o", "--folds", "1,2", "--cv", "5"],
    ],
)
def test_wrong_usage_exits_2(arguments: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "usage:" in told.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--size", "large"],
        ["--method", "vision"],
        ["--device", "cuda"],
        ["--json", "absent/report.json"],
        ["--json", "PHOTO"],
        ["--out", "PHOTO"],
    ],
)
def test_choices_that_cannot_be_exit_2(arguments, make_photo, installed_engine, capsys) -> None:
    photo = make_photo()
    before = photo.read_bytes()
    arguments = [str(photo) if a == "PHOTO" else a for a in arguments]
    assert main(["crop", str(photo), *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("cropcore: ")
    assert told.err.count("\n") == 1
    assert photo.read_bytes() == before


def test_missing_weights_are_said_plainly(
    make_photo, installed_engine, capsys, monkeypatch
) -> None:
    from cropcore.errors import WeightsError

    def load(device: str, weights: Path | None) -> None:
        raise WeightsError("gaic.safetensors is missing. Install Cropsight again.")

    monkeypatch.setattr(sys.modules["cropcore.engine"].CropEngine, "load", load)
    assert main(["crop", str(make_photo())]) == 1
    assert capsys.readouterr().err == (
        "cropcore: gaic.safetensors is missing. Install Cropsight again.\n"
    )


def test_interrupting_exits_130(make_photo, installed_engine, capsys, monkeypatch) -> None:
    def interrupted(photo: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(installed_engine, "encode", interrupted)
    assert main(["crop", str(make_photo())]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_version_and_help_come_without_torch() -> None:
    code = (
        "import sys\n"
        "from cropcore.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: assert not {'torch', 'cv2', 'scipy', 'PIL'} & set(sys.modules)\n"
    )
    for arguments, expected in (
        (["--version"], f"cropcore {__version__}"),
        (["--help"], "cropcore crop photo.jpg"),
        (["crop", "--help"], "--aspect A"),
        (["train", "--help"], "--recipe"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
        )
        assert done.returncode == 0, done.stderr
        assert expected in done.stdout


def test_a_closed_pipe_is_no_error(people) -> None:
    code = "import sys; from cropcore.cli import main; sys.exit(main(sys.argv[1:]))"
    arguments = ["eval", str(people), "--images", str(people.parent / "images")]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments, "--method", "baselines", "--json", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, error = process.communicate()
    assert error == ""
    assert process.returncode == 141
