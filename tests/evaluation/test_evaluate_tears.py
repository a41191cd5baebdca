"""The measure of torn text: it must know right repairs from wrong ones."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from cleaning import tears
from models.records import Edit, Repair
from scripts import evaluate_tears

BODY = "街道党工委书记说。基层治理要依靠群众；居民议事会每月开两次。\n“院子干净了，大家的心也近了。”网格员告诉记者。"


def test_damage_outside_the_sites_is_none() -> None:
    torn = evaluate_tears.tear(BODY, random.Random(6), simplified=False)
    shown = clean = 0
    for site in torn.sites:
        between = torn.damaged[shown : site.start]
        assert evaluate_tears._fold(between) == evaluate_tears._fold(torn.clean[clean : site.clean_start])
        shown, clean = site.start + len(site.damaged), site.clean_start + len(site.clean)
    assert evaluate_tears._fold(torn.damaged[shown:]) == evaluate_tears._fold(torn.clean[clean:])


def test_a_wrong_repair_is_counted_as_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    torn = next(
        found
        for seed in range(100)
        if (found := evaluate_tears.tear(BODY, random.Random(seed), simplified=False)).sites
    )
    site = torn.sites[0]
    right = Repair("byte-damage", site.damaged, site.clean, site.start, site.start + len(site.damaged))
    for repair, good in ((right, 1), (replace(right, after="错"), 0)):
        monkeypatch.setattr(tears, "repair", lambda text, repair=repair: Edit(text, (repair,)))
        tally = evaluate_tears.Tally()
        evaluate_tears.count(torn, tally)
        assert (tally.repaired, tally.right) == (1, good)


def test_the_interval_of_wilson() -> None:
    low, high = evaluate_tears.wilson(98, 100)
    assert (round(low, 3), round(high, 3)) == (0.930, 0.994)
    assert evaluate_tears.wilson(0, 0) == (0.0, 1.0)
