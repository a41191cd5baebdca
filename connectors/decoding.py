"""Text of a list, feed or interface answer from its bytes. Article pages are decoded by extraction, not here."""

from __future__ import annotations

import re

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

__all__ = ["decode_text"]

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_GB = {"gb2312": "gb18030", "gbk": "gb18030"}  # what pages call GB2312 is GBK, and GB18030 holds both
LONGEST_TAG = 100_000  # characters; longer than a small picture within an attribute
SMALL_TEXT = 8_000  # characters, in which nothing can cost much
MOST_ATTRIBUTES = 400  # of one tag; parsers compare every attribute with every other
# Possessive throughout: a tag that does not match costs its own length once.
_CROWDED = re.compile(
    r"<[a-zA-Z][^\s/<>]{0,40}+(?:[\s/]++[^\s/>\"'=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"']++))?+)"
    rf"{{{MOST_ATTRIBUTES},}}+[^>]*+>?+"
)
_LONG = re.compile(rf"<[a-zA-Z][^<>]{{{LONGEST_TAG},}}+>?+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:0*(?:[0-8]|1[1-9]|2\d|3[01])|x0*[0-8b-f]);", re.IGNORECASE)


def decode_text(body: bytes, content_type: str = "", charset: str | None = None) -> str:
    """Byte order mark, the source file's charset, strict UTF-8, header, meta, GB18030: the first that fits.

    UTF-8 goes before what is declared because no other text passes for it, and declarations are often wrong.
    Control characters and tags of absurd length, which break or stall parsers, are dropped.
    """
    return _disarm(_decode(body, content_type, charset))


def _decode(body: bytes, content_type: str, charset: str | None) -> str:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    declared = (charset, "utf-8", http_content_type_encoding(content_type), html_body_declared_encoding(body))
    for name in filter(None, declared):
        try:
            text = body.decode(_GB.get(name.lower(), name))
        except (ValueError, LookupError):  # "undefined" and "idna" raise more than UnicodeDecodeError
            continue
        if len(text) < len(body) or body.isascii():
            return text  # else one byte per character: Latin, as servers say by default, and no list is
    return body.decode("gb18030", "replace")


def _disarm(text: str) -> str:
    text = _CONTROLS.sub("", text)
    if len(text) <= SMALL_TEXT:
        return text
    return _LONG.sub("", _CROWDED.sub("", text))
