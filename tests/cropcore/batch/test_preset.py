"""Presets: their files are read strictly, found by name, and never overwritten unasked."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cropcore.batch import preset_library
from cropcore.batch.preset import Preset, PresetError, read_preset
from cropcore.batch.preset_library import (
    LibraryPreset,
    all_presets,
    delete_preset,
    rename_preset,
    resolve_preset,
    save_preset,
    short_name,
    write_preset,
)
from cropcore.errors import CropsightError, OptionError
from cropcore.export.options import FORMATS, METADATA
from cropcore.geometry.aspect import Aspect
from cropcore.images.output_size import Size

ROOT = Path(__file__).parents[3]
PLAIN = {"schema": 1, "name": "Mine", "aspects": ["4:5"]}


@pytest.fixture(autouse=True)
def own_presets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the presets of the person who runs it."""
    folder = tmp_path / "config" / "presets"
    monkeypatch.setattr(preset_library, "saved_folder", lambda: folder)
    return folder


def write(path: Path, **values: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(PLAIN | values), "utf-8")
    return path


@pytest.mark.parametrize(("field", "usual"), [("keep_heads", True), ("keep_text", False)])
def test_what_is_kept_whole_bears_on_the_files(field: str, usual: bool) -> None:
    """A batch that goes on after this was changed makes its crops anew; older presets keep heads alone."""
    kept = Preset.from_json(json.dumps(PLAIN))
    other = Preset.from_json(json.dumps(PLAIN | {field: not usual}))
    assert getattr(kept, field) is usual
    assert getattr(other, field) is not usual
    assert kept.digest != other.digest
    assert Preset.from_json(other.to_json()) == other
    with pytest.raises(OptionError, match=f"{field}: is 0; it takes true or false"):
        Preset.from_json(json.dumps(PLAIN | {field: 0}))


# --- the shipped ones ---------------------------------------------------------------------------


def test_the_shipped_presets_load_and_are_what_they_are_called() -> None:
    found, bad = all_presets()
    assert bad == []
    wanted = {
        "instagram-4x5": ("4:5", "1080x1350"),
        "instagram-1x1": ("1:1", "1080x1080"),
        "story-9x16": ("9:16", "1080x1920"),
        "video-16x9": ("16:9", "1920x1080"),
        "print-3x2": ("3:2", "None"),
        "print-5x7": ("5:7", "None"),
        "a4": ("210:297", "None"),
        "avatar": ("circle", "512"),
        "banner-3x1": ("3:1", "1500x500"),
    }
    told = {s.key: (str(s.preset.aspects[0]), str(s.preset.sizes[0])) for s in found}
    assert told == wanted
    for saved in found:
        assert short_name(saved.preset.name) == saved.key
        assert saved.preset.to_json() == saved.path.read_text("utf-8")
        size, aspect = saved.preset.sizes[0], saved.preset.aspects[0]
        if size is not None and size.exact:
            assert size.width / size.height == pytest.approx(aspect.width / aspect.height, 1e-3)
    assert resolve_preset("avatar").format == "png"


def test_a_preset_turns_its_ratios_and_sizes_and_says_where_files_go(tmp_path: Path) -> None:
    aspects = Aspect.parse("4:5"), Aspect.parse("1:1"), Aspect.parse("9:16")
    sizes = Size(80, 100), Size(50, 50), Size.parse("short:90")
    preset = Preset("p", aspects, sizes=sizes, turn_ratios=True, beside_photos=True, place="story")
    assert Preset.from_json(preset.to_json()) == preset
    wide = Aspect.parse("5:4")
    assert preset.size_of(wide) == Size(100, 80)
    assert preset.size_of(Aspect.parse("16:9")) == Size.parse("short:90")
    assert preset.size_of(Aspect.parse("3:2")) is None
    assert dataclasses.replace(preset, turn_ratios=False).size_of(wide) is None
    assert preset.folder_of(tmp_path / "a.jpg") == tmp_path / "Cropsight"
    assert dataclasses.replace(preset, beside_photos=False).folder_of(tmp_path / "a.jpg") is None
    assert (
        dataclasses.replace(preset, place="").digest
        == preset.digest
        != dataclasses.replace(preset, turn_ratios=False).digest
    )
    with pytest.raises(OptionError, match="reverse"):
        Preset("p", (wide, Aspect.parse("4:5")), turn_ratios=True)
    with pytest.raises(OptionError, match="place: takes story, banner, avatar"):
        Preset("p", aspects, place="moon")


def test_the_wheel_takes_the_presets_along() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert packed["resources/presets"] == "cropcore/_presets"
    assert preset_library.shipped_folder() == ROOT / "resources" / "presets"


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Instagram 4:5", "INSTAGRAM 4:5", "instagram-4x5", " a4 "])
def test_names_count_in_any_case(text: str) -> None:
    assert resolve_preset(text).name in ("Instagram 4:5", "A4")


def test_an_aspect_is_the_plainest_preset() -> None:
    assert resolve_preset("4:5") == Preset("4:5", (Aspect("ratio", 4, 5),))
    assert resolve_preset("circle").aspects[0].is_circle


def test_a_persons_own_preset_goes_before_a_shipped_one() -> None:
    mine = Preset("a4", (Aspect.parse("297:210"),), k=2)
    save_preset(mine)
    assert resolve_preset("A4") == mine
    assert [s.own for s in all_presets()[0]].count(True) == 1


def test_a_preset_by_its_file(tmp_path: Path) -> None:
    path = write(tmp_path / "Any Name.JSON", k=3)
    assert resolve_preset(str(path)).k == 3
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())  # as some editors on Windows save it
    assert resolve_preset(str(path)).k == 3
    with pytest.raises(PresetError, match=r"absent\.json: is not there"):
        resolve_preset(str(tmp_path / "absent.json"))


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(OptionError, match=r"'instergram' is no preset.*avatar.*instagram-4x5"):
        resolve_preset("instergram")


@pytest.mark.parametrize("text", ["x" * 5000, "\0", "", "."])
def test_whatever_is_no_preset_is_wrong_usage(text: str) -> None:
    with pytest.raises(OptionError, match="is no preset"):
        resolve_preset(text)


def test_a_bad_file_among_the_saved_is_named_only_where_it_is_meant(own_presets: Path) -> None:
    write(own_presets / "bad.json", k="three")
    assert resolve_preset("avatar").name == "Avatar"
    with pytest.raises(PresetError, match=r"bad\.json: k: is \"three\"; it takes a whole number"):
        resolve_preset("Bad")
    assert [str(e.path.name) for e in all_presets()[1]] == ["bad.json"]


# --- saving -------------------------------------------------------------------------------------


def test_saving_never_overwrites_unasked(own_presets: Path) -> None:
    first = Preset("Für Oma: 10:15!", (Aspect.parse("10:15"),))
    path = save_preset(first)
    assert path == own_presets / "für-oma-10x15.json"
    second = Preset("FÜR oma: 10:15", (Aspect.parse("1:1"),))
    with pytest.raises(PresetError, match=r"is there already\. Choose another name"):
        save_preset(second)
    assert read_preset(path) == first
    save_preset(second, replace=True)
    assert read_preset(path) == second
    assert [p.name for p in own_presets.iterdir()] == [path.name]


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PresetError, match=r"mine\.json: could not be written"):
        save_preset(Preset("mine", (Aspect("free"),)), tmp_path / "file" / "in")


@pytest.mark.parametrize("name", ["..", "/etc/passwd", "a" * 80, "ü" * 80, "con", "?"])
def test_any_name_makes_a_file_in_the_folder(name: str, own_presets: Path) -> None:
    path = save_preset(Preset(name, (Aspect("free"),)))
    assert path.parent == own_presets
    assert read_preset(path).name == name


# --- strictness ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"schema": 2, "crops": []}, r"schema: is 2, this version reads 1. Update Cropsight"),
        ({"schema": 0}, r"schema: is 0; it takes the number 1"),
        ({"schema": True}, r"schema: is true; it takes the number 1"),
        ({"name": " "}, r"name: takes 1 to 80 characters"),
        ({"name": "a\nb"}, r"name: takes"),
        ({"aspects": "4:5"}, r"aspects: is \"4:5\"; it takes a list such as"),
        ({"aspects": []}, r"aspects: takes at least one"),
        ({"aspects": ["4:5", "4x5"]}, r"aspects: takes at least one aspect, and none twice"),
        ({"aspects": ["wide"]}, r"aspects: 'wide' is no aspect: write free"),
        ({"aspects": [4]}, r"aspects: holds 4; it takes a list"),
        ({"method": ""}, r"method: takes"),
        ({"method": "\ud800"}, r"method: takes"),
        ({"k": 10**4000}, r"k: takes a whole number"),
        ({"tightness": 10**4000}, r"tightness: takes a number"),
        ({"size": "9" * 5000}, r"size: '9+' is no size"),
        ({"template": "{name}\ud800"}, r"template: takes text on one line"),
        ({"k": 0}, r"k: takes a whole number from 1 to 100"),
        ({"k": 1.5}, r"k: is 1.5; it takes"),
        ({"k": True}, r"k: is true; it takes"),
        ({"tightness": 1.01}, r"tightness: takes a number from 0 to 1"),
        ({"min_pixels": -1}, r"min_pixels: takes"),
        ({"size": "big"}, r"size: 'big' is no size: write 1080x1350"),
        ({"size": 1080}, r"size: is 1080; it takes \"1080x1350\""),
        ({"size": {"1:1": "8x8"}}, r"size: has '1:1', which is none of the aspects"),
        ({"size": {"4:5": 8}}, r"size: takes one text"),
        ({"template": "{nam}"}, r"template: \{nam\} is no field: use \{name\}"),
        ({"format": "gif"}, r"format: 'gif' is no format: choose keep, jpeg"),
        ({"quality": 0}, r"quality: Quality is a number from 1 to 100"),
        ({"metadata": "some"}, r"metadata: 'some' is no choice for metadata: all"),
        ({"background": [0, 0]}, r"background: A background is three numbers"),
        ({"background": [0, 0, 0.5]}, r"background: holds 0.5; it takes three whole numbers"),
        ({"colour": 1}, r"colour: is no field of a preset; these are schema, name"),
    ],
)
def test_wrong_fields_are_named_with_what_would_be_taken(
    values: dict[str, Any], told: str, tmp_path: Path
) -> None:
    with pytest.raises(PresetError, match=rf"^p\.json: {told}"):
        read_preset(write(tmp_path / "p.json", **values))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is no JSON"),
        (b"[1]", "is no JSON object"),
        (b"[" * 100_000, "is no JSON object that a preset could be"),
        (b'{"schema": 1, "name": "x"}', "aspects: is missing; it takes a list"),
        (b'{"schema": 1, "schema": 1}', "schema: is there twice"),
        (b'{"schema": 1, "name": "x", "aspects": ["1:1"], "tightness": NaN}', "NaN is no number"),
        (b'{"schema": 1, "k": ' + b"9" * 5000 + b"}", "holds a number that is far too long"),
        (b"\xff\xfe", "is no text in UTF-8"),
    ],
)
def test_what_is_no_preset_is_said(content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes(content)
    with pytest.raises(PresetError, match=rf"^p\.json: {told}"):
        read_preset(tmp_path / "p.json")


def test_sizes_by_aspect(tmp_path: Path) -> None:
    path = write(
        tmp_path / "p.json", aspects=["4:5", "1:1", "free"], size={"1x1": "8x8", "4:5": "9"}
    )
    assert read_preset(path).sizes == (Size(9), Size(8, 8), None)
    assert read_preset(write(path, aspects=["4:5", "free"], size="64")).sizes == (Size(64),) * 2


ASPECTS = st.one_of(
    st.sampled_from([Aspect("free"), Aspect("original"), Aspect("circle")]),
    st.builds(Aspect, st.just("ratio"), st.floats(0.5, 50), st.floats(0.5, 50)),
)
SIZES = st.none() | st.builds(Size, st.integers(1, 65_500), st.integers(0, 65_500))


@st.composite
def presets(draw: st.DrawFn) -> Preset:
    aspects = draw(st.lists(ASPECTS, min_size=1, max_size=4, unique_by=lambda a: a.slug))
    name = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=80)
    sizes = st.lists(SIZES, min_size=len(aspects), max_size=len(aspects))
    return Preset(
        name=draw(name.filter(str.strip)),
        aspects=tuple(aspects),
        method=draw(st.sampled_from(["default", "gaic"])),
        k=draw(st.integers(1, 100)),
        tightness=draw(st.floats(0, 1)),
        min_pixels=draw(st.integers(0, 65_500)),
        sizes=tuple(draw(sizes)),
        template=draw(st.sampled_from(["{name}", "{n:03}_{aspect}", "ü {rank}"])),
        format=draw(st.sampled_from(["keep", *FORMATS])),
        quality=draw(st.integers(1, 100)),
        metadata=draw(st.sampled_from(METADATA)),
        background=draw(st.tuples(*[st.integers(0, 255)] * 3)),
    )


@given(presets())
def test_a_preset_and_its_file_never_differ(preset: Preset) -> None:
    read = Preset.from_json(preset.to_json())
    assert read == preset
    assert read.to_json() == preset.to_json()
    assert read.digest == preset.digest


@given(presets(), st.sampled_from(["k", "tightness", "min_pixels", "quality", "format"]))
def test_the_digest_changes_with_what_bears_on_the_files(preset: Preset, field: str) -> None:
    other = {"k": 101 - preset.k, "tightness": 1 - preset.tightness / 2, "quality": 77}
    other |= {"min_pixels": 65_500 - preset.min_pixels, "format": "png"}
    changed = dataclasses.replace(preset, **{field: other[field]})
    same = getattr(changed, field) == getattr(preset, field)
    assert (changed.digest == preset.digest) == same
    assert dataclasses.replace(preset, name="Other").digest == preset.digest


@given(
    st.dictionaries(st.sampled_from([*PLAIN, "k", "size"]), st.none() | st.integers() | st.text())
)
def test_any_json_is_read_or_refused_in_words(values: dict[str, Any]) -> None:
    with contextlib.suppress(CropsightError):
        Preset.from_json(json.dumps(PLAIN | values))


# --- keeping ------------------------------------------------------------------------------------


def own() -> list[LibraryPreset]:
    return [saved for saved in all_presets()[0] if saved.own]


def test_renaming_moves_the_file_and_keeps_the_rest(own_presets: Path) -> None:
    save_preset(Preset("First", (Aspect.parse("4:5"),), quality=71))
    save_preset(Preset("Second", (Aspect.parse("1:1"),)))
    assert rename_preset(own()[0], "Third") == own_presets / "third.json"
    assert [(s.preset.name, s.preset.quality) for s in own()] == [("Second", 92), ("Third", 71)]
    assert rename_preset(own()[1], "THIRD") == own_presets / "third.json"
    assert own()[1].preset.name == "THIRD"
    with pytest.raises(PresetError, match="is there already"):
        rename_preset(own()[1], "Second")
    with pytest.raises(OptionError, match="name"):
        rename_preset(own()[1], " ")
    assert [s.preset.name for s in own()] == ["Second", "THIRD"]


def test_deleting_is_for_ones_own(own_presets: Path) -> None:
    save_preset(Preset("Mine", (Aspect.parse("4:5"),)))
    mine = own()[0]
    delete_preset(mine)
    delete_preset(mine)
    assert own() == []
    shipped = all_presets()[0][0]
    with pytest.raises(PresetError, match="comes with the program"):
        delete_preset(shipped)
    assert shipped.path.exists()


def test_sharing_writes_a_file_that_reads_back(tmp_path: Path) -> None:
    preset = Preset("Für Oma", (Aspect.parse("10:15"),), sizes=(Size(1000, 1500),))
    (tmp_path / "shared.json").write_text("what was there")
    write_preset(preset, tmp_path / "shared.json")
    assert read_preset(tmp_path / "shared.json") == preset
    with pytest.raises(PresetError, match="could not be written"):
        write_preset(preset, tmp_path / "absent" / "shared.json")
