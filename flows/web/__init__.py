"""The reading room: read-only pages over the corpus. ``serve`` starts it, ``app`` puts it together."""
