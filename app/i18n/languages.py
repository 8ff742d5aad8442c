"""Installed languages, and loading the translation of one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.style.resources import resource

_OWN = "cropsight_"
_QT = "qtbase_"
_SPOKEN = "cropsight_language"
SOURCE = "en"
"""The language that the texts are written in; it needs no catalogue."""


def languages() -> tuple[tuple[str, str], ...]:
    """Code and own name of each language, English first."""
    codes = [path.stem.removeprefix(_OWN) for path in resource("translations").glob(f"{_OWN}*.qm")]
    return tuple((code, _own_name(code)) for code in (SOURCE, *sorted(codes)))


def install(app: QCoreApplication, language: str) -> tuple[QTranslator, ...]:
    """Load a language, or the system's where ``language`` is empty; English where there is none.

    Returns the translators, Qt's own texts first; they must be kept for as long as they are used.
    """
    locale = QLocale(language) if language else QLocale.system()
    wanted = [name.replace("-", "_") for name in locale.uiLanguages()] or [locale.name()]
    loaded: list[QTranslator] = []
    for name in wanted:
        if name.split("_")[0] == SOURCE or name == "C":
            break
        own = QTranslator(app)
        if not own.load(f"{_OWN}{name}", str(resource("translations"))):
            continue
        qt = QTranslator(app)
        if qt.load(_QT + name, QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            loaded.append(qt)
        loaded.append(own)
        app.setProperty(_SPOKEN, name)
        break
    for translator in loaded:
        app.installTranslator(translator)
    return tuple(loaded)


def spoken() -> str:
    """The language of the texts that are loaded; empty for English."""
    app = QCoreApplication.instance()
    return str(app.property(_SPOKEN) or "") if app is not None else ""


def _own_name(code: str) -> str:
    name = QLocale(code).nativeLanguageName()
    name = name.removeprefix("American ") if code == SOURCE else name
    return name[:1].upper() + name[1:]
