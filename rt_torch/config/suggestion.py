"""What somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """'; did you mean "device"?', or nothing."""
    import difflib  # which nobody needs who makes no mistake

    close = difflib.get_close_matches(given[:100].lower(), [*known], 1)
    return f'; did you mean "{close[0]}"?' if close else ""
