"""The dictionaries of opencc-python-reimplemented, compiled: the package's own conversion, some twenty times faster.

The package matches the longest phrase first, the leftmost of that length first, then single characters,
and of an entry with alternatives takes the first. A regular expression that tries longer phrases first gives
the same wherever phrases cannot overlap; where they may, `_convert_stretch` follows the package step by step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files

__all__ = ["Dictionary", "branches", "load_dictionary", "read_entries"]


class Dictionary:
    """One group of OpenCC dictionaries: phrases, then characters. Every entry keeps its length."""

    def __init__(self, phrases: Mapping[str, str], characters: Mapping[str, str]) -> None:
        uneven = [k for table in (phrases, characters) for k, v in table.items() if len(k) != len(v)]
        if uneven:
            raise ValueError(f"entries that change their length: {uneven[:5]}; corrections rely on equal offsets")
        self._phrases = dict(phrases)
        self._lengths = sorted({len(k) for k in phrases}, reverse=True)
        self._overlapping = frozenset(_overlapping(phrases))
        self._first = re.compile(branches(phrases))
        self._stretch = re.compile(f"[{re.escape(''.join({c for k in phrases for c in k}))}]+")
        # The whole block of common ideographs is filled in: a look-up that fails costs an exception per character.
        self._characters = {n: n for n in range(0x3000, 0xA000)} | str.maketrans(dict(characters))

    def convert(self, text: str) -> str:
        """The text as the package's ``convert`` gives it, character for character; always of equal length."""
        pieces: list[str] = []
        at = 0
        plain = text.translate(self._characters)  # every entry keeps its length, so places are the same
        while match := self._first.search(text, at):
            pieces.append(plain[at : match.start()])
            if match[0] in self._overlapping:
                # Nothing before the match reaches into it, so the stretch may be cut here.
                stretch = self._stretch.match(text, match.start())
                assert stretch is not None
                pieces += self._convert_stretch(stretch[0])
                at = stretch.end()
            else:
                pieces.append(self._phrases[match[0]])
                at = match.end()
        pieces.append(plain[at:])
        return "".join(pieces)

    def _convert_stretch(self, stretch: str) -> Iterator[str]:
        taken: dict[int, str] = {}  # start of a phrase -> the phrase
        covered = bytearray(len(stretch))
        for length in self._lengths:
            for start in range(len(stretch) - length + 1):
                # Phrases already taken are not shorter than this one: its two ends tell whether it is free.
                if (
                    covered[start]
                    or covered[start + length - 1]
                    or stretch[start : start + length] not in self._phrases
                ):
                    continue
                taken[start] = stretch[start : start + length]
                covered[start : start + length] = b"\1" * length
        at = 0
        while at < len(stretch):
            phrase = taken.get(at)
            yield self._phrases[phrase] if phrase else stretch[at].translate(self._characters)
            at += len(phrase) if phrase else 1


def load_dictionary(phrases: str, characters: str) -> Dictionary:
    """The dictionary of two of the package's files, e.g. ``TSPhrases`` and ``TSCharacters``."""
    return Dictionary(
        {k: v[0] for k, v in read_entries(phrases).items()}, {k: v[0] for k, v in read_entries(characters).items()}
    )


def read_entries(name: str) -> dict[str, tuple[str, ...]]:
    """One dictionary file of the package: entry -> its values, the preferred one first."""
    lines = (files("opencc") / "dictionary" / f"{name}.txt").read_text("utf-8").splitlines()
    entries = (line.split("\t") for line in lines if line)
    return {key: tuple(values.split(" ")) for key, values in entries}


def branches(words: Iterable[str]) -> str:
    """A pattern that matches the longest of these words at a place, as nested alternatives by first character."""
    tree: dict[str, set[str]] = {}
    for word in words:
        tree.setdefault(word[0], set()).add(word[1:])
    return "|".join(re.escape(head) + _tails(tails) for head, tails in sorted(tree.items()))


def _tails(tails: set[str]) -> str:
    longer = branches(t for t in tails if t)
    if not longer:
        return ""
    return f"(?:{longer}){'?' if '' in tails else ''}"


def _overlapping(phrases: Iterable[str]) -> Iterator[str]:
    """Phrases inside which another one may begin that reaches past their end."""
    heads = {phrase[:n] for phrase in phrases for n in range(1, len(phrase))}
    for phrase in phrases:
        if any(phrase[n:] in heads for n in range(1, len(phrase))):
            yield phrase
