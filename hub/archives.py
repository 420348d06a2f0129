"""Whether a document that is a ZIP archive is safe to unpack, for the hub and for who opens it."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from tempfile import SpooledTemporaryFile

# A document has some hundred parts, those of the documents within it included.
MAX_ENTRIES = 5_000
MAX_UNPACKED = 200_000_000  # bytes, of everything together
# Text shrinks to a twentieth; to less than a hundredth only what repeats itself, which small files
# may. In bytes, what is small.
MAX_RATIO = 100
SMALL = 10_000_000
# A document, a spreadsheet within it, and whatever is within that.
MAX_DEPTH = 3

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENTRY = b"PK\x03\x04"
_ENTRY_IN_DIRECTORY = b"PK\x01\x02"
_CHUNK = 65_536


class TooMuch(ValueError):
    """The archive unpacks to more than a document holds."""


@dataclass
class _Room:
    """What may still be unpacked."""

    size: int = MAX_UNPACKED
    entries: int = MAX_ENTRIES


def check(file):
    """Raises TooMuch, or what zipfile raises of an archive that is damaged.

    Sizes are checked as they are declared first, and then as they are: by unpacking piece by piece,
    at most as much as there is room for, and keeping none of it.
    """
    _check(file, _Room(), depth=1)


def _check(file, room: _Room, depth: int):
    # Counted before zipfile reads the directory, which may hold more names than there is memory.
    entries, size = _measure(file)
    room.entries -= entries
    if depth > MAX_DEPTH or room.entries < 0:
        raise TooMuch
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        declared = sum(part.file_size for part in parts)
        if declared > room.size or declared > max(SMALL, size * MAX_RATIO):
            raise TooMuch
        room.size -= declared
        for part in parts:
            _check_part(archive, part, room, depth)


def _measure(file) -> tuple[int, int]:
    """How many entries the archive has at most, and its size in bytes."""
    entries = size = 0
    file.seek(0)
    for chunk in _chunks(file):
        entries += chunk.count(_ENTRY_IN_DIRECTORY)
        size += len(chunk)
    file.seek(0)
    return entries, size


def _check_part(archive, part: zipfile.ZipInfo, room: _Room, depth: int):
    if part.compress_type not in _METHODS:
        raise zipfile.BadZipFile("Documents are deflated, or not compressed at all.")
    declared = part.file_size
    # Or zipfile would stop at the declared size, and hide what other programs go on to unpack.
    part.file_size += 1
    unpacked = 0
    with SpooledTemporaryFile(max_size=1_000_000) as inner, archive.open(part) as content:
        is_archive = False
        for chunk in _chunks(content):
            is_archive = is_archive or (not unpacked and chunk.startswith(_ENTRY))
            unpacked += len(chunk)
            if unpacked > declared:
                raise TooMuch
            if is_archive:
                inner.write(chunk)
        if is_archive:
            _check(inner, room, depth + 1)


def _chunks(file) -> Iterator[bytes]:
    return iter(partial(file.read, _CHUNK), b"")
