"""What the entries of idp.yaml are made of: strict models, names, durations, references."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field

from bot.settings.fault import unrepeated
from data.catalog.entity import parse_ref
from data.durations import SECONDS
from data.errors import Invalid


def duration(value: object) -> object:
    """`10m` as seconds: a number and s, m, h or d."""
    match = re.fullmatch(r"(\d{1,6})\s*([smhd])", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a duration such as 30s, 10m or 1h")
    return int(match[1]) * SECONDS[match[2]]


def source_name(value: str) -> str:
    """The name of a source is shown in answers and typed after /idp sync."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", value):
        raise ValueError("a name of letters, digits, dots, dashes and underscores, at most 63")
    return value


def feed_url(value: str) -> str:
    """A feed is fetched by https only: its address often holds a secret."""
    if not value or ("://" in value and not value.startswith("https://")):
        raise unrepeated("an address that begins with https://, or the path of a file")
    return value


def covered(value: str) -> str:
    """What a calendar covers: a group unless another kind is named."""
    try:
        parse_ref(value, "group")
    except Invalid as error:
        raise ValueError(f"a reference such as group:team-payments. {error.message}") from None
    return value


def type_of(value: object) -> object:
    """The key `type` decides which form an entry has."""
    return value.get("type") if isinstance(value, dict) else getattr(value, "type", None)


def one_of(*types: str) -> Discriminator:
    """What is said when `type` is missing or names none of them."""
    return Discriminator(type_of, custom_error_type="entry_type", custom_error_message=" or ".join(types))


Duration = Annotated[int, BeforeValidator(duration), Field(ge=5, le=7 * 86400)]
SourceName = Annotated[str, AfterValidator(source_name)]
FeedUrl = Annotated[str, AfterValidator(feed_url)]
CoveredRef = Annotated[str, AfterValidator(covered)]
Text = Annotated[str, Field(min_length=1)]


class Entry(BaseModel):
    """Strict: what is not known is a fault, not a guess."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
