"""A record as the JSON object that `dangjian clean --jsonl` prints; docs/cleaning.md explains each field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.records import Credit, Image, Record, Region, Repair, Series, Topic

__all__ = ["record_to_json"]


def record_to_json(record: Record, path: str) -> dict[str, Any]:
    """Every field of the record under a stable name, ready for ``json.dumps``; a value not given is null or empty."""
    return {"path": path, **_names(record), **_text(record), **_judgements(record), **_history(record)}


def _names(record: Record) -> dict[str, Any]:
    return {
        "source": record.source,
        "url": record.url,
        "key": record.key,
        "title": record.title,
        "kicker": record.kicker,
        "subtitle": record.subtitle,
        "series": _series(record.series),
        "published_at": record.published_at.isoformat() if record.published_at else None,
        "published_precision": record.published_precision.value if record.published_precision else None,
        "medium": record.medium,
        "platform": record.platform,
        "authors": list(record.authors),
        "photographers": list(record.photographers),
        "editors": list(record.editors),
        "credits": [_credit(credit) for credit in record.credits],
        "newspaper_page": record.newspaper_page,
        "clicks": record.clicks,
        "tags": list(record.tags),
    }


def _text(record: Record) -> dict[str, Any]:
    return {
        "text": record.text,
        "paragraphs": list(record.paragraphs),
        "headings": list(record.headings),
        "captions": list(record.captions),
        "images": [_image(image) for image in record.images],
        "original_text": record.original_text,
        "script": record.script.value,
        "language": record.language,
    }


def _judgements(record: Record) -> dict[str, Any]:
    return {
        "regions": [_region(region) for region in record.regions],
        "topics": [_topic(topic) for topic in record.topics],
        "methods": list(record.methods),
        "relevance": {"score": record.relevance.score, "hits": dict(record.relevance.hits)},
    }


def _history(record: Record) -> dict[str, Any]:
    return {
        "repairs": [_repair(repair) for repair in record.repairs],
        "flags": list(record.flags),
        "provenance": {name: {"origin": p.origin.value, "raw": p.raw} for name, p in record.provenance.items()},
        "charset": record.charset,
        "charset_origin": record.charset_origin,
        "extractor": record.extractor,
        "rules_version": record.rules_version,
    }


def _series(series: Series | None) -> dict[str, Any] | None:
    if series is None:
        return None
    return {"name": series.name, "ordinal": series.ordinal, "ordinal_raw": series.ordinal_raw}


def _credit(credit: Credit) -> dict[str, Any]:
    return {"role": credit.role, "names": list(credit.names), "organisations": list(credit.organisations)}


def _image(image: Image) -> dict[str, Any]:
    return {
        "url": image.url,
        "proxied_url": image.proxied_url,
        "width": image.width,
        "height": image.height,
        "caption": image.caption,
        "after_paragraph": image.after_paragraph,
    }


def _region(region: Region) -> dict[str, Any]:
    return {
        "level": region.level.value,
        "name": region.name,
        "code": region.code,
        "primary": region.primary,
        "inferred": region.inferred,
    }


def _topic(topic: Topic) -> dict[str, Any]:
    return {"name": topic.name, "score": topic.score, "evidence": list(topic.evidence)}


def _repair(repair: Repair) -> Mapping[str, Any]:
    return {
        "rule": repair.rule,
        "kind": repair.kind.value,
        "before": repair.before,
        "after": repair.after,
        "place": repair.place,
        "start": repair.start,
        "end": repair.end,
        "certainty": repair.certainty.value,
        "applied": repair.applied,
        "candidates": list(repair.candidates),
        "evidence": repair.evidence,
        "count": repair.count,
    }
