"""Where people are told: the channel of a team, else the platform's."""

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from workflows.authority import owner_ref

CHANNEL_KEYS = ("slack.com/channel", "slack.com/channel-name", "slack/channel", "idp/slack-channel")


def channel_of(entity: Entity | None) -> str:
    """The channel that an entity's annotations name, "" for none."""
    annotations = entity.details().get("annotations", {}) if entity else {}
    return next((str(annotations[key]) for key in CHANNEL_KEYS if annotations.get(key)), "")


def approving_channel(idp: Idp, snapshot: Snapshot, target: str) -> str:
    """Where a request about `target` is posted: its owner's channel, else the platform's."""
    entity = snapshot.get(target)
    owner = snapshot.get(owner_ref(snapshot, entity)) if entity else None
    return channel_of(owner) or channel_of(entity) or platform_channel(idp, snapshot)


def platform_channel(idp: Idp, snapshot: Snapshot) -> str:
    """Where the platform team is told, "" when nothing says where."""
    return idp.platform_channel or channel_of(snapshot.get(idp.platform_owner))
