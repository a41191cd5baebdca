"""From the bytes of a page to characters that a parser can read: which charset, why, and how much was lost."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Decoded", "clean_characters", "decode"]

META_WINDOW = 16_384  # bytes; browsers look at 1,024, but Chinese sites print scripts first
SAMPLE = 20_000  # characters that are scored: a page's script is plain after a paragraph or two
# Share of the commonest Han below which a declared charset is doubted: running text has 0.3 to 0.5, misread text 0.02.
TRUST = 0.12
WIDE_WINDOW = 512  # bytes in which the zeros of UTF-16 are looked for
FEW = 12  # Han characters; fewer are too few to doubt anything

# WHATWG: a label is what the page says, the codec is what browsers read it with.
_LABELS = {
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "gb18030", "csgb2312", "gb-2312"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "csbig5", "x-x-big5", "cp950", "big-5"), "big5hkscs"),
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8", "utf_8", "utf-8;", "unicode"), "utf-8"),
    **dict.fromkeys(("hz-gb-2312", "hz", "hz-gb2312"), "hz"),
    **dict.fromkeys(("iso-8859-1", "latin1", "ascii", "us-ascii", "windows-1252"), "cp1252"),
}  # fmt: skip
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w\-]{2,30})|<\?xml[^>]{0,100}encoding=[\"']([\w\-]{2,30})",
    re.IGNORECASE,
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w\-]{2,30})", re.IGNORECASE)
# Six Han in a row in UTF-8: by chance, GBK bytes form them less than once in a million characters.
_UTF8_RUN = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc-\xbd][\x80-\xbf]){6,}")
# Lead and further bytes of such runs made letters: what has not even six letters L, each before two of C, has no run.
_UTF8_SHAPE = bytes(
    b"L"[0] if b in (*range(0xE3, 0xEA), 0xEF) else b"C"[0] if 0x80 <= b < 0xC0 else 0 for b in range(256)
)
_ASCII = bytes(range(0x80))
_COMMON_RUN = re.compile(
    "[的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作"
    "当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名"
    "定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市新社区党建记"
    "這來國個說們為時過學對後麼還發從動兩長現進實點聲話兒問機幾業間電門東聽氣關並內軍產萬黨記員會應開經當報體讓無樣頭見號處區總務]+"
)
# Kana, Han and private use.
_HAN_RUN = re.compile("[\u3040-\u30ff\u3400-\u9fff\ue000-\uf8ff]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """``replaced``: places where bytes could not be read and U+FFFD stands now."""

    text: str
    charset: str  # Python codec name: utf-8, gb18030, big5hkscs ...
    origin: str  # bom, utf-8, rule, header, meta, score, mixed, ascii
    replaced: int = 0


def decode(body: bytes, headers: Mapping[str, str] | None = None, *, declared: str | None = None) -> Decoded:
    """The text of a page. Order: BOM, strict UTF-8, what the source file, the header and the page declare, score.

    A declaration is believed if it reads the bytes without loss and the result looks like a language.
    A page of two charsets (a GBK page with a UTF-8 part, or the other way round) is read part by part.
    Never raises; control characters and invalid references are gone from the text.
    """
    for bom, charset in _BOMS:
        if body.startswith(bom):
            body = body[len(bom) :]
            if charset == "utf-8" and not _is_utf8(body):
                break  # a mark glued to a page in GBK
            if charset == "utf-8" or body[:WIDE_WINDOW].count(0):  # markup in UTF-16 has zeros
                return _finish(body.decode(charset, "replace"), charset, "bom", lossy=True)
    if wide := _find_wide(body):
        return _finish(body.decode(wide, "replace"), wide, "score", lossy=True)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(body, headers or {}, declared)
    if body.isascii():
        return _decode_ascii(body, text, headers or {}, declared)
    if b"\xc2" in body and _C1.search(body):
        return _finish(_undo_double(text), "utf-8", "utf-8")
    return Decoded(clean_characters(text, body), "utf-8", "utf-8")


def _is_utf8(body: bytes) -> bool:
    """Whether the page is in UTF-8, broken places or not."""
    return _read_strictly(body, "utf-8") is not None or bool(_UTF8_RUN.search(body))


def _find_wide(body: bytes) -> str | None:
    """UTF-16 without a mark: markup in which every other byte is zero."""
    start = body[:WIDE_WINDOW]
    even, odd = start[::2].count(0), start[1::2].count(0)
    # A few Han, such as 一 and 开, end in zero.
    if max(even, odd) <= len(start) // 16 or 4 * min(even, odd) >= max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_ascii(body: bytes, text: str, headers: Mapping[str, str], declared: str | None) -> Decoded:
    """ASCII is what it says, unless it is told to be GB 2312 in the form of old mail (HZ)."""
    if b"~{" in body and any(charset == "hz" for _, charset in _declarations(body, headers, declared)):
        return _finish(body.decode("hz", "replace"), "hz", "header", lossy=True)
    return _finish(text, "utf-8", "ascii")


def _undo_double(text: str) -> str:
    """The text of a page whose UTF-8 was taken for Latin-1 and written as UTF-8 once more, byte for byte.

    Only a text with C1 controls can be one.
    """
    try:
        once = text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
    return once if _count(once)[1] >= FEW else text


def _decode_legacy(body: bytes, headers: Mapping[str, str], declared: str | None) -> Decoded:
    for origin, charset in _declarations(body, headers, declared):
        text = _read_strictly(body, charset)
        if text is not None and _looks_right(text) and not _hides_chinese(body, text):
            return _with_utf8_parts(body, text, charset, origin)
    return _decode_by_score(body)


def _declarations(body: bytes, headers: Mapping[str, str], declared: str | None) -> list[tuple[str, str]]:
    """What was said of the charset, best source first; each codec once."""
    said: dict[str, str] = {}
    header = _HEADER.search(headers.get("content-type", ""))
    meta = _META.search(body[:META_WINDOW])
    labels = (
        ("rule", declared),
        ("header", header[1] if header else None),
        ("meta", (meta[1] or meta[2]).decode("ascii") if meta else None),
    )
    for origin, label in labels:
        charset = _resolve(label)
        if charset and charset != "utf-8":  # strict UTF-8 has failed already
            said.setdefault(charset, origin)
    return [(origin, charset) for charset, origin in said.items()]


def _resolve(label: str | None) -> str | None:
    if not label:
        return None
    label = label.strip().lower()
    if label in _LABELS:
        return _LABELS[label]
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    # Python also knows codecs that are no charsets (hex, zip).
    return info.name if getattr(info, "_is_text_encoding", True) else None


def _read_strictly(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except (UnicodeError, LookupError):
        return None


def _looks_right(text: str) -> bool:
    common, han = _count(text)
    return han < FEW or common >= TRUST * han


def _hides_chinese(body: bytes, text: str) -> bool:
    """Whether a charset of one byte per character (Latin, Cyrillic) was declared for what reads well as Chinese."""
    if len(text) != len(body):
        return False
    common, han = _count(body.decode("gb18030", "replace"))
    return han >= FEW and common >= 2 * TRUST * han


def _count(text: str) -> tuple[int, int]:
    """Commonest Han and all Han (with kana and private use, into which wrong charsets fall) in a sample of the text."""
    # In UTF-8, where ASCII is taken out five times faster than by a pattern.
    rest = text[: 20 * SAMPLE].encode("utf-8", "surrogatepass").translate(None, _ASCII)
    sample = rest.decode("utf-8", "surrogatepass")[:SAMPLE]
    return sum(map(len, _COMMON_RUN.findall(sample))), sum(map(len, _HAN_RUN.findall(sample)))


def _decode_by_score(body: bytes) -> Decoded:
    """UTF-8 if most of the page is; else of UTF-8, GB18030 and Big5 the one that loses least and reads like Chinese."""
    if 2 * sum(map(len, _UTF8_RUN.findall(body))) > len(body.translate(None, _ASCII)):
        text = _with_gbk_parts(body)
        is_mixed = text != body.decode("utf-8", "replace")
        return _finish(text, "utf-8", "mixed" if is_mixed else "score", lossy=True)
    charset, text = max(((c, body.decode(c, "replace")) for c in ("utf-8", "gb18030", "big5hkscs")), key=_score)
    return _with_utf8_parts(body, text, charset, "score")


def _score(candidate: tuple[str, str]) -> float:
    common, han = _count(candidate[1])
    lost = candidate[1].count("\ufffd")
    return (common - 3 * min(lost, SAMPLE)) / max(han + lost, 1)


def _with_utf8_parts(body: bytes, text: str, charset: str, origin: str) -> Decoded:
    """A GBK or Big5 page into which a UTF-8 part was pasted: the part is read as what it is."""
    if b"LCC" * 6 not in body.translate(_UTF8_SHAPE) or not _UTF8_RUN.search(body):
        return _finish(text, charset, origin, lossy=origin == "score")
    pieces = re.split(rb"([<>\r\n]+)", body)  # ASCII bytes that are never the second half of a GBK character
    read = [_read_piece(piece, charset) for piece in pieces]
    text, mixed = "".join(part for part, _ in read), any(is_utf8 for _, is_utf8 in read)
    return _finish(text, charset, "mixed" if mixed else origin, lossy=True)


def _read_piece(piece: bytes, charset: str) -> tuple[str, bool]:
    if _UTF8_RUN.search(piece):
        text = _read_strictly(piece, "utf-8")
        if text is not None and _looks_right(text):
            return text, True
    return piece.decode(charset, "replace"), False


def _with_gbk_parts(body: bytes) -> str:
    """A UTF-8 page into which a GBK part was pasted."""
    parts = []
    for piece in re.split(rb"([<>\r\n]+)", body):
        text = _read_strictly(piece, "utf-8")
        if text is None:
            other = _read_strictly(piece, "gb18030")
            common, han = _count(other or "")
            text = other if other and han >= 2 and common * 4 >= han else piece.decode("utf-8", "replace")
        parts.append(text)
    return "".join(parts)


def _finish(text: str, charset: str, origin: str, *, lossy: bool = False) -> Decoded:
    # A U+FFFD that the page itself holds was lost by somebody else, long ago.
    return Decoded(clean_characters(text), charset, origin, text.count("\ufffd") if lossy else 0)


# Characters that XML forbids, C1 controls and noncharacters: one of them makes parsers drop a whole article.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_C1 = re.compile(rb"\xc2[\x80-\x9f]")  # U+0080 to U+009F in UTF-8
# The same in UTF-8, where a search that finds nothing takes a tenth of the time; by their first bytes, two of which are
# on few pages.
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_FORBIDDEN_BYTES = {
    b"\xc2": _C1,
    b"\xed": re.compile(rb"\xed[\xa0-\xbf]"),
    b"\xef": re.compile(rb"\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])"),
}
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,8})[0-9a-fA-F]*|0*([0-9]{1,10})[0-9]*);?")
_SURROGATES = re.compile(
    r"&#(?:[xX][dD]([89abAB][0-9a-fA-F]{2})|(55[2-9]\d{2}|56[0-2]\d{2}|563[01]\d));&#(?:[xX][dD]([c-fC-F][0-9a-fA-F]{2})|(56[3-9]\d{2}|57[0-2]\d{2}|573[0-3]\d|5734[0-3]));"
)


def clean_characters(text: str, data: bytes | None = None) -> str:
    """The text without control characters, noncharacters and numeric references to either (&#1; &#xFFFF;).

    References 128 to 159 mean Windows-1252, as in browsers (&#150; is –); emoji written as two surrogates are joined.
    ``data`` is the text in UTF-8, where the caller has it.
    """
    if "&#" in text:
        text = _SURROGATES.sub(_join_surrogates, text)
        text = _REFERENCE.sub(_check_reference, text)
    data = text.encode("utf-8", "surrogatepass") if data is None else data
    return _FORBIDDEN.sub("", text) if _holds_forbidden(data) else text


def _holds_forbidden(data: bytes) -> bool:
    if len(data.translate(None, _CONTROLS)) < len(data):
        return True
    return any(first in data and pattern.search(data) for first, pattern in _FORBIDDEN_BYTES.items())


def _join_surrogates(match: re.Match[str]) -> str:
    high = int("d" + match[1], 16) if match[1] else int(match[2])
    low = int("d" + match[3], 16) if match[3] else int(match[4])
    if 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return ""


def _check_reference(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    if 0x80 <= code <= 0x9F:
        return bytes([code]).decode("cp1252", "ignore")
    if code > 0x10FFFF or _FORBIDDEN.match(chr(code)):
        return ""
    return match[0]
