"""What a person did to photos before a batch: honoured, noted, named and shown in the report."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cropcore.batch.batch import Batch
from cropcore.batch.file_name_preview import file_name_previews
from cropcore.batch.jobs import PhotoOutcome
from cropcore.batch.journal import Journal
from cropcore.batch.preset import Preset
from cropcore.batch.prior_edits import PERSON, PriorEdits
from cropcore.batch.report import Report
from cropcore.errors import OptionError
from cropcore.export.export import PhotoSource, Pick
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import FLIP_HORIZONTAL, TURN_LEFT, TURN_RIGHT, Orientation
from cropcore.images.photo import read_photo

PORTRAIT = Aspect.parse("4:5")
PRESET = Preset("p", (PORTRAIT,), format="png")
OWN = Crop((0.3, 0.1, 0.7, 0.85))
NEAR = Crop((0.2, 0.2, 0.6, 0.95))


@pytest.fixture
def photo(make_photo) -> Path:
    return make_photo("a.png", size=(150, 100), bright=(0.6, 0.0, 1.0, 0.5))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def run(
    engine: Any,
    photo: Path,
    out: Path,
    prior_edits: PriorEdits,
    preset: Preset = PRESET,
    **more: Any,
) -> PhotoOutcome:
    batch = Batch(preset, [photo], out, Journal(out), prior_edits={photo: prior_edits}, **more)
    (outcome,) = batch.run(engine)
    assert outcome.error is None
    return outcome


def pixels_of(outcome: PhotoOutcome, place: int = 0) -> np.ndarray:
    with Image.open(outcome.jobs[0].result["candidates"][place]["output"]) as image:
        return np.array(image)


def exported(path: Path, prior_edits: PriorEdits, crop: Crop) -> np.ndarray:
    """The pixels that an export of the crop alone has."""
    source = PhotoSource.read(prior_edits.oriented(read_photo(path)), PRESET.options(path.parent))
    made = source.encode(Pick(crop, PORTRAIT))
    target = path.parent / "exported.png"
    target.write_bytes(made.data)
    with Image.open(target) as image:
        return np.array(image)


@pytest.mark.parametrize("turn", [TURN_RIGHT, TURN_LEFT, FLIP_HORIZONTAL, Orientation(90, True)])
@pytest.mark.parametrize("angle", [0.0, 7.5, -20.0])
def test_a_photo_lies_as_the_person_laid_it(engine_double, photo, out, turn, angle) -> None:
    prior_edits = PriorEdits(turn, angle)
    outcome = run(engine_double, photo, out, prior_edits)
    turned = read_photo(photo).turned(turn)
    assert (outcome.width, outcome.height) == (turned.width, turned.height)
    (candidate,) = outcome.jobs[0].result["candidates"]
    assert candidate["angle"] == angle
    seen = engine_double.suggest(engine_double.encode(turned), PORTRAIT, 1)
    crop = prior_edits.in_canvas(turned, seen).candidates[0].crop
    assert candidate["box"] == pytest.approx(crop.box, abs=1e-6)
    assert (pixels_of(outcome) == exported(photo, prior_edits, crop)).all()


def test_the_engine_sees_the_straightened_photo(engine_double, photo, out, monkeypatch) -> None:
    seen = []
    whole = engine_double.encode
    monkeypatch.setattr(
        engine_double, "encode", lambda photo, pixels: seen.append(pixels) or whole(photo)
    )
    prior_edits = PriorEdits(TURN_LEFT, 12.0)
    run(engine_double, photo, out, prior_edits)
    assert (seen[0] == prior_edits.seen(prior_edits.oriented(read_photo(photo)))).all()


def test_own_crops_are_taken_as_they_are_and_the_engine_is_not_asked(
    engine_double, photo, out
) -> None:
    other = Aspect.parse("1:1"), Crop((0.0, 0.0, 0.4, 0.6))
    prior_edits = PriorEdits(crops=((Aspect.parse("8:10"), OWN), other, (PORTRAIT, NEAR)))
    outcome = run(
        engine_double,
        photo,
        out,
        prior_edits,
        Preset("p", (PORTRAIT,), format="png", min_pixels=90),
    )
    assert engine_double.encoded == []
    result = outcome.jobs[0].result
    assert (result["method"], result["confidence"]) == (PERSON, 1.0)
    assert [Path(c["output"]).name for c in result["candidates"]] == ["a_4x5_1.png", "a_4x5_2.png"]
    for place, crop in enumerate((OWN, NEAR)):
        assert (pixels_of(outcome, place) == exported(photo, prior_edits, crop)).all()
    without = Preset("p", (PORTRAIT,), format="png", keep_own_crops=False)
    asked = run(engine_double, photo, out, prior_edits, without)
    assert engine_double.encoded == ["a.png"]
    assert asked.jobs[0].result["method"] == "gaic"


def test_only_what_has_no_own_crop_is_asked_for(engine_double, photo, out) -> None:
    preset = Preset("p", (Aspect.parse("1:1"), PORTRAIT), format="png")
    outcome = run(engine_double, photo, out, PriorEdits(crops=((PORTRAIT, OWN),)), preset)
    assert [job.result["method"] for job in outcome.jobs] == ["gaic", PERSON]
    assert [asked[0] for asked in engine_double.asked] == ["1:1"]


@pytest.mark.parametrize(
    "prior_edits",
    [
        PriorEdits(TURN_RIGHT),
        PriorEdits(angle=3.0),
        PriorEdits(crops=((PORTRAIT, OWN),)),
        PriorEdits(TURN_LEFT, -2.0, ((PORTRAIT, OWN), (PORTRAIT, NEAR))),
    ],
)
def test_a_batch_goes_on_with_what_was_done_alike_and_makes_the_rest_anew(
    engine_double, photo, out, prior_edits
) -> None:
    first = run(engine_double, photo, out, prior_edits)
    again = run(engine_double, photo, out, prior_edits, resume=True)
    assert [job.state for job in again.jobs] == ["resumed"]
    assert again.jobs[0].result == first.jobs[0].result
    ahead = list(file_name_previews(PRESET, [photo], out, prior_edits={photo: prior_edits}))
    assert {one.fate for one in ahead} == {"there"}
    other = run(engine_double, photo, out, PriorEdits(FLIP_HORIZONTAL, 1.0), resume=True)
    assert [job.state for job in other.jobs] == ["made"]


def test_what_bears_on_no_job_makes_nothing_anew(engine_double, photo, out) -> None:
    run(engine_double, photo, out, PriorEdits())
    square = PriorEdits(crops=((Aspect.parse("1:1"), OWN),))
    assert run(engine_double, photo, out, square, resume=True).jobs[0].state == "resumed"
    moved = PriorEdits(angle=5.0, crops=((PORTRAIT, OWN),))
    run(engine_double, photo, out, moved)
    same = PriorEdits(angle=6.0, crops=((PORTRAIT, OWN),))
    assert run(engine_double, photo, out, same, resume=True).jobs[0].state == "resumed"


def test_names_ahead_are_those_that_are_written(engine_double, photo, out) -> None:
    preset = Preset("p", (PORTRAIT,), k=3, format="png", template="{name}_{rank}_{width}x{height}")
    prior_edits = PriorEdits(TURN_RIGHT, 0.0, ((PORTRAIT, OWN), (PORTRAIT, NEAR)))
    ahead = list(file_name_previews(preset, [photo], out, prior_edits={photo: prior_edits}))
    outcome = run(engine_double, photo, out, prior_edits, preset)
    assert len(ahead) == len(outcome.jobs[0].result["candidates"]) == 2


def test_the_report_shows_the_canvas_and_names_own_crops(engine_double, photo, out) -> None:
    report = Report(PRESET, out)
    report.add(run(engine_double, photo, out, PriorEdits(TURN_RIGHT, 30.0), pixels=True))
    report.add(run(engine_double, photo, out, PriorEdits(crops=((PORTRAIT, OWN),)), pixels=True))
    page = report.write().read_text()
    # 100 x 150, turned by 30 degrees: what holds it is 100 cos + 150 sin wide.
    assert 'style="aspect-ratio:162/180"' in page
    assert 'style="aspect-ratio:150/100"' in page
    assert page.count("data:image/jpeg") == 2
    assert "own crop" in page


def test_what_was_given_outlives_the_program() -> None:
    prior_edits = PriorEdits(
        Orientation(270, True), -1.25, ((Aspect("circle"), OWN), (PORTRAIT, NEAR))
    )
    assert PriorEdits.from_values(json.loads(json.dumps(prior_edits.to_values()))) == prior_edits
    for broken in ({}, {"orientation": [45, False], "angle": 0, "crops": []}):
        with pytest.raises((KeyError, ValueError)):
            PriorEdits.from_values(broken)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda v: v.update(angle=math.nan),
        lambda v: v.update(angle=1e308),
        lambda v: v.update(angle=10**400),
        lambda v: v.update(orientation=[90.0, False]),
        lambda v: v["crops"][0][1].__setitem__(0, [-5, -5, 1e300, 1e308]),
        lambda v: v["crops"][0][1].__setitem__(0, [0.5, 0.5, 0.5, 0.5]),
        lambda v: v["crops"][0][1].__setitem__(2, math.inf),
    ],
)
def test_what_is_out_of_range_was_not_given(spoil: Callable[[Any], object]) -> None:
    values = PriorEdits(angle=1.5, crops=((PORTRAIT, NEAR),)).to_values()
    PriorEdits.from_values(values)
    spoil(values)
    with pytest.raises(ValueError, match=r"."):
        PriorEdits.from_values(values)


def test_presets_from_before_keep_own_crops_and_their_digest() -> None:
    assert "keep_own_crops" not in PRESET.to_json()
    assert Preset.from_json(PRESET.to_json()).keep_own_crops
    without = Preset("p", (PORTRAIT,), format="png", keep_own_crops=False)
    assert Preset.from_json(without.to_json()) == without
    assert without.digest == PRESET.digest
    values = json.loads(PRESET.to_json())
    with pytest.raises(OptionError, match="keep_own_crops"):
        Preset.from_json(json.dumps({**values, "keep_own_crops": 1}))
    with pytest.raises(OptionError, match="k: is true"):
        Preset.from_json(json.dumps({**values, "k": True}))
