"""What an exported file says of itself: all that is still true of the photo, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from cropcore.export.export import Exported, ExportOptions, export_crop
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import read_photo
from cropcore.metadata import exif, xmp
from cropcore.metadata.metadata import read_metadata
from tests.cropcore.helpers import photo_maker as maker

FORMATS = ["jpeg", "png", "webp", "tiff", "avif", "heic"]
DESCRIPTION = maker.DESCRIPTION.decode()
WHERE = (b"Paris", b"GPS", b"48,8.2N", maker.GPS_LATITUDE, maker.MAKER_NOTE)


def write(path: Path, file_format: str = "keep", keep: str = "all") -> Exported:
    options = ExportOptions(format=file_format, metadata=keep)  # type: ignore[arg-type]
    return export_crop(read_photo(path), Crop((0.25, 0.25, 0.75, 0.75)), Aspect("free"), options)


def source(tmp_path: Path, file_format: str, orientation: int = 6) -> Path:
    """A photo with everything; the TIFFs and AVIFs are made by this package from the JPEG."""
    jpeg = maker.full_jpeg(tmp_path / "source.jpg", orientation)
    if file_format == "jpeg":
        return jpeg
    if file_format == "png":
        return maker.full_png(tmp_path / "source.png", orientation)
    whole = ExportOptions(format=file_format, folder=tmp_path, template="made")
    return export_crop(read_photo(jpeg), Crop(), Aspect("free"), whole).path


@pytest.mark.parametrize("given_format", FORMATS)
@pytest.mark.parametrize("target", FORMATS)
def test_everything_goes_from_any_format_to_any(
    tmp_path: Path, given_format: str, target: str
) -> None:
    done = write(source(tmp_path, given_format), target)
    assert all("has no place for" in str(told) for told in done.warnings)
    photo = read_photo(done.path)
    assert photo.icc == maker.icc_profile()
    found = read_metadata(done.path)
    assert b"Jos\xc3\xa9" in found.xmp
    assert b"Paris" in found.xmp
    assert found.taken == "2024-05-17"
    assert exif.tag_bytes(found.exif, 0x010E) == maker.DESCRIPTION + b"\0"
    assert maker.GPS_LATITUDE in found.exif
    assert maker.MAKER_NOTE in found.exif
    # The PNG is made by Pillow, which has no IPTC.
    if given_format in ("jpeg", "tiff") and target in ("jpeg", "png", "tiff"):
        assert found.iptc == maker.IPTC
    if {given_format, target} <= {"jpeg", "png", "tiff"}:
        assert found.dpi == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize("target", FORMATS)
def test_others_can_read_what_is_written(tmp_path: Path, target: str) -> None:
    done = write(source(tmp_path, "jpeg"), target)
    with Image.open(done.path) as image:
        image.load()
        tags = image.getexif()
        inner = tags.get_ifd(ExifTags.IFD.Exif)
        gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    assert tags[ExifTags.Base.Make] == "Cam"
    assert inner[ExifTags.Base.DateTimeOriginal] == maker.TAKEN
    assert inner[ExifTags.Base.MakerNote] == maker.MAKER_NOTE
    assert (gps[1], float(gps[2][0])) == ("N", 48.0)


@pytest.mark.parametrize("given_format", ["jpeg", "png", "tiff"])
@pytest.mark.parametrize("target", FORMATS)
def test_orientation_and_size_are_those_of_the_crop(
    tmp_path: Path, given_format: str, target: str
) -> None:
    path = source(tmp_path, given_format)
    photo = read_photo(path)
    done = write(path, target)
    assert (done.width, done.height) == (photo.width // 2, photo.height // 2)
    with Image.open(done.path) as image:
        assert image.size == (done.width, done.height)
        tags = image.getexif()
        assert tags.get(ExifTags.Base.Orientation, 1) == 1
        inner = tags.get_ifd(ExifTags.IFD.Exif)
    assert inner[ExifTags.Base.ExifImageWidth] == done.width
    assert inner[ExifTags.Base.ExifImageHeight] == done.height
    packet = read_metadata(done.path).xmp
    assert b'tiff:Orientation="1"' in packet
    assert f'exif:PixelXDimension="{done.width}"'.encode() in packet


@pytest.mark.parametrize("given_format", FORMATS)
@pytest.mark.parametrize("target", FORMATS)
def test_thumbnail_of_the_whole_photo_is_gone(
    tmp_path: Path, given_format: str, target: str
) -> None:
    path = source(tmp_path, given_format)
    assert b"THUMBNAIL" not in write(path, target).path.read_bytes()


@pytest.mark.parametrize("given_format", FORMATS)
@pytest.mark.parametrize("target", FORMATS)
def test_no_place_is_left_without_location(tmp_path: Path, given_format: str, target: str) -> None:
    done = write(source(tmp_path, given_format), target, "no-location")
    data = done.path.read_bytes()
    found = read_metadata(done.path)
    for trace in WHERE:
        assert trace not in data
        assert trace not in found.xmp
        assert trace not in found.exif
    with Image.open(done.path) as image:
        assert not image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    assert exif.tag_bytes(found.exif, 0x010E).startswith(maker.DESCRIPTION)
    assert b'xmp:Rating="4"' in found.xmp
    assert found.taken == "2024-05-17"
    assert read_photo(done.path).icc == maker.icc_profile()


@pytest.mark.parametrize("given_format", ["jpeg", "png", "tiff"])
@pytest.mark.parametrize("target", FORMATS)
def test_nothing_but_the_profile_is_left_with_none(
    tmp_path: Path, given_format: str, target: str
) -> None:
    done = write(source(tmp_path, given_format), target, "none")
    found = read_metadata(done.path)
    assert (found.xmp, found.iptc, found.texts, found.comment) == (b"", b"", {}, b"")
    assert found.taken == ""
    data = done.path.read_bytes()
    for trace in (*WHERE[2:], maker.DESCRIPTION, b"Rating", b"byline"):
        assert trace not in data
    assert read_photo(done.path).icc == maker.icc_profile()


@pytest.mark.parametrize("target", ["png", "tiff"])
@pytest.mark.parametrize("given_format", ["png", "tiff"])
def test_16_bit_files_carry_everything_too(tmp_path: Path, given_format: str, target: str) -> None:
    pixels = maker.scene(bits=16)
    path = tmp_path / f"deep.{given_format}"
    if given_format == "png":
        path.write_bytes(maker.png16(pixels, maker.chunk(b"eXIf", maker.exif_block(6))))
    else:
        extra = [
            (274, "H", 1, 6, True),
            (315, "s", 0, "An Artist", True),
            (700, "B", len(maker.XMP), maker.XMP, True),
        ]
        tifffile.imwrite(
            path, pixels, photometric="rgb", extratags=extra, iccprofile=maker.icc_profile(),
            resolution=(240, 240), resolutionunit=2,
        )  # fmt: skip
    done = write(path, target)
    photo = read_photo(done.path)
    assert (photo.bits, photo.width, photo.height) == (16, 32, 48)
    found = read_metadata(done.path)
    if given_format == "png":
        assert exif.tag_bytes(found.exif, 0x010E) == maker.DESCRIPTION + b"\0"
        assert found.taken == "2024-05-17"
    else:
        assert photo.icc == maker.icc_profile()
        assert exif.tag_bytes(found.exif, 315) == b"An Artist\0"
        assert b'tiff:Orientation="1"' in found.xmp
        assert found.dpi == pytest.approx((240, 240), abs=0.1)


def preview() -> bytes:
    """A JPEG of the whole photo that has a thumbnail of its own."""
    inner = b"Exif\0\0" + maker.exif_block()
    return maker.saved(maker.image(width=16, height=16), "JPEG", exif=inner)


@pytest.mark.parametrize("keep", ["all", "no-location"])
@pytest.mark.parametrize("target", FORMATS)
def test_previews_in_the_makers_notes_do_not_show_the_whole_photo(
    tmp_path: Path, target: str, keep: str
) -> None:
    parts = b"MAKER\0\1", b"between", b"\xff\xd8\xff no picture \xff\xd9"
    note = preview().join(parts)
    block = Image.Exif()
    block.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.MakerNote] = note
    block.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.SubjectLocation] = (40, 30)
    block.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = maker.TAKEN
    maker.image().save(tmp_path / "a.jpg", exif=block)
    done = write(tmp_path / "a.jpg", target, keep)
    found = read_metadata(done.path).exif
    assert preview()[:40] not in found
    assert preview()[-40:] not in found
    with Image.open(done.path) as image:
        inner = image.getexif().get_ifd(ExifTags.IFD.Exif)
    assert inner[ExifTags.Base.DateTimeOriginal] == maker.TAKEN
    assert ExifTags.Base.SubjectLocation not in inner
    kept = inner.get(ExifTags.Base.MakerNote)
    if keep == "all":
        assert kept == bytes(len(note))  # nobody can tell what else of it is a picture
    else:
        assert kept is None


def test_a_place_among_a_pngs_texts_goes_with_the_others(tmp_path: Path) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("exif:GPSLatitude", "48/1")
    texts.add_text("Title", "Au café")
    maker.image().save(tmp_path / "a.png", pnginfo=texts)
    assert read_metadata(write(tmp_path / "a.png").path).texts.keys() == {
        *("exif:GPSLatitude", "Title")
    }
    done = write(tmp_path / "a.png", keep="no-location")
    assert read_metadata(done.path).texts == {"Title": "Au café"}


def test_png_keeps_its_texts(tmp_path: Path) -> None:
    done = write(maker.full_png(tmp_path / "a.png"))
    with Image.open(done.path) as image:
        assert image.text["Caption"] == "Au café"


def test_packet_without_need_stays_byte_for_byte() -> None:
    assert xmp.revised_xmp(maker.PLAIN_XMP, 10, 10, location=True) == maker.PLAIN_XMP
    assert xmp.revised_xmp(maker.PLAIN_XMP, 10, 10, location=False) == maker.PLAIN_XMP


def test_packet_loses_what_shows_or_points_beyond_the_crop() -> None:
    packet = maker.XMP.replace(
        b"<dc:creator>",
        b'<xmp:Thumbnails><rdf:Alt><rdf:li rdf:parseType="Resource" xmlns:g="urn:g">'
        b"<g:image>AAAA</g:image></rdf:li></rdf:Alt></xmp:Thumbnails>"
        b'<c:MicroVideo xmlns:c="http://ns.google.com/photos/1.0/camera/">1</c:MicroVideo>'
        b'<m:Regions xmlns:m="http://www.metadataworkinggroup.com/schemas/regions/" '
        b'rdf:parseType="Resource"><m:RegionList><rdf:Bag><rdf:li m:Name="Ada"/></rdf:Bag>'
        b"</m:RegionList></m:Regions>"
        b'<p:UsePanoramaViewer xmlns:p="http://ns.google.com/photos/1.0/panorama/">True'
        b"</p:UsePanoramaViewer>"
        b"<dc:creator>",
    )
    revised = xmp.revised_xmp(packet, 10, 10, location=True)
    assert b"AAAA" not in revised
    assert b"Ada" not in revised
    assert b"Panorama" not in revised
    assert b"MicroVideo" not in revised
    assert b"Jos\xc3\xa9" in revised


@pytest.mark.parametrize("order", ["<", ">"])
def test_block_changes_only_where_it_must(order: str) -> None:
    block = maker.exif_block(6, 96, 64, order)
    revised = exif.revised_exif(block, 70_000, 48, location=True)
    tags = Image.Exif()
    tags.load(revised)
    assert tags[0x0112] == 1
    inner = tags.get_ifd(ExifTags.IFD.Exif)
    assert (inner[0xA002], inner[0xA003]) == (70_000, 48)
    assert maker.THUMBNAIL not in revised
    assert block.index(maker.MAKER_NOTE) == revised.index(maker.MAKER_NOTE)
    assert len(revised) <= len(block) - len(maker.THUMBNAIL)


@given(st.data())
def test_damaged_block_is_refused_or_survived(data: st.DataObject) -> None:
    block = bytearray(maker.exif_block(6))
    for _ in range(data.draw(st.integers(1, 8))):
        block[data.draw(st.integers(0, len(block) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(block[: data.draw(st.integers(0, len(block)))])
    try:
        assert len(exif.revised_exif(cut, 10, 10, location=False)) <= len(cut) + 4
        exif.extracted(cut)
        exif.metadata_entries(cut)
    except ValueError:
        pass
    exif.taken(cut)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_damaged_metadata_are_left_out_with_a_warning(tmp_path: Path) -> None:
    path = maker.full_jpeg(
        tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff\0\0rubbish", xmp=b"<x:xmpmeta>"
    )
    done = write(path)
    assert len(done.warnings) == 2
    assert "EXIF" in str(done.warnings[0])
    assert "XMP" in str(done.warnings[1])
    assert read_photo(done.path).width == 48


def test_exif_too_large_for_a_jpeg_warns(tmp_path: Path) -> None:
    block = Image.Exif()
    block.get_ifd(ExifTags.IFD.Exif)[0x9286] = b"ASCII\0\0\0" + bytes(70_000)
    block[0x010F] = "Cam"
    maker.image().save(tmp_path / "a.png", exif=block)
    done = write(tmp_path / "a.png", "jpeg")
    assert "too large for a JPEG" in str(done.warnings[0])


def test_description_reads_as_it_was_written(tmp_path: Path) -> None:
    done = write(source(tmp_path, "jpeg"), "tiff")
    with tifffile.TiffFile(done.path) as file:
        assert file.pages[0].tags[0x010E].value == DESCRIPTION
