"""The compiled dictionaries give exactly what the package's own convert gives."""

from __future__ import annotations

import random

import opencc
import pytest

from cleaning.conversion import Dictionary, branches, load_dictionary, read_entries

PHRASES = tuple(read_entries("TSPhrases"))
CHARACTERS = tuple(read_entries("TSCharacters"))


@pytest.fixture(scope="module")
def package() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@pytest.fixture(scope="module")
def compiled() -> Dictionary:
    return load_dictionary("TSPhrases", "TSCharacters")


def test_every_phrase_and_every_character_is_converted_as_the_package_does(
    package: opencc.OpenCC, compiled: Dictionary
) -> None:
    wrong = [word for word in (*PHRASES, *CHARACTERS) if compiled.convert(word) != package.convert(word)]
    assert wrong == []


def test_random_mixes_of_phrases_and_characters_are_converted_as_the_package_does(
    package: opencc.OpenCC, compiled: Dictionary
) -> None:
    chance = random.Random(20261122)
    pools = (PHRASES, CHARACTERS, tuple("，。 a1的了在乾覆瞭藉於鍾徵"))
    mixes = ["".join(chance.choice(chance.choice(pools)) for _ in range(chance.randint(2, 12))) for _ in range(4000)]
    wrong = [mix for mix in mixes if compiled.convert(mix) != package.convert(mix)]
    assert wrong == []


def test_phrases_that_overlap_are_resolved_longest_first_as_the_package_does(
    package: opencc.OpenCC, compiled: Dictionary
) -> None:
    heads: dict[str, list[str]] = {}
    for phrase in PHRASES:
        for length in range(1, len(phrase)):
            heads.setdefault(phrase[:length], []).append(phrase[length:])
    overlaps = [
        phrase + rest
        for phrase in PHRASES
        for at in range(1, len(phrase))
        for rest in heads.get(phrase[at:], ())
    ]  # fmt: skip
    assert len(overlaps) > 100
    assert [text for text in overlaps if compiled.convert(text) != package.convert(text)] == []


def test_of_an_entry_with_alternatives_the_first_is_taken(compiled: Dictionary) -> None:
    assert read_entries("TSCharacters")["鍾"] == ("钟", "锺")
    assert compiled.convert("鍾") == "钟"


def test_a_dictionary_whose_entries_change_their_length_is_refused() -> None:
    with pytest.raises(ValueError, match="change their length"):
        Dictionary({"么麼": "么"}, {})


def test_conversion_keeps_every_offset(compiled: Dictionary) -> None:
    text = "說明：不瞭解𠀀情況，\n乾隆年間"
    assert len(compiled.convert(text)) == len(text)


def test_branches_match_the_longest_word_at_a_place() -> None:
    import re

    assert re.findall(branches(["著", "著名", "著名者"]), "著名者著名著") == ["著名者", "著名", "著"]
