"""A house whose access system has its moods."""

import pytest

from tests.workflows.access.held import MoodyAccess
from tests.workflows.house import House


@pytest.fixture
def moody(idle_house: House) -> MoodyAccess:
    """Puts a moody access system into the idle house."""
    access = MoodyAccess()
    object.__setattr__(idle_house.idp, "access", access)
    return access
