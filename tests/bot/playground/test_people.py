"""The company of a workspace, from a file."""

from pathlib import Path

import pytest

import data
from bot.playground import LocalSlack
from bot.playground.people import load_company

DEMO = Path(data.__path__[0]) / "demo" / "people.yaml"


def test_the_demo_company_has_everybody_whom_a_visitor_can_be() -> None:
    company = load_company(DEMO.read_bytes())
    assert {"member", "admin", "guest", "stranger"} <= {p.kind for p in company.people}
    assert "demo" in company.name
    slack = LocalSlack(company=company)
    assert slack.core.workspace.channel("general").members


@pytest.mark.parametrize(
    "content", [b"people: []", b"people: [{id: U0]", b"[]", b"people: [{name: x}]\nchannels: []\nteam: {name: x}"]
)
def test_a_file_of_another_form_is_a_clear_fault(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"line|missing"):
        load_company(content)
