"""Shares of an attribute's views, and what a query's beta and gamma make of them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import CROP, GENERAL, REGION, VIEWS, WHOLE
from retrieval import chosen_mix, without_effect

shares = st.one_of(st.none(), st.sampled_from((0.0, 1.0)), st.floats(0, 1))


@st.composite
def mixes(draw: st.DrawFn) -> dict[str, float]:
    names = draw(st.lists(st.sampled_from((*VIEWS, "taught")), min_size=1, unique=True))
    parts = [draw(st.one_of(st.just(0.0), st.floats(0.001, 1))) for _ in names]
    if not any(parts):
        parts[0] = 1.0
    return {name: part / math.fsum(parts) for name, part in zip(names, parts, strict=True)}


@given(own=mixes(), beta=shares, gamma=shares)
def test_shares_sum_to_one_and_are_those_asked_for(
    own: dict[str, float], beta: float | None, gamma: float | None
) -> None:
    mix = chosen_mix(own, beta, gamma)
    assert set(mix) == set(own)
    assert math.fsum(mix.values()) == pytest.approx(1) and min(mix.values()) >= 0
    idle = without_effect(own, beta, gamma)
    if gamma is not None and "gamma" not in idle:
        assert mix[GENERAL] == pytest.approx(gamma)
    if beta is not None and "beta" not in idle:
        both = mix[REGION] + mix.get(CROP, 0) + mix.get(WHOLE, 0)
        assert mix[REGION] == pytest.approx(beta * both)
    given_ = [name for name, share in (("beta", beta), ("gamma", gamma)) if share is not None]
    if idle == given_:
        assert mix == own


@given(own=mixes(), beta=shares)
def test_beta_leaves_the_general_view_and_gamma_the_ratio_of_the_others(own: dict[str, float], beta: float) -> None:
    mix = chosen_mix(own, beta)
    assert {name: mix[name] for name in mix if name in (GENERAL, "taught")} == {
        name: own[name] for name in own if name in (GENERAL, "taught")
    }
    rest = 1 - own.get(GENERAL, 0)
    if GENERAL in own and rest > 0.01:
        other = chosen_mix(own, gamma=0.25)
        for name in set(own) - {GENERAL}:
            assert other[name] == pytest.approx(own[name] / rest * 0.75)


@given(beta=st.floats(0, 1), own=st.floats(0, 1))
def test_region_and_crop_alone_are_shared_as_the_paper_has_it(beta: float, own: float) -> None:
    assert chosen_mix({REGION: own, CROP: 1 - own}) == {REGION: own, CROP: 1 - own}
    assert chosen_mix({REGION: own, CROP: 1 - own}, beta) == pytest.approx({REGION: beta, CROP: 1 - beta})


def test_shares_by_hand() -> None:
    own = {REGION: 0.2, CROP: 0.1, WHOLE: 0.3, GENERAL: 0.4}
    asked = chosen_mix(own, beta=0.5, gamma=0.2)
    assert asked == pytest.approx({REGION: 0.4, CROP: 0.1, WHOLE: 0.3, GENERAL: 0.2})
    assert chosen_mix({REGION: 0.0, WHOLE: 0.0, GENERAL: 1.0}, gamma=0.5) == pytest.approx(
        {REGION: 0.25, WHOLE: 0.25, GENERAL: 0.5}
    )


@pytest.mark.parametrize(
    ("own", "idle"),
    [
        ({REGION: 1.0}, ["beta", "gamma"]),
        ({GENERAL: 1.0}, ["beta", "gamma"]),
        ({CROP: 1.0}, ["beta", "gamma"]),
        ({REGION: 0.5, CROP: 0.5}, ["gamma"]),
        ({REGION: 0.5, WHOLE: 0.5}, ["gamma"]),
        ({REGION: 0.5, GENERAL: 0.5}, ["beta"]),
        ({REGION: 0.2, WHOLE: 0.3, GENERAL: 0.5}, []),
    ],
)
def test_what_has_nothing_to_share_by_is_named(own: dict[str, float], idle: list[str]) -> None:
    assert without_effect(own, 0.5, 0.5) == idle
    assert without_effect(own, None, None) == []
    assert without_effect(own, None, 0.5) == [name for name in idle if name == "gamma"]
