"""What changed between two versions of a text, so that a person can read it. Pure."""

from __future__ import annotations

from difflib import SequenceMatcher

__all__ = ["describe_change"]

# Letters of an unchanged line that are shown on each side of a change.
AROUND = 12


def describe_change(old: str, new: str) -> list[str]:
    """One line per changed paragraph: ``- gone``, ``+ added``, or ``~ …before[-old-]{+new+}behind…`` within one."""
    before, after = old.split("\n"), new.split("\n")
    lines: list[str] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "replace" and j - i == m - k:
            lines += [_describe_line(a, b) for a, b in zip(before[i:j], after[k:m], strict=True)]
        elif tag != "equal":
            lines += [f"- {line}" for line in before[i:j]] + [f"+ {line}" for line in after[k:m]]
    return lines


def _describe_line(old: str, new: str) -> str:
    parts = []
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for tag, i, j, k, m in codes:
        if tag == "equal":
            parts.append(_shorten(old[i:j], first=i == 0, last=j == len(old)))
        else:
            parts.append((f"[-{old[i:j]}-]" if i < j else "") + (f"{{+{new[k:m]}+}}" if k < m else ""))
    return "~ " + "".join(parts)


def _shorten(text: str, *, first: bool, last: bool) -> str:
    """The ends of an unchanged stretch that stand beside a change."""
    head, tail = "" if first else text[:AROUND], "" if last else text[-AROUND:]
    return text if len(text) <= len(head) + len(tail) + 1 else f"{head}…{tail}"
