"""What an answer really is, by its first bytes; the declared type is asked only when they do not say."""

from __future__ import annotations

import re

from connectors.protocol import Expect

__all__ = ["explain_wrong_type", "guess_text"]

_BINARY = {
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a ZIP or Office file",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"RIFF": "a picture or sound",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"Rar!": "an archive",
    b"7z\xbc\xaf": "an archive",
    b"\x00\x00\x00": "a video",
    b"ID3": "a sound",
    b"OggS": "a sound or video",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
}
_GZIP = b"\x1f\x8b"
_MARKUP = re.compile(
    rb"<(?:!--|(?:!doctype|html|head|body|meta|title|div|p|table|script|a|h1|span|ul|section|article)\b)", re.IGNORECASE
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
SNIFFED = 4096  # bytes; government pages open with long comments and blank lines
_TEXTUAL = ("text/", "html", "xml", "json", "javascript", "octet-stream", "x-unknown")


def explain_wrong_type(expect: Expect, content_type: str, body: bytes) -> str | None:
    """Why the answer is not what was asked for, or None if it may be."""
    start = body[:SNIFFED]
    for bom in _BOMS:
        start = start.removeprefix(bom)
    start = start.lstrip()
    if not start:
        return "the answer is empty"
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16: its zero bytes are text
    for magic, name in _BINARY.items():
        if start.startswith(magic) and not wide:
            return f"the answer is {name}"
    if start.startswith(_GZIP):
        # Sitemaps are often kept compressed; the reader of sitemaps inflates them within bounds.
        return None if expect is Expect.XML else "the answer is a gzip file"
    kind = content_type.partition(";")[0].strip().lower()
    if kind and not any(part in kind for part in _TEXTUAL):
        return f"the answer is declared as {kind!r}"
    if expect is Expect.PAGE and not wide:
        return _explain_no_page(kind, start)
    return None


def _explain_no_page(kind: str, start: bytes) -> str | None:
    if _MARKUP.search(start):
        return None
    if start[:1] in (b"{", b"["):
        return "the answer is JSON, not a page"
    if start.startswith(b"<?xml"):
        return None if b"html" in start else "the answer is XML, not a page"
    if "html" in kind:
        return None
    return f"the answer has no markup and is declared as {kind or 'nothing'!r}"


def guess_text(body: bytes) -> str:
    """The start of an answer as text, for reports only."""
    head = body[:800]
    for charset in ("utf-8", "gb18030"):
        try:
            return head.decode(charset)
        except UnicodeDecodeError as error:
            if error.start > len(head) - 4:  # a character cut at the end
                return head[: error.start].decode(charset, "replace")
    return head.decode("utf-8", "replace")
