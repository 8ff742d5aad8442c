"""Names said beforehand are the names that the batch then writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cropcore.batch.batch import Batch
from cropcore.batch.file_name_preview import file_name_previews, named_photo
from cropcore.batch.journal import Journal
from cropcore.batch.preset import Preset
from cropcore.export.file_names import TemplateError
from cropcore.geometry.aspect import Aspect
from cropcore.images.output_size import Size

TWO = (Aspect.parse("4:5"), Aspect.parse("1:1"))


@pytest.fixture
def photos(make_photo, tmp_path: Path) -> list[Path]:
    """Four photos; two pairs share their names."""
    return [make_photo("x.jpg", (120, 80 + i), folder=tmp_path / str(i)) for i in range(2)] + [
        make_photo("y.PNG", (120, 80 + i), folder=tmp_path / str(i)) for i in range(2)
    ]


def written(preset: Preset, photos: list[Path], out: Path, engine) -> list[str]:
    before = {p.name for p in out.iterdir()}
    outcomes = list(Batch(preset, photos, out, Journal(out), resume=True).run(engine))
    assert all(o.error is None for o in outcomes)
    paths = [c["output"] for o in outcomes for j in o.jobs for c in j.result["candidates"]]
    return [Path(p).name for p in paths if Path(p).name not in before]


@pytest.mark.parametrize(
    "preset",
    [
        Preset("a", TWO),
        Preset("b", TWO, k=2, format="webp"),
        Preset("c", TWO, template="{n:03} {name}", format="png"),
        Preset("d", TWO, template="same", format="jpeg"),
        Preset("e", TWO, template="{width}x{height} {date}", sizes=(Size(40, 50), Size(30, 30))),
    ],
)
def test_they_are_what_is_written(preset, photos, tmp_path, engine_double) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "x_4x5_1.jpg").write_text("somebody's own")
    (out / "same (3).jpg").write_text("somebody's own")
    ahead = list(file_name_previews(preset, photos, out, lambda place, path: named_photo(path)))
    assert all(a.sure for a in ahead)
    assert [a.name for a in ahead] == written(preset, photos, out, engine_double)
    wanted = len(photos) * 2 * preset.k
    assert len(ahead) == wanted
    numbered = [a.name for a in ahead if a.fate == "numbered"]
    assert all(name.endswith(")" + Path(name).suffix) for name in numbered)
    if preset.name in ("a", "b"):
        assert numbered


def test_what_is_there_stays(photos, tmp_path, engine_double) -> None:
    out, preset = tmp_path / "out", Preset("a", TWO)
    out.mkdir()
    first = written(preset, photos[:2], out, engine_double)
    ahead = list(file_name_previews(preset, photos, out))
    assert [a.name for a in ahead if a.fate == "there"] == first
    assert [a.fate for a in ahead[:4]] == ["there"] * 4
    rest = [a.name for a in ahead if a.fate != "there"]
    assert rest == written(preset, photos, out, engine_double)


def test_photos_that_were_not_looked_into(photos, tmp_path) -> None:
    plain = list(file_name_previews(Preset("a", TWO), photos, tmp_path))
    assert plain[0].name == "x_4x5_1.jpg"
    assert all(a.sure for a in plain)
    template = "{name} {width}"
    known = list(file_name_previews(Preset("a", TWO, template=template), photos, tmp_path))
    assert not any(a.sure for a in known)
    exact = Preset("a", TWO[:1], sizes=(Size(40, 50),), template=template)
    assert [a.name for a in file_name_previews(exact, photos[:1], tmp_path)] == ["x 40.jpg"]
    assert named_photo(tmp_path / "absent.jpg") is None


def test_a_wrong_template_is_told(photos, tmp_path) -> None:
    preset = Preset("a", TWO)
    object.__setattr__(preset, "template", "{nam}")
    with pytest.raises(TemplateError, match="nam"):
        next(file_name_previews(preset, photos, tmp_path))
