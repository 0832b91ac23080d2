"""Seconds as people say them."""

from ui.words import word


def duration(seconds: float, lang: str) -> str:
    """Seconds as people say them: "40 s", "3 min", "1 h 20 min". Rounded up: nobody minds being early."""
    if seconds < 55:
        return word("seconds", lang, count=max(1, 5 * -(-int(seconds) // 5) if seconds > 10 else -(-seconds // 1)))
    minutes = round(seconds / 60) or 1
    if minutes < 60:
        return word("minutes", lang, count=minutes)
    return word("hours", lang, hours=minutes // 60, minutes=minutes % 60)
