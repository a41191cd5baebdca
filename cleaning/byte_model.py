"""How a careless GBK text replacement damages Chinese text: the forward model of the byte repair.

Some copying sites take a page as GBK bytes and run plain byte replacements over it, without
looking where characters begin:

* notes: the two bytes of a listed character become those bytes plus its reading, ``發`` -> ``發(fā)``;
* breaks: something is put in front of the two bytes of some full-width marks (``；`` is A3 BB).

Where the two bytes are the second half of one character and the first half of the next, the
insertion tears both apart, and everything behind it is read one byte late until the bytes fall
into step again: ``說。基層黨組織`` -> ``說?；鶎狱h組織``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cleaning.tears import MARKS

__all__ = ["MARKS", "Site", "corrupt", "decode", "encode", "pair", "pair_bytes"]

_BREAK = b"\x00"  # stands for whatever was inserted before a mark; it shows only through what it destroys
_ORPHAN = "?"  # what a decoder writes for a lead byte whose trail byte is not one


@dataclass(frozen=True, slots=True)
class Site:
    """One damaged stretch: ``damaged`` stands where ``clean`` stood (both without their undamaged surroundings).

    ``start`` is the offset in the damaged text, ``clean_start`` in the clean text. ``vanished`` counts
    the pairs of bytes that are no character and left no trace, ``swallowed`` holds the ASCII
    characters that were taken for trail bytes: nothing in the text gives either back.
    """

    start: int
    clean_start: int
    damaged: str
    clean: str
    vanished: int = 0
    swallowed: str = ""

    @property
    def lost(self) -> bool:
        return bool(self.vanished or self.swallowed)


def _pairs() -> dict[int, str]:
    """The two-byte codes that a browser's or PHP's GBK knows: user-defined codes are not among them."""
    table: dict[int, str] = {}
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            try:
                table[lead << 8 | trail] = bytes((lead, trail)).decode("gbk")
            except UnicodeDecodeError:
                continue
    return table


_CHARACTERS = _pairs()
_CODES = {character: code for code, character in _CHARACTERS.items()}


def pair(lead: int, trail: int) -> str | None:
    """The character of two GBK bytes, or None where they are no character."""
    return _CHARACTERS.get(lead << 8 | trail)


def pair_bytes(character: str) -> tuple[int, int] | None:
    """The two GBK bytes of a character, or None where it has none (ASCII, or not in GBK)."""
    code = _CODES.get(character)
    return None if code is None else (code >> 8, code & 0xFF)


def encode(text: str) -> bytes:
    """GBK bytes of ``text``; a character that GBK lacks becomes its numeric reference, as web pages write it."""
    return text.encode("gbk", "xmlcharrefreplace")


def decode(data: bytes, orphan: str = _ORPHAN) -> str:
    """Read GBK as the copying sites do: a pair that is no character vanishes, a broken lead byte becomes ``orphan``."""
    return "".join(piece.text for piece in _read(data, orphan))


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    start: int
    end: int  # offset behind its last byte
    vanished: bool = False  # two bytes that are no character
    swallowed: str = ""


def _read(data: bytes, orphan: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    while at < len(data):
        piece = _read_one(data, at, orphan)
        pieces.append(piece)
        at = piece.end
    return pieces


def _read_one(data: bytes, at: int, orphan: str) -> _Piece:
    lead = data[at]
    if lead <= 0x80:  # CP936 shows a lone 80 as the euro sign
        return _Piece({0: "", 0x80: "€"}.get(lead, chr(lead)), at, at + 1)
    if at + 1 == len(data):
        return _Piece(orphan, at, at + 1, True)
    trail = data[at + 1]
    if trail < 0x40 or trail in (0x7F, 0xFF):
        lost = "" if trail in (0, 0x28) else chr(trail)  # a break or a note's bracket is no loss
        return _Piece(orphan, at, at + 2, swallowed=lost)
    character = pair(lead, trail)
    return _Piece(character or "", at, at + 2, vanished=character is None)


def corrupt(
    text: str,
    notes: Mapping[str, str] | None = None,
    marks: Iterable[str] = ("；",),
    orphan: str = _ORPHAN,
) -> tuple[str, tuple[Site, ...]]:
    """Damage ``text`` as a careless site does.

    ``notes`` gives the listed characters and their readings (``{"發": "fā"}``), ``marks`` the
    full-width marks that are broken, ``orphan`` what the decoder shows for a broken lead byte
    (``"?"``, ``"？"`` or nothing). Returns the damaged text with the notes in it, and the sites where
    characters were torn; ``Site.clean`` holds the notes that its characters rightly carry.
    """
    stream = _Stream.of(text)
    for character, reading in (notes or {}).items():
        stream.insert(encode(character), encode(f"({reading})"), behind=True)
    for mark in marks:
        stream.insert(encode(mark), _BREAK, behind=False)
    pieces = _read(bytes(stream.data), orphan)
    return "".join(piece.text for piece in pieces), tuple(_sites(stream, pieces))


@dataclass(slots=True)
class _Stream:
    """Bytes, and for each the unit (character or note) of the clean text that it belongs to; -1 for none."""

    data: bytearray
    owners: list[int]
    units: list[bytes]

    @classmethod
    def of(cls, text: str) -> _Stream:
        units = [encode(character) for character in text]
        owners = [number for number, unit in enumerate(units) for _ in unit]
        return cls(bytearray(b"".join(units)), owners, units)

    def insert(self, pattern: bytes, addition: bytes, *, behind: bool) -> None:
        """Put ``addition`` at every place of ``pattern``, as a replacement that knows no characters does."""
        data, owners, last = bytearray(), list[int](), 0
        at = self.data.find(pattern)
        while at >= 0:
            cut = at + len(pattern) if behind else at
            data += self.data[last:cut] + addition
            owners += self.owners[last:cut]
            owners += [self._owner(at, pattern, addition)] * len(addition)
            last = cut
            at = self.data.find(pattern, at + len(pattern))
        self.data = data + self.data[last:]
        self.owners = owners + self.owners[last:]

    def _owner(self, at: int, pattern: bytes, addition: bytes) -> int:
        """A note behind a whole character is part of the clean text; any other addition belongs to nothing."""
        owner = self.owners[at]
        if addition == _BREAK or owner < 0 or self.units[owner] != pattern or self.owners[at + 1] != owner:
            return -1
        self.units.append(addition)
        return len(self.units) - 1


def _sites(stream: _Stream, pieces: list[_Piece]) -> Iterable[Site]:
    """The maximal stretches of pieces that are not exactly one unit, or part of an undamaged note, each."""
    shown = clean = 0
    run: list[_Piece] = []
    torn: set[int] = set()
    for piece in (*pieces, _Piece("", len(stream.data), len(stream.data))):
        owners = set(stream.owners[piece.start : piece.end])
        if piece.end > piece.start and _is_torn(stream, piece, owners, torn):
            torn |= owners
            run.append(piece)
            continue
        if run:
            site = _site(stream, run, shown, clean)
            yield site
            shown, clean, run = shown + len(site.damaged), clean + len(site.clean), []
        shown += len(piece.text)
        clean += len(piece.text)


def _is_torn(stream: _Stream, piece: _Piece, owners: set[int], torn: set[int]) -> bool:
    if owners == {-1}:
        return piece.text != ""  # a break between characters does not show; a note inside one does
    owner = min(owners)
    if len(owners) > 1 or owner in torn:
        return True
    unit = stream.units[owner]
    return unit[:1] not in (b"(", b"&") and stream.data[piece.start : piece.end] != unit


def _site(stream: _Stream, run: list[_Piece], shown: int, clean: int) -> Site:
    owners = dict.fromkeys(stream.owners[run[0].start : run[-1].end])
    owners.pop(-1, None)
    return Site(
        start=shown,
        clean_start=clean,
        damaged="".join(piece.text for piece in run),
        clean=b"".join(stream.units[owner] for owner in owners).decode("gbk"),
        vanished=sum(piece.vanished for piece in run),
        swallowed="".join(piece.swallowed for piece in run),
    )
