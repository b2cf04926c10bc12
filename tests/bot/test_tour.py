"""The steps that the local Slack suggests."""

from bot.playground.page.tour import Step
from bot.tour import STEPS, acme_tour, possible


def step(text: str) -> Step:
    return Step("x", text, "general", "ann")


def test_every_step_of_today_is_possible() -> None:
    tour = acme_tour()
    assert len(tour.steps) >= 6
    assert set(tour.steps) <= set(STEPS)
    assert "who-owns" in dict(tour.verbs)


def test_steps_of_commands_that_do_not_exist_stay_away() -> None:
    steps = [step("/idp find x"), step("/idp teleport x"), step("@idp who is on call for x?"), step("@idp hello")]
    assert possible(steps, {"find"}) == (steps[0],)
    assert possible(steps, {"oncall", "teleport"}) == (steps[1], steps[2])
