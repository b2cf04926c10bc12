"""Who acts: a Slack account as a person of the catalog, proved once by the confirmed address and then remembered.

Rights belong to the person (a User entity), never to the account. An account whose address changes, or a person
whom a second address claims, is an alarm and not a new identity: both are refused and written down.
"""

import logging
from dataclasses import dataclass, field

from bot.slack.who.me import Me
from bot.slack.who.people import People, Person
from bot.slack.who.refusals import Refusals
from data.catalog.snapshot import Snapshot
from data.errors import NotAllowed, Unavailable
from data.idp import Idp
from data.store import audit
from data.store.alarms import raise_once
from data.store.database import Store
from data.store.people import Binding, accounts_of, bind, binding_of
from workflows.authority import email, known_person
from workflows.journal import Actor, show
from workflows.telling.places import platform_channel

log = logging.getLogger("idp")

SAID = {
    "identity.changed": "The address of the account {account} has changed; it acts as {person} no longer. "
    "If it is still theirs: idp identity {account} --forget lets it prove anew who it is.",
    "identity.claimed": "The account {account} claims to be {person}, whom another address has proved to be. "
    "idp identity {person} shows which account that is; forgetting that one lets the new one prove who it is.",
    "identity.moved": "The catalog names another address for {person} than the one that their account has proved; "
    "they stay who they are. Once Slack has the new address too: idp identity {account} --forget.",
}
ACTING = 60.0  # seconds for which a profile is believed when somebody acts


@dataclass(frozen=True, slots=True)
class Identities:
    """Turns the account that pressed or typed into the person who acts. Safe for many threads."""

    idp: Idp
    me: Me
    people: People
    refusals: Refusals
    _moves: dict[str, str] = field(default_factory=dict)  # the address that was told last, by account

    def known(self, account: str) -> bool:
        """Whether `actor` answers without asking Slack."""
        return self.people.fresh(account, ACTING) is not None

    def remembered(self, account: str) -> bool:
        """Whether `looker` answers without asking Slack."""
        return self.people.remembered(account) is not None

    def looker(self, account: str) -> Actor:
        """The person behind an account, for what changes nothing: as Slack knew them within ten minutes."""
        profile = self.people.remembered(account)
        return Actor(self._person(profile), account) if profile else self.actor(account)

    def actor(self, account: str) -> Actor:
        """The person behind an account, as Slack knows them within a minute, for what has an effect.

        Raises NotAllowed with the reason, Unavailable when Slack does not say.
        """
        me = self.me.identity()
        if me is None:
            raise Unavailable("Slack cannot be asked who you are at the moment.", "Try again in a minute.")
        try:
            profile = self.people.fresh(account, ACTING) or self.people.asked(account, me)
        except NotAllowed as refused:
            self.refusals.account(account, refused.message)
            raise
        return Actor(self._person(profile), account)

    def account(self, person: str) -> str:
        """The account of a person, "" when none has been bound."""
        with self.idp.database.reading() as store:
            bound = accounts_of(store, person)
        return bound[0].account if bound else ""

    def _person(self, profile: Person) -> str:
        with self.idp.database.reading() as store:
            bound = binding_of(store, profile.id)
        snapshot = self.idp.catalog.snapshot
        if bound is None:
            return self._bind(profile, snapshot)
        if profile.email.lower() != bound.email:
            self._alarm("identity.changed", profile, bound.person)
            raise NotAllowed(
                "The e-mail address of your account has changed, so it is not clear who you are.",
                "Ask the platform team to look at it; they have been told.",
            )
        if not known_person(snapshot, bound.person):
            raise NotAllowed("The catalog does not know you any more, so you cannot do this.")
        if email(snapshot, bound.person) not in {"", bound.email}:
            self._moved(bound, email(snapshot, bound.person))
        return bound.person

    def _moved(self, bound: Binding, told: str) -> None:
        """A directory names another address for somebody who is known: worth an alarm, once.

        They stay who they are, since their account has proved it; nobody else becomes them.
        """
        entry = audit.Entry("identity.moved", bound.person, bound.account, bound.person, detail={"email": told})
        prefix = f"identity:moved:{bound.account}:"
        if self._moves.get(bound.account) == told:
            return
        with self.idp.database.store() as store:
            if raise_once(store, {f"{prefix}{told}": entry}, prefix, self.idp.now()):
                log.error("%s: the catalog names another address for %s", entry.what, bound.person)
                self._tell(store, entry)
        self._moves[bound.account] = told

    def _bind(self, profile: Person, snapshot: Snapshot) -> str:
        """The first time: exactly one User entity has the confirmed address."""
        address = profile.email.lower()
        match = snapshot.resolve(address, ("User",)) if address else None
        if match is None or match.how != "email" or match.entity is None or match.entity.kind.lower() != "user":
            raise NotAllowed(
                "The catalog has no person with the e-mail address of your account, so you cannot do this.",
                "Ask for a User entity with your address, or correct the one that you have.",
            )
        binding = Binding(profile.id, match.entity.ref, address)
        with self.idp.database.store() as store:
            claimed = [one for one in accounts_of(store, binding.person) if one.email != address]
            first = not claimed and bind(store, binding, self.idp.now())
            if first:
                audit.append(store, _entry("identity.bound", binding), self.idp.now())
        if claimed:
            self._alarm("identity.claimed", profile, binding.person)
            raise NotAllowed(
                "Another address has proved to be the person that the catalog names for yours.",
                "Ask the platform team to look at it; they have been told.",
            )
        return binding.person if first else self._person(profile)  # another replica was quicker: that one counts

    def _alarm(self, what: str, profile: Person, person: str) -> None:
        log.error("%s: the account %s claims to be %s", what, profile.id, person)
        entry = _entry(what, Binding(profile.id, person, profile.email.lower()))
        with self.idp.database.store() as store:
            self._tell(store, entry)
            audit.append(store, entry, self.idp.now())

    def _tell(self, store: Store, entry: audit.Entry) -> None:
        """The platform's channel hears of each once."""
        key = f"{entry.what}:{entry.slack_id}:{entry.detail['email']}"
        what = SAID[entry.what].format(account=entry.slack_id, person=entry.target)
        place = platform_channel(self.idp, self.idp.catalog.snapshot)
        show(self.idp, store, key=key, kind="alarm", subject=0, place=place, text=what)


def _entry(what: str, binding: Binding) -> audit.Entry:
    return audit.Entry(what, binding.person, binding.account, binding.person, detail={"email": binding.email})
