"""Numbers of things in words."""

import pytest

from common.say import counted


@pytest.mark.parametrize(("count", "said"), [(0, "0 values"), (1, "1 value"), (2, "2 values"), (1200, "1,200 values")])
def test_one_is_not_several(count: int, said: str) -> None:
    assert counted(count, "value") == said
