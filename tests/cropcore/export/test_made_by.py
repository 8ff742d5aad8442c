"""An exported file says by what program it was made and when, and again the same for the same time."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from cropcore.batch.batch import Batch
from cropcore.batch.journal import NAME, Journal
from cropcore.batch.preset import Preset
from cropcore.export.export import Exported, ExportOptions, PhotoSource, Pick
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import read_photo
from cropcore.metadata import exif
from cropcore.metadata.metadata import SOFTWARE, read_metadata, revised_metadata
from tests.cropcore.helpers import photo_maker as maker

MADE = datetime(2026, 3, 29, 14, 5, 6, tzinfo=timezone(timedelta(hours=2)))
FREE = Aspect.parse("free")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    b'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmp:ModifyDate="2020-01-02T03:04:05" '
    b'xmp:CreateDate="2019-01-01" tiff:Software="Ver.1.00"/></x:xmpmeta>'
)


def write(path: Path, **options: object) -> Exported:
    source = PhotoSource.read(read_photo(path), ExportOptions(**options))  # type: ignore[arg-type]
    return source.encode(Pick(Crop(), FREE, made=MADE)).write()


def camera_file(path: Path, seed: int) -> Path:
    """A JPEG with what a camera tells, in either byte order, some of it left out by chance."""
    chance = random.Random(seed)
    block = Image.Exif()
    block.endian = chance.choice("<>")
    tags = {0x10F: "Maker", 0x110: "Model", 0x131: "Ver.1.00", 0x132: "2020:01:02 03:04:05"}
    tags |= {0x8298: "(c) " + "x" * chance.randrange(60), 0x13B: "Jo"}
    for tag, text in tags.items():
        if chance.random() < 0.7:
            block[tag] = text
    block[0x112] = chance.randrange(1, 9)
    inner = block.get_ifd(ExifTags.IFD.Exif)
    inner[0x9003] = maker.TAKEN
    inner[0x9010] = "+09:00"
    inner[0x9290] = "123"
    inner[0x927C] = b"MAKER\0" + chance.randbytes(40)
    path.write_bytes(maker.saved(maker.image(), "JPEG", exif=block, xmp=XMP))
    return path


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("target", ["jpeg", "png", "webp", "tiff", "avif", "heic"])
def test_files_say_by_what_program_and_when_they_were_made(
    tmp_path: Path, target: str, seed: int
) -> None:
    source = camera_file(tmp_path / "a.jpg", seed)
    with Image.open(source) as image:
        before = dict(image.getexif())
        taken = dict(image.getexif().get_ifd(ExifTags.IFD.Exif))
    done = write(source, format=target)
    with Image.open(done.path) as image:
        tags = image.getexif()
        inner = tags.get_ifd(ExifTags.IFD.Exif)
    assert tags[0x131] == SOFTWARE
    assert tags[0x132] == "2026:03:29 14:05:06"
    assert inner[0x9010] == "+02:00"
    assert 0x9290 not in inner
    assert inner[0x9003] == taken[0x9003]
    assert inner[0x927C] == taken[0x927C]
    for tag in (0x10F, 0x110, 0x8298, 0x13B):
        assert tags.get(tag) == before.get(tag)
    packet = read_metadata(done.path).xmp
    assert b'xmp:ModifyDate="2026-03-29T14:05:06+02:00"' in packet
    assert b'xmp:CreateDate="2019-01-01"' in packet
    assert SOFTWARE.encode() in packet


def test_a_photo_that_tells_nothing_of_itself_goes_on_telling_nothing(tmp_path: Path) -> None:
    maker.image().save(tmp_path / "a.jpg")
    assert read_metadata(write(tmp_path / "a.jpg", folder=tmp_path).path).exif == b""
    source = camera_file(tmp_path / "b.jpg", 1)
    assert b"Cropsight" not in write(source, metadata="none").path.read_bytes()


def test_a_block_that_just_fits_into_a_jpeg_is_not_lost_for_two_tags(tmp_path: Path) -> None:
    block = Image.Exif()
    block[0x10F] = "Cam"
    empty = len(block.tobytes())
    block.get_ifd(ExifTags.IFD.Exif)[0x9286] = bytes(65_533 - empty - 40)
    path = tmp_path / "a.jpg"
    path.write_bytes(maker.saved(maker.image(), "JPEG", exif=block))
    done = write(path)
    assert done.warnings == ()
    assert exif.tag_bytes(read_metadata(done.path).exif, 0x10F) == b"Cam\0"


def test_the_same_time_gives_the_same_bytes(tmp_path: Path) -> None:
    metadata = read_metadata(camera_file(tmp_path / "a.jpg", 0))
    first, again = (revised_metadata(metadata, 9, 9, "all", made=MADE)[0] for _ in range(2))
    later = revised_metadata(metadata, 9, 9, "all", made=MADE + timedelta(seconds=1))[0]
    assert first == again
    assert first.exif != later.exif


def test_a_killed_batch_knows_its_files_by_their_bytes_at_another_time(
    tmp_path: Path, engine_double, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [camera_file(tmp_path / f"{n}.jpg", n) for n in range(3)]
    out = tmp_path / "out"
    out.mkdir()
    preset = Preset.of_aspect(Aspect.parse("1:1"))

    def run(resume: bool = True) -> dict[str, bytes]:
        outcomes = list(Batch(preset, photos, out, Journal(out), resume).run(engine_double))
        assert all(outcome.error is None for outcome in outcomes)
        return {p.name: p.read_bytes() for p in out.glob("*.jpg")}

    first = run()
    journal = out / NAME
    lines = journal.read_bytes().splitlines(keepends=True)
    # Killed when one of three was noted, and all were written.
    journal.write_bytes(b"".join(lines[:2]))
    monkeypatch.setattr("cropcore.batch.journal.datetime", Later)
    assert run() == first
    # What ended is made anew at a time of its own.
    more = run(resume=False)
    assert len(more) == 6
    assert all(b"2099:" in data for name, data in more.items() if name not in first)


class Later(datetime):
    """A clock that has gone on."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:
        return datetime(2099, 1, 1, 12)
