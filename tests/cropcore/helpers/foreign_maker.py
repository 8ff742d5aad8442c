"""Photos and sidecars as other programs write them, made by code."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from PIL import Image

from cropcore.images.photo import Photo, read_photo
from cropcore.interop.foreign_crop import FoundCrop
from cropcore.interop.xmp_sidecar import WrittenSidecar

ORIENTATION_TAG = 274
WIDTH, HEIGHT = 600, 400


def grid(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """A picture whose red tells x and whose green tells y."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [x / (width - 1) * 255, y / (height - 1) * 255, np.full((height, width), 64)]
    return Image.fromarray(np.stack(planes, -1).round().astype(np.uint8))


def grid_photo(path: Path, orientation: int = 1) -> Photo:
    """The grid as a photo file of any kind that Pillow writes."""
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    grid().save(path, quality=98, subsampling=0, exif=exif.tobytes())
    return read_photo(path)


def other_settings(number: int = 100) -> dict[str, str]:
    """Develop settings that nobody may touch."""
    return {f"Setting{i:03}": f"+{i / 10:.1f} ünd &amp; mehr" for i in range(number)}


CROPPED = {
    "HasCrop": "True",
    "CropTop": "0.1",
    "CropLeft": "0.05",
    "CropBottom": "0.9",
    "CropRight": "0.95",
    "CropAngle": "1.5",
    "CropConstrainToWarp": "0",
    "AlreadyApplied": "False",
}
_CURVE = (
    "   <crs:ToneCurvePV2012>\n    <rdf:Seq>\n     <rdf:li>0, 0</rdf:li>\n     <rdf:li>255, 255</rdf:li>\n"
    "    </rdf:Seq>\n   </crs:ToneCurvePV2012>\n"
)
_LOOK = (
    '   <crs:Look>\n    <rdf:Description\n     crs:Name="Adobe Color"\n     crs:CropLeft="0.4">\n'
    '    <crs:Parameters>\n     <rdf:Description crs:CropTop="0.7" crs:HasCrop="False"/>\n'
    "    </crs:Parameters>\n    </rdf:Description>\n   </crs:Look>\n"
)
SPACES = (
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
    'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"',
    'xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"',
)
_HEAD = '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0-c000 1.000000, 0000/00/00-00:00:00">'
_RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
_TIFF = {"ImageWidth": "600", "ImageLength": "400", "Orientation": "1"}


def adobe_style(crs: dict[str, str], tiff: dict[str, str] | None = None) -> bytes:
    """Attributes of one description, as Lightroom writes a sidecar."""
    attributes = [*SPACES, 'xmp:Rating="3"']
    attributes += [f'tiff:{k}="{v}"' for k, v in (_TIFF if tiff is None else tiff).items()]
    attributes += [f'crs:{k}="{v}"' for k, v in crs.items()]
    joined = "\n   ".join(attributes)
    return (
        f'{_HEAD}\n {_RDF}\n  <rdf:Description rdf:about=""\n   {joined}>\n{_CURVE}{_LOOK}'
        "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n"
    ).encode()


def element_style(crs: dict[str, str], tiff: dict[str, str] | None = None) -> bytes:
    """Elements of one description, in a packet with a byte order mark, CRLF and padding."""
    spaces = "\n    ".join(SPACES)
    elements = "".join(
        f"   <tiff:{k}>{v}</tiff:{k}>\n" for k, v in (_TIFF if tiff is None else tiff).items()
    )
    elements += "".join(f"   <crs:{k}>{v}</crs:{k}>\n" for k, v in crs.items())
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'{_HEAD}\n {_RDF}\n  <rdf:Description rdf:about=""\n    {spaces}>\n{elements}{_CURVE}{_LOOK}'
        "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n" + (" " * 99 + "\n") * 3
    ) + '<?xpacket end="w"?>'
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


def exiftool_style(crs: dict[str, str], tiff: dict[str, str] | None = None) -> bytes:
    """A description for each namespace, with other quotes and another prefix, as ExifTool writes it."""
    told = _TIFF if tiff is None else tiff
    parts = [
        "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>\n"
        "<x:xmpmeta xmlns:x='adobe:ns:meta/' x:xmptk='Image::ExifTool 12.57'>\n"
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n\n",
        " <rdf:Description rdf:about=''\n"
        "  xmlns:raw='http://ns.adobe.com/camera-raw-settings/1.0/'>\n",
        *(f"  <raw:{k}>{v}</raw:{k}>\n" for k, v in crs.items()),
        _LOOK.replace("crs:", "raw:"),
        " </rdf:Description>\n\n",
        " <rdf:Description rdf:about=''\n  xmlns:tiff='http://ns.adobe.com/tiff/1.0/'>\n",
        *(f"  <tiff:{k}>{v}</tiff:{k}>\n" for k, v in told.items()),
        " </rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end='w'?>",
    ]
    return "".join(parts).encode()


STYLES = {"adobe": adobe_style, "element": element_style, "exiftool": exiftool_style}


def darktable_history(
    steps: list[tuple[str, bool, bytes]], end: int | None = None, rating: int = 1
) -> bytes:
    """A sidecar as darktable 4.2 writes it, with a history of (operation, enabled, parameters)."""
    blend = "gz14eJxjYIAACQYYOOHEgAZY0QWAgBGLGANDgz0Ej1Q+dlAx68oBEMbFxwX+AwGIBgCbGCeh"
    items = "".join(
        f'     <rdf:li\n      darktable:num="{number}"\n      darktable:operation="{name}"\n'
        f'      darktable:enabled="{int(enabled)}"\n      darktable:modversion="1"\n'
        f'      darktable:params="{params.hex()}"\n      darktable:multi_name=""\n'
        '      darktable:multi_priority="0"\n      darktable:blendop_version="11"\n'
        f'      darktable:blendop_params="{blend}"/>\n'
        for number, (name, enabled, params) in enumerate(steps)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">\n'
        ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '  <rdf:Description rdf:about=""\n    xmlns:xmp="http://ns.adobe.com/xap/1.0/"\n'
        '    xmlns:darktable="http://darktable.sf.net/"\n'
        f'   xmp:Rating="{rating}"\n   darktable:xmp_version="5"\n   darktable:raw_params="0"\n'
        '   darktable:auto_presets_applied="1"\n'
        f'   darktable:history_end="{len(steps) if end is None else end}"\n'
        '   darktable:iop_order_version="2">\n'
        f"   <darktable:history>\n    <rdf:Seq>\n{items}    </rdf:Seq>\n   </darktable:history>\n"
        "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n"
    ).encode()


def darktable_crop(left: float, top: float, right: float, bottom: float) -> bytes:
    return struct.pack("<ffffii", left, top, right, bottom, 0, 0)


def told(found: FoundCrop | WrittenSidecar) -> tuple[str, ...]:
    """What the person is told, in English."""
    return tuple(map(str, found.notices))
