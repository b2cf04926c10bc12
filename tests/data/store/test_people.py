"""Who an account is, is settled once."""

from data.store import people
from data.store.database import Database
from data.store.people import Binding
from tests.conftest import Clock


def test_an_account_that_is_bound_is_not_bound_again(database: Database, clock: Clock) -> None:
    ann = Binding("U1", "user:default/ann", "ann@acme.example")
    with database.store() as store:
        assert people.bind(store, ann, clock())
    with database.store() as store:  # another replica, which had looked before
        assert not people.bind(store, Binding("U1", "user:default/eve", "eve@acme.example"), clock())
        assert people.binding_of(store, "U1") == ann
