"""The register of places as it is read back from its columns."""

from __future__ import annotations

import pytest

from cleaning.tags import gazetteer
from cleaning.tags.gazetteer import load, measure_tails
from scripts.build_divisions import DATA, pack


def test_what_is_packed_is_read_back() -> None:
    register = load()
    assert (DATA / "divisions.json.z").read_bytes() == pack(register.codes.items())


def test_a_name_has_the_codes_of_all_places_that_share_it() -> None:
    register = load()
    shared = register.codes_of("城关镇")
    assert len(shared) > 50
    # Beside those of the name there are towns of the Hui and others that people call so.
    assert {register.codes[code] for code in shared} >= {"城关镇", "城关回族镇"}
    assert register.codes_of("成都市") == ("5101",)
    assert register.codes_of("无此地") == ()


def test_a_province_has_its_short_name_before_a_city() -> None:
    assert load().short["吉林"] == "22"
    assert "吉林市" in load().names


def test_every_name_can_be_found_by_its_last_characters() -> None:
    register = load()
    expected = measure_tails((*register.names, *gazetteer.NEW_AREAS))
    assert dict(register.tails) == expected
    assert measure_tails(["雄安新区", "东区", "安新区"]) == {"安新区": (4, 3), "东区": (2,)}


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("凉山州", "5134"),
        ("科右前旗", "152221"),
        ("积石山县", "622927"),
        ("合肥高新区", "340176"),
        ("唐山海港经济开发区", "130274"),
        ("唐家墩街道", "420103009"),
        ("无此地街道", ""),
    ],
)
def test_what_people_call_a_place_leads_to_its_code(spelling: str, code: str) -> None:
    assert " ".join(load().codes_of(spelling)) == code


def test_a_town_is_listed_without_the_county_that_the_register_puts_in_front() -> None:
    assert load().codes["419001001"] == "沁园街道"


def test_short_names_of_prefectures_and_counties_are_known() -> None:
    assert load().short["凉山"] == "5134"
    assert load().counties["福田"] == "440304"
    assert "和平" not in load().counties
