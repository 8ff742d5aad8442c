"""Translated texts with plural forms.

A class's own ``tr`` is not used for these: asked with a number, it stops at the first class of a
hierarchy even where the text is listed under another. English needs no catalogue: its "(s)" is
resolved here.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def _tr(text: str, count: int) -> str:
    said = QCoreApplication.translate("Counted", text, "", count)
    if said == text.replace("%n", str(count)):
        return said.replace("(s)", "" if count == 1 else "s")
    return said


def more(count: int) -> str:
    """What a list leaves out."""
    return _tr("and %n more", count)


def more_alike(count: int) -> str:
    """How often the like of a notice happened as well."""
    return _tr("%n more like it.", count)


def stack_cropped(count: int) -> str:
    """How many photos of a burst follow the crop of the shown one."""
    return _tr("The crop follows the subject in %n more photo(s) of the stack.", count)


def export_files(count: int) -> str:
    """What the export button will do."""
    return _tr("Export %n file(s)", count)


def all_photos(count: int) -> str:
    """The choice of all open photos."""
    return _tr("All %n photo(s)", count)


def kept_in_another(count: int, ratio: str) -> str:
    """What an export asks before it mixes ratios."""
    return _tr("%n photo(s) kept in another ratio: use {0} for all?", count).format(ratio)


def came_meanwhile(count: int) -> str:
    """What came into the folders of the last run before this one."""
    return _tr("%n photo(s) came into the open folders since the last time.", count)


def selected_photos(count: int) -> str:
    """The choice of the photos that are selected in the filmstrip."""
    return _tr("%n selected photo(s)", count)


def heads_found(count: int) -> str:
    """How many persons' heads there are."""
    return _tr("%n head(s) in this photo", count)


def areas_protected(count: int) -> str:
    """How many areas no suggestion may cut."""
    return _tr("%n area(s) protected.", count)


def files_exported(count: int, folder: str) -> str:
    """What an export wrote."""
    return _tr("%n file(s) exported to {0}", count).format(folder)


def files_left(count: int) -> str:
    """Why the window does not close yet."""
    return _tr("Exporting %n more file(s). Close again to stop.", count)


def photos(count: int) -> str:
    """How many photos a batch has."""
    return _tr("%n photo(s)", count)


def photos_in_folders(count: int) -> str:
    """How many photos a folder has."""
    return _tr("%n photo(s), with all folders inside", count)


def left_out(count: int) -> str:
    """What else lies in a folder."""
    return _tr("%n other file(s) left out", count)


def raw_left_out(count: int) -> str:
    """Raw files in a folder that cannot be read here."""
    return _tr("%n raw file(s) left out: install the package rawpy to open them", count)


def files(count: int) -> str:
    """How many files a batch makes."""
    return _tr("%n file(s)", count)


def files_written(count: int) -> str:
    """How many files a batch made."""
    return _tr("%n file(s) written", count)


def crops_ready(count: int) -> str:
    """What was found for a review."""
    return _tr("%n crop(s) ready to be looked at", count)


def unfinished(count: int, name: str) -> str:
    """What a crash or a quit left behind."""
    return _tr("The batch {0} (%n photo(s)) was not finished.", count).format(name)


def crop_pasted(count: int) -> str:
    """What pasting a crop did."""
    return _tr("Crop pasted on %n photo(s).", count)


def settings_pasted(count: int) -> str:
    """What pasting settings did."""
    return _tr("Settings pasted on %n photo(s).", count)


def best_taken(count: int) -> str:
    """What asking for the best crop of each photo did."""
    return _tr("Best crop taken on %n photo(s).", count)


def levelled(count: int) -> str:
    """What levelling the selection did."""
    return _tr("%n photo(s) levelled.", count)


def cropped_alike(count: int) -> str:
    """What pasting by the subject did."""
    return _tr("%n photo(s) cropped alike.", count)


def to_look_at(count: int) -> str:
    """How many of these are not sure, before their names."""
    return _tr("Look at %n of them:", count)


def changed_since(count: int) -> str:
    """What an undo of all left alone."""
    return _tr("%n photo(s) changed since: left as they are.", count)


def raw_without_sidecar(count: int) -> str:
    """What is told before the first sidecar of raw files is written."""
    return _tr("%n raw file(s) without a sidecar: one will be made.", count)


def sidecars_written(count: int) -> str:
    """What was written for other editors."""
    return _tr("%n sidecar(s) written.", count)


def sidecars_same(count: int) -> str:
    """Sidecars in which nothing had to be changed."""
    return _tr("%n held the crop already.", count)


def crops_kept_there(count: int) -> str:
    """Sidecars whose own crop was left alone."""
    return _tr("%n sidecar(s) keep another crop, made there.", count)


def developed_in_darktable(count: int) -> str:
    """Photos for which darktable reads no sidecar of others."""
    return _tr("%n photo(s) developed in darktable already: it will not read the crop.", count)


def for_copies(count: int) -> str:
    """Photos whose sidecar Lightroom does not read."""
    return _tr("%n of them Lightroom reads from a copy only, darktable as they are.", count)


def copies_written(count: int, folder: str) -> str:
    """What was written for Lightroom."""
    return _tr("Copies for Lightroom written to {0}: %n.", count).format(folder)


def not_copied(count: int) -> str:
    """Photos of which no copies are made."""
    return _tr("%n photo(s) left out: Lightroom reads their sidecars.", count)


def write_sidecars(count: int) -> str:
    """What the export button will do."""
    return _tr("Write %n sidecar(s)", count)


def write_copies(count: int) -> str:
    """What the export button will do."""
    return _tr("Write copies of %n photo(s)", count)


def crops_for_editors(count: int) -> str:
    """The question for which editor crops are written."""
    return _tr("Write %n crop(s) for another editor:", count)
