"""The command line as a whole: usage, exit statuses, help; and ``cropcore maps``."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cropcore import __version__
from cropcore.cli.main import main
from tests.cropcore.helpers.commands import run_json


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


def test_eval_needs_photos_with_its_annotations(capsys) -> None:
    assert main(["eval", "people.json"]) == 2
    assert "Give ANNOTATIONS.json and --images, or --data." in capsys.readouterr().err


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

    monkeypatch.setattr(sys.modules["cropcore.engine.engine"].CropEngine, "load", load)
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
        "from cropcore.cli.main import main\n"
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
            cwd=Path(__file__).parents[3],
        )
        assert done.returncode == 0, done.stderr
        assert expected in done.stdout


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
