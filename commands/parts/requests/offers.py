"""Which actions can be asked for."""

from commands.parts.ask import Ask
from workflows.action import Action, actions


def offered(ask: Ask) -> list[Action]:
    """Only what a policy covers: without one it would be refused anyway."""
    return [one for one in actions().values() if one.policy_name in ask.idp.policies and not one.by_house]
