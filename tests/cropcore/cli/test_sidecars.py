"""``cropcore crop --box``, ``--centre`` and ``--sidecar``: without the engine, and without pixels."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from cropcore.cli.main import main
from cropcore.images.photo import read_photo
from cropcore.interop.rawtherapee import read_pp3
from cropcore.interop.xmp_sidecar import read_xmp
from tests.cropcore.helpers.commands import run, run_json
from tests.cropcore.helpers.foreign_maker import (
    CROPPED,
    adobe_style,
    darktable_crop,
    darktable_history,
    grid_photo,
)


class TestGivenCrops:
    @pytest.mark.parametrize(
        ("options", "pixels", "method"),
        [
            (["--box", "0.25,0.25,0.75,0.5"], [150, 100, 450, 200], "box"),
            (["--box", "150px,100px,450px,200px"], [150, 100, 450, 200], "box"),
            (["--box", "0.25,0.25,0.75,0.5", "--aspect", "1:1"], [214, 64, 386, 236], "box"),
            (["--centre", "--aspect", "1:1"], [100, 0, 500, 400], "centre"),
            (["--centre"], [0, 0, 600, 400], "centre"),
        ],
    )
    def test_it_is_cropped_as_given(
        self, tmp_path: Path, capsys, options: list[str], pixels: list[int], method: str
    ) -> None:
        photo = grid_photo(tmp_path / "a.jpg").path
        status, result = run_json(capsys, "crop", photo, *options, "--out", tmp_path / "out")
        assert status == 0
        (entry,) = result["photos"]
        (found,) = entry["results"]
        (candidate,) = found["candidates"]
        assert found["method"] == candidate["proposed_by"] == method
        assert found["confidence"] == 1.0
        assert max(abs(a - b) for a, b in zip(candidate["pixels"], pixels, strict=True)) <= 1
        with Image.open(candidate["output"]) as image:
            assert abs(image.width - (pixels[2] - pixels[0])) <= 1

    def test_the_engine_is_not_even_loaded(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg").path
        program = (
            "import sys; from cropcore.cli.main import main; "
            f"status = main(['crop', {str(photo)!r}, '--centre', '--aspect', '4:5', "
            f"'--sidecar', 'xmp', '--out', {str(tmp_path / 'out')!r}]); "
            "assert status == 0; assert 'torch' not in sys.modules"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize(
        "text", ["0.5,0.5,0.2,0.9", "1,2,3", "nan,0,1,1", "10,10,200,200", "-1px,0px,5px,5px", "a"]
    )
    def test_what_is_no_crop_is_refused(self, tmp_path: Path, capsys, text: str) -> None:
        photo = grid_photo(tmp_path / "a.jpg").path
        with pytest.raises(SystemExit) as caught:
            main(["crop", str(photo), f"--box={text}"])
        assert caught.value.code == 2
        assert "x1,y1,x2,y2" in capsys.readouterr().err

    def test_pixels_beyond_one_photo_fail_that_photo_alone(self, tmp_path: Path, capsys) -> None:
        small = tmp_path / "small.png"
        Image.new("RGB", (100, 100)).save(small)
        photo = grid_photo(tmp_path / "a.jpg").path
        status, result = run_json(capsys, "crop", small, photo, "--box", "0px,0px,300px,300px")
        assert status == 1
        assert [entry["file"] for entry in result["failures"]] == [str(small)]
        assert result["photos"][-1]["file"] == str(photo)

    def test_a_method_is_none_of_its_business(self, tmp_path: Path, capsys) -> None:
        photo = grid_photo(tmp_path / "a.jpg").path
        assert run("crop", photo, "--centre", "--method", "gaic") == 2


class TestSidecars:
    def test_the_first_crop_of_the_first_aspect_and_no_pixels(self, tmp_path: Path, capsys) -> None:
        photo = grid_photo(tmp_path / "a.jpg", orientation=6).path
        asked = ["--centre", "--aspect", "1:1", "--aspect", "4:5", "--sidecar", "xmp"]
        status, result = run_json(capsys, "crop", photo, *asked)
        assert status == 0
        assert result["photos"][0]["sidecar"] == {"file": str(tmp_path / "a.xmp"), "state": "made"}
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jpg", "a.xmp"]
        found = read_xmp(read_photo(photo)).crop
        assert found is not None
        assert found.crop.box == pytest.approx((0, 1 / 6, 1, 5 / 6), abs=1e-5)

    def test_pixels_too_where_they_are_asked_for(self, tmp_path: Path, capsys) -> None:
        photo = grid_photo(tmp_path / "a.jpg").path
        asked = ["--centre", "--sidecar", "pp3", "--out", tmp_path / "out"]
        assert run("crop", photo, *asked) == 0
        assert (tmp_path / "a.jpg.pp3").exists()
        assert [p.name for p in (tmp_path / "out").iterdir()] == ["a_free_1.jpg"]

    def test_into_a_folder(self, tmp_path: Path, capsys) -> None:
        photo = grid_photo(tmp_path / "a.jpg").path
        asked = ["--centre", "--aspect", "1:1", "--sidecar", "xmp"]
        assert run("crop", photo, *asked, "--sidecar-dir", tmp_path / "cars") == 0
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jpg", "cars"]
        assert (tmp_path / "cars" / "a.xmp").exists()

    def test_two_photos_of_one_name_do_not_share_a_file(self, tmp_path: Path, capsys) -> None:
        (tmp_path / "b").mkdir()
        photos = [grid_photo(tmp_path / "a.jpg").path, grid_photo(tmp_path / "b" / "a.jpg").path]
        asked = ["--centre", "--aspect", "1:1", "--sidecar", "xmp"]
        status, result = run_json(
            capsys, "crop", *photos, *asked, "--sidecar-dir", tmp_path / "cars"
        )
        assert status == 1
        assert "holds the crop of a.jpg already" in result["failures"][0]["error"]

    def test_crops_there_are_kept_unless_asked(self, tmp_path: Path, capsys) -> None:
        photo = grid_photo(tmp_path / "a.jpg").path
        before = adobe_style(CROPPED)
        (tmp_path / "a.xmp").write_bytes(before)
        asked = ["crop", photo, "--centre", "--aspect", "1:1", "--sidecar", "xmp"]
        assert run(*asked) == 0
        told = capsys.readouterr()
        assert "1 kept with another crop" in told.out
        assert "holds another crop, which is kept" in told.err
        assert (tmp_path / "a.xmp").read_bytes() == before
        assert run(*asked, "--replace-crops") == 0
        assert (tmp_path / "a.xmp").read_bytes() != before

    def test_what_will_be_read_is_counted(self, tmp_path: Path, capsys) -> None:
        photos = [grid_photo(tmp_path / f"{name}.jpg").path for name in "abc"]
        steps = [("crop", True, darktable_crop(0, 0, 0.5, 0.5))]
        (tmp_path / "b.jpg.xmp").write_bytes(darktable_history(steps))
        assert run("crop", *photos, "--centre", "--aspect", "1:1", "--sidecar", "xmp") == 0
        told = capsys.readouterr().out
        assert "3 sidecars written" in told
        assert "1 photo developed in darktable already: it will not read the crop" in told
        assert "3 photos of a kind whose sidecar Lightroom does not read" in told

    def test_one_that_is_damaged_takes_nothing_along(self, tmp_path: Path, capsys) -> None:
        photos = [grid_photo(tmp_path / f"{name}.jpg").path for name in "ab"]
        (tmp_path / "a.xmp").write_bytes(b"<broken")
        asked = ["--centre", "--aspect", "1:1", "--sidecar", "xmp"]
        status, result = run_json(capsys, "crop", *photos, *asked)
        assert status == 1
        (failure,) = result["failures"]
        assert failure["file"] == str(tmp_path / "a.xmp")
        assert "It is left as it is" in failure["error"]
        assert (tmp_path / "a.xmp").read_bytes() == b"<broken"
        assert (tmp_path / "b.xmp").exists()

    @pytest.mark.parametrize("option", ["--replace-crops", "--new-pp3", "--sidecar-dir=x"])
    def test_options_of_sidecars_need_one(self, tmp_path: Path, capsys, option: str) -> None:
        photo = grid_photo(tmp_path / "a.jpg").path
        assert run("crop", photo, "--centre", option) == 2
        assert "goes with --sidecar" in capsys.readouterr().err

    def test_the_engines_crop_is_written(
        self, tmp_path: Path, capsys, make_photo, installed_engine
    ) -> None:
        photo = make_photo("a.jpg", size=(600, 400))
        asked = ["--aspect", "1:1", "--sidecar", "pp3"]
        status, result = run_json(capsys, "crop", photo, *asked)
        assert status == 0
        candidate = result["photos"][0]["results"][0]["candidates"][0]
        found = read_pp3(read_photo(photo)).crop
        assert found is not None
        left, top, right, bottom = candidate["pixels"]
        assert found.crop.box == pytest.approx((left / 600, top / 400, right / 600, bottom / 400))


class TestBatches:
    def test_a_given_crop_is_a_method(self, tmp_path: Path, capsys) -> None:
        (tmp_path / "in").mkdir()
        photos = [grid_photo(tmp_path / "in" / f"{name}.jpg").path for name in "ab"]
        preset = tmp_path / "p.json"
        preset.write_text(
            '{"schema": 1, "name": "p", "aspects": ["free", "1:1"], '
            '"method": "box:0.25,0.25,0.75,0.75"}'
        )
        asked = ["batch", preset, tmp_path / "in", "--out", tmp_path / "out", "--sidecar", "xmp"]
        status, result = run_json(capsys, *asked)
        assert status == 0
        assert len(result["photos"]) == len(photos) == 2
        for entry in result["photos"]:
            free, square = (found["candidates"][0] for found in entry["results"])
            assert free["pixels"] == [150, 100, 450, 300]
            assert free["proposed_by"] == "box"
            assert square["pixels"][2] - square["pixels"][0] == 245
            assert entry["sidecar"]["state"] == "made"
            found = read_xmp(read_photo(entry["file"])).crop
            assert found is not None
            assert found.crop.box == pytest.approx((0.25, 0.25, 0.75, 0.75))
        # What is finished is not done again, and the sidecars are the same.
        status, result = run_json(capsys, *asked, "--resume")
        assert status == 0
        assert result["resumed"] == 4
        assert {entry["sidecar"]["state"] for entry in result["photos"]} == {"same"}

    def test_no_such_crop(self, tmp_path: Path, capsys) -> None:
        preset = tmp_path / "p.json"
        preset.write_text('{"schema": 1, "name": "p", "aspects": ["free"], "method": "box:1,2"}')
        (tmp_path / "in").mkdir()
        grid_photo(tmp_path / "in" / "a.jpg")
        assert run("batch", preset, tmp_path / "in", "--out", tmp_path / "out") == 2
        assert "x1,y1,x2,y2" in capsys.readouterr().err
