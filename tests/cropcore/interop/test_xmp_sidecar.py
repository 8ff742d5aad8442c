"""Crops in ``NAME.xmp``: nothing else in it changes, and what is not understood is left alone."""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path

import pytest

from cropcore.errors import SidecarError
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import FLIP_HORIZONTAL, TURN_RIGHT, Orientation
from cropcore.interop.xmp_crop import LENS, PERSPECTIVE, SET_RIGHT, UNKNOWN
from cropcore.interop.xmp_sidecar import read_xmp, write_xmp, xmp_path
from tests.cropcore.helpers.foreign_maker import (
    CROPPED,
    STYLES,
    adobe_style,
    grid_photo,
    other_settings,
    told,
)

CROP = Crop((0.25, 0.125, 0.75, 0.5))
WRITTEN = {
    **CROPPED,
    "CropTop": "0.125",
    "CropLeft": "0.25",
    "CropBottom": "0.5",
    "CropRight": "0.75",
    "CropAngle": "0",
}
_ADDED = re.compile(
    rb"\s+<?(?:crs|raw):(HasCrop|AlreadyApplied|Crop\w+)(?:>|=[\"'])([^<\"']*)(?:[\"']|</[^>]*>)"
)


@pytest.mark.parametrize("style", STYLES)
class TestAHundredOtherSettings:
    def test_only_the_crops_values_change(self, tmp_path: Path, style: str) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        sidecar = tmp_path / "a.xmp"
        sidecar.write_bytes(STYLES[style]({**other_settings(), **CROPPED}))
        done = write_xmp(photo, CROP, replace=True)
        assert done.state == "changed"
        assert sidecar.read_bytes() == STYLES[style]({**other_settings(), **WRITTEN})

    def test_a_crop_is_added_in_the_files_own_style(self, tmp_path: Path, style: str) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        before = STYLES[style](other_settings())
        (tmp_path / "a.xmp").write_bytes(before)
        write_xmp(photo, CROP)
        after = (tmp_path / "a.xmp").read_bytes()
        nested = _ADDED.findall(before)  # of its crs:Look
        found = [pair for pair in _ADDED.findall(after) if pair not in nested]
        assert dict(found) == {k.encode(): v.encode() for k, v in WRITTEN.items()}
        assert len(found) == len(WRITTEN)
        assert _ADDED.sub(b"", after) == _ADDED.sub(b"", before)
        line = {"adobe": b"\n   crs:CropLeft=\"0.25\"",
                "element": b"\r\n   <crs:CropLeft>0.25</crs:CropLeft>\r\n",
                "exiftool": b"\n   <raw:CropLeft>0.25</raw:CropLeft>\n"}  # fmt: skip
        assert line[style] in after

    def test_size_and_orientation_are_added_where_they_lack(
        self, tmp_path: Path, style: str
    ) -> None:
        photo = grid_photo(tmp_path / "a.jpg", orientation=6)
        (tmp_path / "a.xmp").write_bytes(STYLES[style]({**other_settings(), **CROPPED}, {}))
        write_xmp(photo, CROP, replace=True)
        text = (tmp_path / "a.xmp").read_text(encoding="utf-8")
        found = dict(re.findall(r"[ <]tiff:(\w+)(?:>|=[\"'])([^<\"']*)", text))
        assert found == {"ImageWidth": "600", "ImageLength": "400", "Orientation": "6"}

    def test_the_same_crop_again_touches_nothing(self, tmp_path: Path, style: str) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        sidecar = tmp_path / "a.xmp"
        sidecar.write_bytes(STYLES[style](WRITTEN))
        before = sidecar.stat().st_mtime_ns, sidecar.stat().st_ino
        assert write_xmp(photo, CROP).state == "same"
        assert (sidecar.stat().st_mtime_ns, sidecar.stat().st_ino) == before

    def test_a_persons_crop_is_kept_unless_asked(self, tmp_path: Path, style: str) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        before = STYLES[style]({**other_settings(), **CROPPED})
        (tmp_path / "a.xmp").write_bytes(before)
        done = write_xmp(photo, CROP)
        assert done.state == "kept"
        assert told(done) == ("a.xmp: holds another crop, which is kept.",)
        assert (tmp_path / "a.xmp").read_bytes() == before

    @pytest.mark.parametrize("exif", range(1, 9))
    @pytest.mark.parametrize("angle", [0.0, 4.0])
    def test_it_comes_back(self, tmp_path: Path, style: str, exif: int, angle: float) -> None:
        photo = grid_photo(tmp_path / "a.jpg", exif)
        (tmp_path / "a.xmp").write_bytes(STYLES[style](other_settings(), {}))
        crop = Crop((0.3, 0.25, 0.7, 0.6), "rect", angle)
        write_xmp(photo, crop)
        found = read_xmp(photo).crop
        assert found is not None
        assert found.crop.box == pytest.approx(crop.box, abs=1e-5)
        assert found.crop.angle == pytest.approx(angle)
        assert found.turn == Orientation()


def test_a_new_sidecar_holds_what_darktable_and_lightroom_need(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg", orientation=6)
    done = write_xmp(photo, Crop((0.2, 0.3, 0.7, 0.8)))
    assert (done.state, done.path) == ("made", tmp_path / "a.xmp")
    text = done.path.read_text()
    for attribute in (
        'tiff:ImageWidth="600"', 'tiff:ImageLength="400"', 'tiff:Orientation="6"',
        'crs:HasCrop="True"', 'crs:CropLeft="0.3"', 'crs:CropTop="0.3"',
        'crs:CropRight="0.8"', 'crs:CropBottom="0.8"', 'crs:CropAngle="0"',
        'crs:HasSettings="True"', 'crs:AlreadyApplied="False"',
    ):  # fmt: skip
        assert attribute in text
    assert "History" not in text


def test_a_turn_of_the_persons_is_the_sidecars_orientation(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg", orientation=6).turned(TURN_RIGHT)
    (tmp_path / "a.xmp").write_bytes(adobe_style({}))
    crop = Crop((0.1, 0.2, 0.5, 0.9), "rect", 3.0)
    write_xmp(photo, crop)
    assert 'tiff:Orientation="3"' in (tmp_path / "a.xmp").read_text()
    found = read_xmp(grid_photo(tmp_path / "a.jpg", orientation=6)).crop
    assert found is not None
    assert found.turn == TURN_RIGHT
    assert found.crop.box == pytest.approx(crop.box, abs=1e-5)


def test_the_sidecars_orientation_counts_before_the_files(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg", orientation=1)
    values = {**CROPPED, "CropAngle": "0"}
    (tmp_path / "a.xmp").write_bytes(adobe_style(values, {"Orientation": "2"}))
    found = read_xmp(photo).crop
    assert found is not None
    assert found.turn == FLIP_HORIZONTAL
    assert found.crop.box == pytest.approx((0.05, 0.1, 0.95, 0.9))


class TestNoCrop:
    @pytest.mark.parametrize(
        "values",
        [
            {"HasCrop": "False"},
            {"AlreadyApplied": "True"},
            {
                "CropLeft": "0",
                "CropTop": "0",
                "CropRight": "1",
                "CropBottom": "1",
                "CropAngle": "0",
            },
        ],
    )
    def test_left_over_numbers_and_applied_crops(
        self, tmp_path: Path, values: dict[str, str]
    ) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        (tmp_path / "a.xmp").write_bytes(adobe_style({**CROPPED, **values}))
        assert read_xmp(photo).crop is None
        assert told(read_xmp(photo)) == ()
        assert write_xmp(photo, CROP).state == "changed"
        found = read_xmp(photo).crop
        assert found is not None
        assert found.crop.box == pytest.approx(CROP.box)

    def test_a_nested_description_is_somebody_elses(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        (tmp_path / "a.xmp").write_bytes(adobe_style({}))  # its crs:Look has a CropLeft
        assert read_xmp(photo).crop is None


@pytest.mark.parametrize(
    ("values", "notice"),
    [
        ({"CropAngle": "60"}, UNKNOWN),
        ({"CropLeft": "NaN"}, UNKNOWN),
        ({"CropLeft": "left"}, UNKNOWN),
        ({"CropRight": "1.5"}, SET_RIGHT),
        ({"CropLeft": "0.9", "CropRight": "0.1", "CropAngle": "0"}, SET_RIGHT),
    ],
)
def test_dangerous_values_are_told(tmp_path: Path, values: dict[str, str], notice: str) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "a.xmp").write_bytes(adobe_style({**CROPPED, **values}))
    found = read_xmp(photo)
    assert told(found) == (f"a.xmp: {notice}",)
    assert (found.crop is None) == (notice == UNKNOWN)


@pytest.mark.parametrize(
    ("values", "why"),
    [({"PerspectiveVertical": "-12"}, PERSPECTIVE), ({"LensProfileEnable": "1"}, LENS),
     ({"PerspectiveScale": "100", "LensProfileEnable": "0"}, "")],
)  # fmt: skip
def test_what_is_approximate_says_so(tmp_path: Path, values: dict[str, str], why: str) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "a.xmp").write_bytes(adobe_style({**CROPPED, **values}))
    found = read_xmp(photo).crop
    assert found is not None
    assert str(found.approximate) == str(why)


class TestStars:
    def test_they_are_read(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        (tmp_path / "a.xmp").write_bytes(adobe_style({}))
        assert read_xmp(photo).rating == 3

    def test_they_are_written_alone(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        before = adobe_style(other_settings())
        (tmp_path / "a.xmp").write_bytes(before)
        write_xmp(photo, None, rating=-1)
        after = (tmp_path / "a.xmp").read_bytes()
        assert after == before.replace(b'xmp:Rating="3"', b'xmp:Rating="-1"')


class TestLeftAlone:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"no xml at all",
            adobe_style(CROPPED)[:-30],
            adobe_style(CROPPED).replace(b"adobe:ns:meta", b"adobe:ns:meta\xff"),
            b'<!DOCTYPE a [<!ENTITY b "c">]>' + adobe_style(CROPPED),
            b"<html><body/></html>",
            b'<?xml version="1.0" encoding="windows-1252"?>' + adobe_style(CROPPED),
            b"<a>" * 5000,
        ],
        ids=["empty", "text", "cut", "bytes", "entities", "html", "encoding", "deep"],
    )
    def test_what_is_not_understood(self, tmp_path: Path, data: bytes) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        (tmp_path / "a.xmp").write_bytes(data)
        with pytest.raises(SidecarError, match=r"^a\.xmp: .*left as it is"):
            write_xmp(photo, CROP, replace=True)
        assert (tmp_path / "a.xmp").read_bytes() == data
        assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
        found = read_xmp(photo)
        assert found.crop is None
        assert len(found.notices) == 1

    def test_what_is_locked(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        data = adobe_style({})
        (tmp_path / "a.xmp").write_bytes(data)
        with (tmp_path / "a.xmp").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with pytest.raises(SidecarError, match="locked by another program"):
                write_xmp(photo, CROP)
        assert (tmp_path / "a.xmp").read_bytes() == data
        assert write_xmp(photo, CROP).state == "changed"

    def test_what_is_read_only(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        (tmp_path / "a.xmp").write_bytes(adobe_style({}))
        (tmp_path / "a.xmp").chmod(0o444)
        with pytest.raises(SidecarError, match="read-only"):
            write_xmp(photo, CROP)
        assert (tmp_path / "a.xmp").read_bytes() == adobe_style({})

    def test_a_folder_in_its_place(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        (tmp_path / "a.xmp").mkdir()
        with pytest.raises(SidecarError, match=r"^a\.xmp"):
            write_xmp(photo, CROP)

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        with pytest.raises(SidecarError, match="could not be written"):
            write_xmp(photo, CROP, folder=tmp_path / "gone")


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "real.xml").write_bytes(adobe_style({}))
    (tmp_path / "real.xml").chmod(0o640)
    (tmp_path / "a.xmp").symlink_to("real.xml")
    write_xmp(photo, CROP)
    assert (tmp_path / "a.xmp").is_symlink()
    assert os.stat(tmp_path / "real.xml").st_mode & 0o777 == 0o640  # noqa: PTH116
    assert b"HasCrop" in (tmp_path / "real.xml").read_bytes()


def test_an_ending_written_otherwise_is_honoured(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "a.XMP").write_bytes(adobe_style({}))
    assert xmp_path(photo.path).name == "a.XMP"
    write_xmp(photo, CROP)
    assert not (tmp_path / "a.xmp").exists()
    assert read_xmp(photo).crop is not None


class TestOneNameForTwo:
    def test_the_sidecar_is_the_raws(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        (tmp_path / "a.NEF").write_bytes(b"raw")
        (tmp_path / "a.xmp").write_bytes(adobe_style(CROPPED))
        with pytest.raises(SidecarError, match=r"belongs to the raw file a\.NEF"):
            write_xmp(photo, CROP, replace=True)
        assert read_xmp(photo).crop is None

    def test_two_photos_of_one_name_are_told(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        grid_photo(tmp_path / "a.png")
        done = write_xmp(photo, CROP)
        assert told(done) == ("a.xmp: darktable applies it to a.png too.",)


def test_utf_16_stays_utf_16(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    text = adobe_style({**other_settings(), **CROPPED}).decode()
    (tmp_path / "a.xmp").write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    write_xmp(photo, CROP, replace=True)
    wanted = adobe_style({**other_settings(), **WRITTEN}).decode()
    assert (tmp_path / "a.xmp").read_bytes() == b"\xff\xfe" + wanted.encode("utf-16-le")


@pytest.mark.parametrize(
    "rdf",
    [
        "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'></r:RDF>",
        "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
        "<RDF xmlns='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''>"
        "<crs:a xmlns:crs='urn:other'>1</crs:a></rdf:Description></RDF>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:crs='urn:other'>"
        "<rdf:Description rdf:about=''/></rdf:RDF>",
    ],
)
def test_bare_packets_get_what_they_lack(tmp_path: Path, rdf: str) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "a.xmp").write_text(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{rdf}</x:xmpmeta>")
    write_xmp(photo, CROP)
    found = read_xmp(photo).crop
    assert found is not None
    assert found.crop.box == pytest.approx(CROP.box)
