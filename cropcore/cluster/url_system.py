"""Opens stores behind URLs by fsspec, and tells their errors in words."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cropcore.errors import OptionError, system_reason
from cropcore.messages import Message

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_CREDENTIALS = (
    *("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"),
    *("ProfileNotFound", "TokenRetrievalError", "UnauthorizedSSOTokenError"),
)
_UNREACHABLE = ("EndpointConnectionError", "ConnectTimeoutError", "ConnectionError")


def is_url(place: str) -> bool:
    """Whether a text is a URL such as ``s3://bucket/folder``."""
    return _URL.match(place) is not None


def place_of(text: str) -> Path | str:
    """A path, also of a ``file:`` URL; any other URL as it is, without a slash at the end."""
    if not is_url(text):
        return Path(text)
    parts = urlsplit(text)
    if parts.scheme in ("file", "local"):
        # Brings http.client and ssl, which every command would otherwise wait for.
        from urllib.request import url2pathname

        return Path(url2pathname(parts.path))
    return text.rstrip("/")


def opened_system(url: str, **options: Any) -> tuple[Any, str]:
    """The file system of fsspec for a URL, and the URL's path in it.

    ``options`` are those of the store's fsspec module.

    Raises:
        OptionError: the store's package is not installed, or there is none for such URLs.
    """
    try:
        import fsspec

        # What other machines write in the meantime must be seen.
        system, path = fsspec.core.url_to_fs(url, use_listings_cache=False, **options)
    except (ImportError, ValueError) as error:
        raise OptionError(
            "{place}: {reason}. Install what it needs with: pip install 'cropsight[cluster]'",
            place=url,
            reason=str(error),
        ) from error
    return system, str(path).rstrip("/")


@contextmanager
def system_errors() -> Iterator[None]:
    """Turn whatever a store's package raises into an OSError.

    Raises:
        OSError: instead; FileNotFoundError, FileExistsError and PermissionError among them.
    """
    try:
        yield
    except OSError:
        raise
    except Exception as error:  # each package has its own
        kind = type(error).__name__
        if kind in _CREDENTIALS:
            raise PermissionError(errno.EACCES, f"no credentials ({error})") from error
        number = errno.EHOSTUNREACH if kind in _UNREACHABLE else errno.EIO
        raise OSError(number, f"{kind}: {error}".strip()) from error


def in_words(url: str, error: OSError) -> Message:
    """What is wrong with a store, and what to do."""
    told = (error.strerror or str(error)).rstrip(".")
    if not is_url(url):
        return Message("{place}: {reason}.", place=url, reason=system_reason(error))
    match error:
        case FileNotFoundError():
            return Message(
                "{place}: there is no such bucket or folder. Create it, or correct the URL.",
                place=url,
            )
        case PermissionError():
            return Message(
                "{place}: access is refused: {reason}. Give credentials where the store's tools look for "
                "them, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose another place.",
                place=url,
                reason=told,
            )
        case OSError(errno=errno.EHOSTUNREACH):
            return Message(
                "{place}: the store cannot be reached: {reason}. See to the network and its address.",
                place=url,
                reason=told,
            )
    return Message("{place}: the store fails: {reason}.", place=url, reason=told)
