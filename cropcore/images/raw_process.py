"""The child process in which LibRaw reads raw files: a hostile one ends it and nothing else.

It answers one request after the other. A request is a line of JSON on standard input; an answer is a
line of JSON on standard output, followed by as many bytes as it says under ``bytes``.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO

_JPEG = "jpeg"


def main() -> None:
    """Answer until standard input ends."""
    # What LibRaw itself prints must not get between the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        header, data = _answer(json.loads(line))
        _send(out, header, data)


def _answer(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    import rawpy

    try:
        with rawpy.imread(request["path"]) as raw:
            match request["what"]:
                case "header":
                    return _header(raw), b""
                case "preview":
                    return _preview(rawpy, raw)
                case _:
                    return _rendered(rawpy, raw, request)
    except rawpy.LibRawNoThumbnailError:
        return {"error": "no preview"}, b""
    except rawpy.LibRawUnsupportedThumbnailError:
        return {"error": "no preview"}, b""
    except rawpy.LibRawFileUnsupportedError:
        return {"error": "unsupported"}, b""
    except (rawpy.LibRawError, OSError, ValueError, MemoryError) as e:
        return {"error": "damaged", "text": str(e)}, b""


def _header(raw: Any) -> dict[str, Any]:
    sizes = raw.sizes
    return {
        "visible": [sizes.width, sizes.height],
        "margin": [sizes.left_margin, sizes.top_margin],
        "crop": [
            sizes.crop_left_margin,
            sizes.crop_top_margin,
            sizes.crop_width,
            sizes.crop_height,
        ],
        "flip": sizes.flip,
        "taken": _taken(raw),
    }


def _taken(raw: Any) -> str:
    try:
        when = raw.other.timestamp
    except (AttributeError, OSError, OverflowError, ValueError):
        return ""
    return when.strftime("%Y:%m:%d %H:%M:%S") if when and when.year > 1970 else ""


def _preview(rawpy: Any, raw: Any) -> tuple[dict[str, Any], bytes]:
    thumb = raw.extract_thumb()
    if thumb.format == rawpy.ThumbFormat.JPEG:
        return {"kind": _JPEG, "bytes": len(thumb.data)}, bytes(thumb.data)
    height, width = thumb.data.shape[:2]
    data = thumb.data.tobytes()
    return {"kind": "pixels", "size": [width, height], "bytes": len(data)}, data


def _rendered(rawpy: Any, raw: Any, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Pixels as LibRaw makes them, not turned: all of the visible area."""
    pixels = raw.postprocess(
        use_camera_wb=True,
        half_size=request["what"] == "half",
        output_bps=request["bits"],
        output_color=rawpy.ColorSpace.sRGB,
        user_flip=0,
    )
    height, width = pixels.shape[:2]
    data = pixels.tobytes()
    return {"kind": "pixels", "size": [width, height], "bytes": len(data)}, data


def _send(out: BinaryIO, header: dict[str, Any], data: bytes) -> None:
    out.write(json.dumps(header).encode() + b"\n")
    out.write(data)
    out.flush()


if __name__ == "__main__":
    main()
