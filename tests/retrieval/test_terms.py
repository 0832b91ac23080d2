"""Terms as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import ImageSource, ItemSource, RetrievalError, Term, ValueSource, WrittenTerm, written
from tests.retrieval.test_engine import PICTURE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("color=navy", WrittenTerm("color", "navy", True)),
        ("-color=red", WrittenTerm("color", "red", True, -1)),
        ("lapel design@item-7*0.5", WrittenTerm("lapel design", "item-7", False, 0.5)),
        (" -sleeve @ a=b * 2e-1 ", WrittenTerm("sleeve", "a=b", False, -0.2)),
        ("neck=V-neck", WrittenTerm("neck", "V-neck", True)),
        ("neck=a*b", WrittenTerm("neck", "a*b", True)),
        ("柄=ドット", WrittenTerm("柄", "ドット", True)),
        ("neck=V*0", WrittenTerm("neck", "V", True, 0)),
    ],
)
def test_terms_are_read(text: str, expected: WrittenTerm) -> None:
    assert WrittenTerm.read(text) == expected


@pytest.mark.parametrize("text", ["", "color", "=red", "color=", "@item", "color=red*1.2.3", "-", "-=a"])
def test_what_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(RetrievalError, match="ATTRIBUTE=VALUE"):
        WrittenTerm.read(text)


NAMES = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="=@-"), min_size=1, max_size=8)
SOURCES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)


@given(name=NAMES, source=SOURCES, by_value=st.booleans(), weight=st.floats(-1e9, 1e9, allow_nan=False))
def test_what_is_written_is_read_again(name: str, source: str, by_value: bool, weight: float) -> None:
    term = Term(name, ValueSource(source) if by_value else ItemSource(source), weight)
    assert WrittenTerm.read(written(term)) == WrittenTerm(name, source, by_value, weight)


def test_a_picture_cannot_be_written() -> None:
    with pytest.raises(RetrievalError, match="'color'"):
        written(Term("color", ImageSource(PICTURE)))
