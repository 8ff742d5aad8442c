"""Names from templates: what a person asked for, on every file system."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cropcore.export.file_names import FIELDS, NameFields, TemplateError, check, file_stem
from cropcore.export.options import ExportOptions

FIELD_VALUES = NameFields("IMG 7", "16x9", 3, 1920, 1080, "2026-01-02", 12)


@pytest.mark.parametrize(
    ("template", "stem"),
    [
        (ExportOptions().template, "IMG 7_16x9_3"),
        ("{name}", "IMG 7"),
        ("{date} {name} {width}x{height}", "2026-01-02 IMG 7 1920x1080"),
        ("{n:04}-{rank:2}", "0012- 3"),
        ("{{{name}}}", "{IMG 7}"),
        ("plain", "plain"),
        (" {name}. ", "IMG 7"),
        ("what?:{rank}*", "what__3_"),
    ],
)
def test_templates(template: str, stem: str) -> None:
    assert file_stem(template, FIELD_VALUES) == stem


@pytest.mark.parametrize(
    ("template", "part"),
    [
        ("{nam}", "{nam} is no field: use {name}"),
        ("{}", "is no field"),
        ("{name.real}", "is no field"),
        ("{name[0]}", "is no field"),
        ("{name", "brace"),
        ("name}", "brace"),
        ("{name!r}", "no such form"),
        ("{name:>900}", "no such form"),
        ("{rank:0999999999}", "no such form"),
        ("{aspect}/{name}", "slash"),
        ("..\\{name}", "slash"),
        ("", "at least one"),
        (" . ", "at least one"),
    ],
)
def test_templates_that_cannot_be(template: str, part: str) -> None:
    with pytest.raises(TemplateError) as caught:
        check(template)
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("con", "con_"),
        ("LPT1.final", "LPT1_.final"),
        ("aux", "aux_"),
        ("console", "console"),
        ("a/b\\c:d", "a_b_c_d"),
        ("tab\there\x00", "tab_here_"),
        ("ends with dot.", "ends with dot"),
        (".hidden", "hidden"),
        ("...", "_"),
        ("写真 1", "写真 1"),
        ("bad\udcff", "bad_"),
    ],
)
def test_photo_names_are_made_safe(name: str, stem: str) -> None:
    assert file_stem("{name}", dataclasses.replace(FIELD_VALUES, name=name)) == stem


@pytest.mark.parametrize("letter", ["a", "é", "写", "👪"])
def test_long_names_keep_the_other_fields(letter: str) -> None:
    stem = file_stem(ExportOptions().template, dataclasses.replace(FIELD_VALUES, name=letter * 300))
    assert stem.endswith("_16x9_3")
    assert stem.startswith(letter * 20)
    assert 220 < len(stem.encode()) <= 230


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_name_is_fit_for_every_system(name: str, literal: str) -> None:
    template = literal.replace("{", "").replace("}", "").replace("/", "").replace("\\", "")
    stem = file_stem(template + "{name}x", dataclasses.replace(FIELD_VALUES, name=name))
    assert stem
    assert len(stem.encode()) <= 230
    assert not set(stem) & set('<>:"/\\|?*\0\n')
    assert stem == stem.strip(" .")


def test_every_field_has_its_value() -> None:
    stem = file_stem("_".join(f"{{{field}}}" for field in FIELDS), FIELD_VALUES)
    assert stem == "IMG 7_16x9_3_1920_1080_2026-01-02_12"
