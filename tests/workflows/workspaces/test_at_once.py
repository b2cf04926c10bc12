"""Two who ask at one moment: the database keeps them apart, each in its own way."""

import pytest

from data.errors import NotAllowed
from tests.workflows.house import ANN, SPACE, House
from workflows.action import FormFaults, actions
from workflows.requests.request import Actor, submit


def test_the_same_form_twice_and_the_same_name_twice_are_one_workspace(house: House) -> None:
    action = actions()["workspace"]
    for _ in range(2):
        submit(house.idp, action, Actor(ANN), SPACE, reason="", key="one form")
    house.settle()
    assert len(house.workspaces.list()) == 1
    with pytest.raises(FormFaults, match="already"):
        house.submit("workspace", name="CHECKOUT")


def test_the_quota_holds_also_for_those_who_ask_at_once(house: House) -> None:
    for number in range(4):
        house.submit("workspace", name=f"box{number}")
    house.settle()
    assert len(house.workspaces.list()) == 3
    with pytest.raises(NotAllowed, match="3 of 3"):
        house.submit("workspace", name="one-more")
