"""Undo text that was escaped once too often: &amp;ldquo; and &#20826; in running text, \\u515a, %u515A, %E5%85%9A."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import unquote

from cleaning.later import later
from models.records import Edit, Repair

__all__ = ["repair_escapes"]

RULE = "escapes"

# Named entities need their semicolon: "a=1&copy=2" is an address, not ©2.
_ENTITY = re.compile(r"&(?:amp;|#0*38;|#[xX]0*26;)*(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}[0-9]{0,2});")
_CODE = re.compile(r"(?:(?:\\u|%u)[0-9a-fA-F]{4})+")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){3}(?:%[0-9a-fA-F]{2}|[\w.~!*'()-])*", re.ASCII)
_BYTES = re.compile(r"(?:\\x[0-9a-fA-F]{2}){3,}")
_ADDRESS = re.compile(r"[/=?&][!-~]*$")  # what stands before an escape that belongs to an address
_LOOK_BACK = 200  # characters in which an address shows itself as one
_HAN_OR_MARK = later("[\u2014-\u2026\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_NO_BREAKS = str.maketrans("\n\r\u2028\u2029\u00a0", "     ")
_ROUNDS = 4  # deeper escaping was never met; what is still escaped then is left as it came


def repair_escapes(line: str) -> Edit:
    """Undo escapes in one line. The result holds no line break that the line did not hold."""
    found: list[tuple[int, int, str]] = []
    if "&" in line:
        found += _replacements(_ENTITY, line, _unescape)
    if line.count("\\u") + line.count("%u") > 1:
        found += _replacements(_CODE, line, _decode_code_points)
    if "%" in line:
        found += _replacements(_PERCENT, line, lambda run: _in_running_text(line, run) and _decode_percent(run[0]))
    if "\\x" in line:
        found += _replacements(_BYTES, line, lambda run: _decode_percent(run[0].replace("\\x", "%")))
    return _apply(line, sorted(found)) if found else Edit(line)


def _replacements(
    pattern: re.Pattern[str], line: str, decode: Callable[[re.Match[str]], str]
) -> list[tuple[int, int, str]]:
    """Start, end and new text of every run that decodes to something else."""
    return [(m.start(), m.end(), new) for m in pattern.finditer(line) if (new := decode(m)) and new != m[0]]


def _apply(line: str, found: list[tuple[int, int, str]]) -> Edit:
    parts: list[str] = []
    repairs: list[Repair] = []
    at = 0
    for start, end, after in found:
        if start < at:
            continue  # an entity inside a longer run
        parts += (line[at:start], after)
        repairs.append(Repair(RULE, line[start:end], after, start, end))
        at = end
    return Edit("".join([*parts, line[at:]]), tuple(repairs))


def _unescape(run: re.Match[str]) -> str:
    text = run[0]
    for _ in range(_ROUNDS):
        shorter = html.unescape(text)
        if shorter == text:
            break
        text = shorter
    return "" if _ENTITY.search(text) or "\x00" in text else text.translate(_NO_BREAKS)


def _decode_code_points(run: re.Match[str]) -> str:
    units = [int(code, 16) for code in re.findall("[0-9a-fA-F]{4}", run[0])]
    text = b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be", "replace")
    return _if_chinese(text)


def _in_running_text(line: str, run: re.Match[str]) -> str:
    """The run if it is no part of an address, else ""."""
    return "" if _ADDRESS.search(line[max(0, run.start() - _LOOK_BACK) : run.start()]) else run[0]


def _decode_percent(run: str) -> str:
    return _if_chinese(unquote(run, errors="replace")) or _if_chinese(unquote(run, "gbk", "replace"))


def _if_chinese(text: str) -> str:
    """The text without line breaks, or "" unless it is whole and half of its letters beyond ASCII are Chinese."""
    if "\ufffd" in text or text.isascii() or 2 * len(_HAN_OR_MARK.findall(text)) < len(_BEYOND_ASCII.findall(text)):
        return ""
    return text.translate(_NO_BREAKS)
