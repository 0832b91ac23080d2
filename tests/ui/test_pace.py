import pytest

from ui.pace import duration


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (0.2, "1 s", "1秒"),
        (7.4, "8 s", "8秒"),
        (41, "45 s", "45秒"),
        (58, "1 min", "1分"),
        (200, "3 min", "3分"),
        (4800, "1 h 20 min", "1時間20分"),
    ],
)
def test_durations_as_people_say_them(seconds: float, english: str, japanese: str) -> None:
    assert duration(seconds, "en") == english
    assert duration(seconds, "ja") == japanese
