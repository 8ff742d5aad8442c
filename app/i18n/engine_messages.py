"""Translates the engine's messages and errors.

The engine knows nothing of Qt and speaks English. Its sentences are listed here as templates, with
``{0}`` and so on where it puts a figure or a name, and are recognised when they arrive. What is not
listed stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.i18n.languages import spoken

_MARKED = (
    # Photos that cannot be read.
    QT_TRANSLATE_NOOP("Engine", "Cropsight reads JPEG, PNG, WebP, TIFF, AVIF and HEIC."),
    QT_TRANSLATE_NOOP("Engine", "Convert it to JPEG, PNG or TIFF first."),
    QT_TRANSLATE_NOOP("Engine", "is not a photo that Cropsight can read."),
    QT_TRANSLATE_NOOP("Engine", "is damaged or incomplete."),
    QT_TRANSLATE_NOOP("Engine", "Copy it again from where it came from."),
    QT_TRANSLATE_NOOP("Engine", "is a folder, not a photo."),
    QT_TRANSLATE_NOOP("Engine", "Choose a photo in it."),
    QT_TRANSLATE_NOOP("Engine", "is a raw file, which needs developing first."),
    QT_TRANSLATE_NOOP("Engine", "Open a JPEG or TIFF made from it."),
    QT_TRANSLATE_NOOP(
        "Engine", "has {0} x {1} pixels, more than the {2} megapixels that can be opened."
    ),
    QT_TRANSLATE_NOOP("Engine", "Use a smaller copy."),
    QT_TRANSLATE_NOOP("Engine", "is {0} x {1} pixels: too thin to crop."),
    QT_TRANSLATE_NOOP("Engine", "Use a larger photo."),
    QT_TRANSLATE_NOOP("Engine", "is damaged or of a kind that cannot be read."),
    QT_TRANSLATE_NOOP("Engine", "does not fit in memory."),
    QT_TRANSLATE_NOOP("Engine", "Close other programs or use a smaller copy."),
    QT_TRANSLATE_NOOP("Engine", "is a device or a pipe, not a file."),
    QT_TRANSLATE_NOOP("Engine", "Choose a photo."),
    QT_TRANSLATE_NOOP("Engine", "is empty."),
    QT_TRANSLATE_NOOP("Engine", "HEIC needs the package pillow-heif."),
    QT_TRANSLATE_NOOP("Engine", "Install it with: pip install 'cropsight[heic]'"),
    QT_TRANSLATE_NOOP("Engine", "is not there."),
    QT_TRANSLATE_NOOP("Engine", "It may have been moved or renamed."),
    QT_TRANSLATE_NOOP("Engine", "may not be read."),
    QT_TRANSLATE_NOOP("Engine", "Change the permissions of the file."),
    QT_TRANSLATE_NOOP("Engine", "could not be looked into: {0}."),
    QT_TRANSLATE_NOOP("Engine", "Change the permissions of the folder."),
    QT_TRANSLATE_NOOP("Engine", "could not be read: {0}."),
    QT_TRANSLATE_NOOP("Engine", "Try again or copy the file."),
    QT_TRANSLATE_NOOP("Engine", "has changed since it was opened."),
    QT_TRANSLATE_NOOP("Engine", "Open it again."),
    QT_TRANSLATE_NOOP("Engine", "has {0} x {1} pixels, but hardly any data for them."),
    QT_TRANSLATE_NOOP("Engine", "is damaged: its header does not end."),
    # Raw files.
    QT_TRANSLATE_NOOP("Engine", "is a raw file, which needs the package rawpy."),
    QT_TRANSLATE_NOOP("Engine", "Install it with: pip install 'cropsight[raw]'"),
    QT_TRANSLATE_NOOP("Engine", "ended the reader of raw files: it is damaged."),
    QT_TRANSLATE_NOOP("Engine", "is of a kind that LibRaw does not read."),
    QT_TRANSLATE_NOOP("Engine", "Convert it to DNG first."),
    QT_TRANSLATE_NOOP("Engine", "Developed plainly by LibRaw, with the camera's white balance."),
    # Files of several pictures; what is said of very many comes before what says any number.
    QT_TRANSLATE_NOOP("Engine", "More than {0} pages: the first is used."),
    QT_TRANSLATE_NOOP("Engine", "More than {0} pictures: the first is used."),
    QT_TRANSLATE_NOOP("Engine", "{0} pages: the first is used."),
    QT_TRANSLATE_NOOP("Engine", "{0} pictures: the first is used."),
    QT_TRANSLATE_NOOP("Engine", "{0} pictures: the main one is used."),
    QT_TRANSLATE_NOOP("Engine", "Animated, {0} frames: the first is used."),
    # Exports.
    QT_TRANSLATE_NOOP("Engine", "{0} x {1} pixels are more than a {2} file can hold."),
    QT_TRANSLATE_NOOP("Engine", "Choose a long side of at most {0} pixels, or another format."),
    QT_TRANSLATE_NOOP("Engine", "Enlarged {0} times: the crop has fewer pixels than asked."),
    QT_TRANSLATE_NOOP("Engine", "The crop was trimmed to the ratio of the size asked for."),
    QT_TRANSLATE_NOOP("Engine", "Close other programs or choose a smaller size."),
    QT_TRANSLATE_NOOP("Engine", "could not be made into a {0} file: {1}."),
    QT_TRANSLATE_NOOP("Engine", "Try another format."),
    QT_TRANSLATE_NOOP("Engine", "could not be written: {0}."),
    QT_TRANSLATE_NOOP("Engine", "Choose another folder."),
    QT_TRANSLATE_NOOP(
        "Engine", "{0} x {1} pixels are more than the {2} megapixels that can be written."
    ),
    QT_TRANSLATE_NOOP("Engine", "Choose a smaller size."),
    QT_TRANSLATE_NOOP("Engine", "the disk is full."),
    QT_TRANSLATE_NOOP("Engine", "Free some space or choose another folder."),
    QT_TRANSLATE_NOOP("Engine", "{0} may not be written to."),
    QT_TRANSLATE_NOOP("Engine", "{0} is not a folder."),
    QT_TRANSLATE_NOOP("Engine", "Converted from CMYK to sRGB."),
    QT_TRANSLATE_NOOP(
        "Engine", "The crop reached over the edge of the straightened photo and was shrunk."
    ),
    QT_TRANSLATE_NOOP("Engine", "The XMP data are too large for a JPEG and are left out."),
    QT_TRANSLATE_NOOP("Engine", "The IPTC data are too large for a JPEG and are left out."),
    QT_TRANSLATE_NOOP("Engine", "The EXIF data are too large for a JPEG and are left out."),
    QT_TRANSLATE_NOOP("Engine", "The EXIF data are too large and are left out."),
    QT_TRANSLATE_NOOP("Engine", "The XMP data are too large and are left out."),
    QT_TRANSLATE_NOOP("Engine", "Some of the texts are too large or too many and are left out."),
    QT_TRANSLATE_NOOP("Engine", "The EXIF data were damaged and are left out."),
    QT_TRANSLATE_NOOP("Engine", "The XMP data were damaged and are left out."),
    # What a person types.
    QT_TRANSLATE_NOOP("Engine", "A template names a file, not a folder: leave out the slash."),
    QT_TRANSLATE_NOOP("Engine", "A template needs at least one letter or field."),
    QT_TRANSLATE_NOOP("Engine", "A ratio is two positive numbers, such as 4:5."),
    QT_TRANSLATE_NOOP("Engine", "A ratio is a positive number."),
    QT_TRANSLATE_NOOP("Engine", "The ratio {0} is beyond 1:100 or 100:1; choose one in between."),
    # Decisions that are kept.
    QT_TRANSLATE_NOOP("Engine", "{0}: the file was changed since its crops were saved."),
    QT_TRANSLATE_NOOP("Engine", "{0}: was damaged ({1}); it is kept as {2}."),
    QT_TRANSLATE_NOOP(
        "Engine", "{0}: could not be written beside the photo; the crops are kept in {1}."
    ),
    QT_TRANSLATE_NOOP("Engine", "was written by a later version ({0})."),
    QT_TRANSLATE_NOOP("Engine", "Update Cropsight to use it."),
    # The program's own files, and what may lie in their place.
    QT_TRANSLATE_NOOP("Engine", "is a link to another file."),
    QT_TRANSLATE_NOOP("Engine", "is one file under several names (a hard link)."),
    QT_TRANSLATE_NOOP("Engine", "holds a photo under a name of Cropsight's own files."),
    QT_TRANSLATE_NOOP("Engine", "is larger than any file of its kind."),
    QT_TRANSLATE_NOOP("Engine", "Remove it or choose another folder."),
    QT_TRANSLATE_NOOP("Engine", "Remove it, then try again."),
    QT_TRANSLATE_NOOP(
        "Engine", "could not be made: the folder for temporary files takes no more ({0})."
    ),
    QT_TRANSLATE_NOOP(
        "Engine", "The crops are written; free some space there, then ask for the report again."
    ),
    # The engine itself.
    QT_TRANSLATE_NOOP("Engine", "No GPU found: running on the CPU."),
    QT_TRANSLATE_NOOP("Engine", "There is no usable {0} device here; choose auto or cpu instead."),
    QT_TRANSLATE_NOOP(
        "Engine",
        "The graphics card has no memory left. Close other programs that use it, or compute on the CPU.",
    ),
    # Maps.
    QT_TRANSLATE_NOOP("Engine", "Saliency"),
    QT_TRANSLATE_NOOP("Engine", "Content"),
    QT_TRANSLATE_NOOP("Engine", "Sensitivity"),
    QT_TRANSLATE_NOOP("Engine", "Area"),
    QT_TRANSLATE_NOOP("Engine", "Attention"),
    QT_TRANSLATE_NOOP("Engine", "This crop"),
    QT_TRANSLATE_NOOP("Engine", "Where people look; 1 is an even gaze over the photo"),
    QT_TRANSLATE_NOOP(
        "Engine", "What a crop gains by keeping this place; 0 is the mean of the photo"
    ),
    QT_TRANSLATE_NOOP("Engine", "How much it matters where in the crop this place comes to lie"),
    QT_TRANSLATE_NOOP("Engine", "How surely a crop of this ratio keeps this place"),
    QT_TRANSLATE_NOOP(
        "Engine",
        "What lights up the encoder's layers, by sfrc's attention; most on layers {0}",
    ),
    QT_TRANSLATE_NOOP("Engine", "What each place adds to this crop's score where it lies in it"),
    # Parts of a composition, as in "middle, above".
    QT_TRANSLATE_NOOP("Engine", "centre"),
    QT_TRANSLATE_NOOP("Engine", "middle"),
    QT_TRANSLATE_NOOP("Engine", "border"),
    QT_TRANSLATE_NOOP("Engine", "right"),
    QT_TRANSLATE_NOOP("Engine", "below"),
    QT_TRANSLATE_NOOP("Engine", "left"),
    QT_TRANSLATE_NOOP("Engine", "above"),
)
_SENTENCES = tuple(str(text) for text in _MARKED)

_PREDICATE = re.compile("(is|has|was|may|does|could|cannot|holds|comes) ")
_FIELD = re.compile(r"\\\{\d\\\}")


def sentences() -> tuple[str, ...]:
    """The templates, in English."""
    return _SENTENCES


def translated(text: str) -> str:
    """A text of the engine in the language that is spoken.

    It may be one sentence, a reason with a remedy behind it, either with a file's name before it, or
    words with commas between them. A reason that is but a predicate becomes one sentence with the name.
    """
    if (found := _spoken(text)) is not None:
        return found
    name, colon, rest = text.partition(": ")
    if not colon:
        return text
    told = _spoken(rest) or rest
    # The engine says "a.jpg: is empty.", as commands do; in a sentence the name is the subject.
    return f"{name} {told}" if _PREDICATE.match(rest) else f"{name}: {told}"


def _spoken(text: str) -> str | None:
    """In another language than English, where the text is known."""
    language = spoken()
    return _spoken_as(text, language) if language and text else None


def _spoken_as(text: str, language: str) -> str | None:
    if (found := _one(text, language)) is not None:
        return found
    for mark, between in (("\\. ", " "), (", ", ", ")):
        for cut in re.finditer(mark, text):
            first = text[: cut.start() + (mark != ", ")]
            head, tail = _one(first, language), _one(text[cut.end() :], language)
            if head is not None and tail is not None:
                return f"{head}{between}{tail}"
    return None


def _one(text: str, language: str) -> str | None:
    for pattern, words in _table(language):
        if (match := pattern.fullmatch(text)) is not None:
            return words.format(*match.groups())
    return None


@cache
def _table(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns with what is said instead; those with the fewest fields come first."""
    rows = []
    for text in sorted(_SENTENCES, key=lambda t: t.count("{")):
        words = QCoreApplication.translate("Engine", text)
        rows.append((re.compile(_FIELD.sub("(.+?)", re.escape(text)), re.DOTALL), words))
    return tuple(rows)
