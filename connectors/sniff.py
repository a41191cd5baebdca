"""What an answer really is, by its first bytes; the declared type is asked only when they do not say."""

from __future__ import annotations

import re

from connectors.protocol import Expect

__all__ = ["explain_wrong_type", "guess_text"]

_BINARY = {
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a ZIP or Office file",
    b"PK\x05\x06": "a ZIP file",
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
    b"{\\rtf": "a text file of a word processor",
    b"%!PS": "a PostScript file",
    b"MIME-Version:": "a saved page or mail",
    b"#EXTM3U": "a list of videos",
}
_MAGICS = tuple(_BINARY)
_GZIP = b"\x1f\x8b"
_MARKUP = re.compile(
    rb"<(?:!--|(?:!doctype|html|head|body|meta|title|div|p|table|script|a|h1|span|ul|section|article)\b)", re.IGNORECASE
)
_XML = re.compile(rb"<\?xml\b|<(?:rss|feed|rdf:RDF|urlset|sitemapindex|svg)\b", re.IGNORECASE)
_DATA = re.compile(rb"[{\[]\s*[\"'{}\[\]\d]|[\w$.]{1,60}\s*\(\s*[{\[]")  # JSON, JSONP
_HTML = re.compile(rb"<(?:html|body)\b", re.IGNORECASE)
_CONTROLS = bytes([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
MOST_CONTROLS = 0.02  # of the first bytes; random bytes have 0.1, pages with a few NULs in their text 0.001
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
MOST_BLANKS = 65_536  # bytes before the first character; some templates print thousands of blank lines
SNIFFED = 4096  # bytes; government pages open with long comments and blank lines
_TEXTUAL = ("text/", "html", "xml", "json", "javascript", "octet-stream", "x-unknown")


def explain_wrong_type(expect: Expect, content_type: str, body: bytes) -> str | None:
    """Why the answer is not what was asked for, or None if it may be."""
    start = body[:SNIFFED]
    for bom in _BOMS:
        start = start.removeprefix(bom)
    start = start.lstrip() or body[SNIFFED:MOST_BLANKS].lstrip()[:SNIFFED]
    if not start:
        return "the answer is empty"
    wide = is_wide(body)
    if start.startswith(_MAGICS) and not wide:
        return f"the answer is {next(name for magic, name in _BINARY.items() if start.startswith(magic))}"
    if start.startswith(_GZIP):
        # Sitemaps are often kept compressed; the reader of sitemaps inflates them within bounds.
        return None if expect is Expect.XML else "the answer is a gzip file"
    kind = content_type.partition(";")[0].strip().lower()
    if kind and not any(part in kind for part in _TEXTUAL):
        return f"the answer is declared as {kind!r}"
    if expect is Expect.PAGE and not wide:
        return _explain_no_page(kind, start)
    return None


def is_wide(body: bytes) -> bool:
    """Whether the bytes are UTF-16, with its mark or by the zeros beside the ASCII of its markup."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    start = body[:400]
    zeros = start[::2].count(0), start[1::2].count(0)
    # Not half of the page need be ASCII, and a few Han, such as 一 and 开, end in zero.
    return max(zeros) > len(start) // 16 and 4 * min(zeros) < max(zeros)


def _explain_no_page(kind: str, start: bytes) -> str | None:
    if len(start) - len(start.translate(None, _CONTROLS)) > MOST_CONTROLS * len(start):
        return "the answer is no text"
    if _DATA.match(start):
        return "the answer is JSON, not a page"
    if _XML.match(start):
        return None if _HTML.search(start) else "the answer is XML, not a page"
    if _MARKUP.search(start):
        return None
    if start[:1] in (b"{", b"["):
        return "the answer is JSON, not a page"
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
