"""``cropcore crop``: what it tells and what it writes."""

import errno
import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from cropcore.cli.main import main
from cropcore.files import atomic_write
from cropcore.messages import Message
from tests.cropcore.helpers.commands import run, run_json


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
        *("rank", "box", "pixels", "shape", "angle", "score", "raw_score", "proposed_by", "output"),
        *("idea", "cuts"),
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


def test_names_of_files_say_a_ratio_as_the_json_does(
    make_photo, installed_engine, tmp_path, capsys
) -> None:
    ratios = ("1,91", "1080x1350", "10x15 cm", "A4", "16:9", "free", "circle", "original")
    asked = [part for ratio in ratios for part in ("--aspect", ratio)]
    photo = make_photo("a.jpg", size=(600, 400))
    _, told = run_json(capsys, "crop", photo, *asked, "--out", tmp_path / "crops")
    said = [result["aspect"] for result in told["photos"][0]["results"]]
    assert said[:4] == ["1.91x1", "4x5", "2x3", "210x297"]
    files = [result["candidates"][0]["output"] for result in told["photos"][0]["results"]]
    assert [Path(file).name for file in files] == [f"a_{aspect}_1.jpg" for aspect in said]


def test_crops_to_be_cut_later_are_told_and_exported(
    make_photo, weights, monkeypatch, tmp_path, capsys
) -> None:
    from cropcore.engine.engine import CropEngine

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
    from cropcore.engine.engine import CropEngine

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
    assert [r["aspect"] for r in result["photos"][1]["results"]] == ["1x1", "16x9", "4x5"]


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
    truncated.write_bytes(truncated.read_bytes()[:300])
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
    assert "big.jpg: The engine failed on the photo (CUDA out of memory.)" in told.err
    assert "Traceback" not in told.err
    assert any(path.name.startswith("small_") for path in (tmp_path / "o").iterdir())


def test_a_failed_export_is_named_and_the_candidates_kept(
    make_photo, installed_engine, tmp_path, capsys, monkeypatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic_write, "_publish", full)
    photo = make_photo()
    status, result = run_json(capsys, "crop", photo, "--out", tmp_path / "o")
    assert status == 1
    assert result["failures"] == [
        {"file": str(photo), "error": "The disk is full. Free some space or choose another folder."}
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
    installed_engine.device_note = Message("No CUDA here: running on the CPU.")
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


def test_text_is_kept_whole_on_request(tmp_path, capsys) -> None:
    import cv2
    import numpy as np
    from skimage import data

    pixels = cv2.resize(np.asarray(data.chelsea(), np.uint8), (1200, 800))
    font, white = cv2.FONT_HERSHEY_DUPLEX, (255, 255, 255)
    cv2.putText(pixels, "OPEN TODAY", (600, 600), font, 2.0, white, 5, cv2.LINE_AA)
    cv2.imwrite(str(tmp_path / "poster.jpg"), pixels[:, :, ::-1])
    boxes = {}
    for kept in ("no", "yes"):
        asked = ["crop", tmp_path / "poster.jpg", "--aspect", "9:16", "--keep-text", kept]
        status, result = run_json(capsys, *asked)
        assert status == 0
        boxes[kept] = result["photos"][0]["results"][0]["candidates"][0]["box"]
    assert boxes["yes"][0] < 0.51
    assert boxes["yes"][2] > 0.81
    assert not (boxes["no"][0] < 0.51 and boxes["no"][2] > 0.81)
