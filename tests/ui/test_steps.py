"""The way back: undo, redo, and the history of a page."""

import copy
from dataclasses import replace

from ui.asked import Asked, AskedTerm
from ui.steps import MOST_BACK, MOST_KEPT, Steps
from ui.turning import Step


def step(*values: str) -> Step:
    return Step(Asked(tuple(AskedTerm("color", value) for value in values)))


def test_undo_and_redo_go_to_the_steps_as_they_were() -> None:
    steps = Steps()
    steps.begin("shop", step("red"))
    assert not steps.can_undo and not steps.undo() and not steps.redo()
    assert steps.turn(lambda now: step("blue")) and not steps.turn(lambda now: now)
    steps.turn(lambda now: step("green"))
    assert steps.undo() and steps.now == step("blue") and steps.undo() and steps.now == step("red")
    assert steps.redo() and steps.now == step("blue") and steps.can_redo
    steps.turn(lambda now: step("navy"))
    assert not steps.can_redo and steps.undo() and steps.now == step("blue")


def test_the_browsers_back_and_forward_are_undo_and_redo() -> None:
    steps = Steps()
    steps.begin("shop", step("red"))
    steps.turn(lambda now: step("blue"))
    steps.go_to(step("red"))
    assert not steps.can_undo and steps.can_redo
    steps.go_to(step("blue"))
    assert steps.can_undo and not steps.can_redo
    steps.go_to(step("green"))
    assert steps.undo() and steps.now == step("blue")


def test_history_holds_each_query_once_the_last_one_first() -> None:
    steps = Steps()
    steps.begin("shop", step("red"))
    for value in ("blue", "red"):
        steps.turn(lambda now, value=value: step(value))
    steps.turn(lambda now: replace(now, asked=replace(now.asked, k=36)))
    steps.turn(lambda now: step())
    assert [one.asked.terms for one in steps.kept] == [step("red").asked.terms, step("blue").asked.terms]
    for number in range(MOST_BACK + 5):
        steps.turn(lambda now, number=number: step(str(number)))
    assert len(steps.kept) == MOST_KEPT
    taken = 0
    while steps.undo():
        taken += 1
    assert taken == MOST_BACK


def test_another_catalog_begins_anew_and_each_page_has_steps_of_its_own() -> None:
    first = Steps()
    first.begin("shop", step("red"))
    first.begin("shop", step("blue"))
    assert first.can_undo and copy.deepcopy(first).now == Step()
    first.begin("other", step("green"))
    assert not first.can_undo and [one.asked for one in first.kept] == [step("green").asked]
