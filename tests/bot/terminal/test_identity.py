"""`idp identity`: who is bound to which account, and letting somebody prove it anew."""

import getpass
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime

import pytest

from data.store import people
from data.store.database import Database
from tests.bot.terminal.running import Idp


@pytest.fixture
def bound(environ: Mapping[str, str]) -> Iterator[Database]:
    """Ann has proved two accounts to be hers, Ben one."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    with closing(Database(environ["IDP_DATABASE_URL"])) as database:
        database.migrate()
        with database.store() as store:
            for account, name in (("U1", "ann"), ("U2", "ann"), ("U3", "ben")):
                people.bind(store, people.Binding(account, f"user:default/{name}", f"{name}@acme.example"), now)
        yield database


@pytest.mark.usefixtures("bound")
def test_who_is_bound_to_which_account_is_found_by_either(idp: Idp) -> None:
    for about in ("U3", "ben", "user:default/ben", "Ben@acme.example"):
        assert idp("identity", about)[:2] == (0, "U3 is user:default/ben (ben@acme.example)\n")
    assert idp("identity")[1].count("user:default/ann") == 2


def test_a_forgotten_account_may_prove_anew_who_it_is_and_the_audit_says_who_let_it(
    idp: Idp, bound: Database
) -> None:
    assert idp("identity", "U2", "--forget")[0] == 0
    with bound.reading() as store:
        assert [each.account for each in people.accounts_of(store, "user:default/ann")] == ["U1"]
    told = idp("audit", "export", "--format", "json")[1]
    (row,) = [row for row in json.loads(told) if "identity.forgotten" in json.dumps(row)]
    assert all(word in json.dumps(row) for word in ("U2", "user:default/ann", getpass.getuser()))


def test_nobody_is_forgotten_whose_account_is_not_named(idp: Idp, bound: Database) -> None:
    for words, sentence in (
        (("U9",), "Nobody is bound to U9."),
        (("mallory@acme.example",), "Nobody is bound to mallory@acme.example."),
        (("ann",), "Forgetting needs one account."),
        (("ben",), "Forgetting needs one account."),
        ((), "Forgetting needs one account."),
    ):
        code, out, err = idp("identity", *words, "--forget")
        assert code != 0
        assert sentence in out + err
    with bound.reading() as store:
        assert len(people.bindings(store)) == 3
