"""Made-up catalogs of any size, the same for the same seed: rows in the order of Entity's fields."""

import random
from collections.abc import Iterator

import orjson

from data.catalog.entity import Entity

STEMS = (
    "account address alert analytics archive asset audit auth balance banner basket billing booking "
    "calendar campaign card cart catalog channel chat checkout claim cluster comment config consent "
    "contact content contract coupon courier credit currency customer dashboard delivery device discount "
    "dispatch document domain donation email event export feature feed fleet forecast fraud fulfilment "
    "gallery gateway geo gift image import index inventory invoice journal label ledger lending license "
    "loan location login loyalty mailing market media member menu message metric notification offer "
    "onboarding order partner payment payout permission pricing product profile promotion quota rating "
    "receipt recommendation refund report return review reward risk routing schedule search seat segment "
    "session settlement shipping signup stock store subscription support survey tax ticket token trading "
    "transfer user vendor voucher wallet warehouse webhook"
).split()
ENDS = (
    "service api db worker gateway ui sync cache queue store stream job proxy adapter bridge engine hub "
    "index router agent backend frontend portal monitor exporter importer scheduler processor resolver "
    "consumer producer mirror topic bucket lambda relay"
).split()
KINDS = (
    ("Component", "service"),
    ("Component", "library"),
    ("API", "openapi"),
    ("Resource", "database"),
    ("System", ""),
)
WEIGHTS = (55, 10, 15, 15, 5)
TAGS = "java go python node rust kotlin pci gdpr tier1 tier2 internal public batch realtime legacy beta".split()


def teams(entities: int) -> list[str]:
    """Names of the teams that share `entities`."""
    names = [f"team-{stem}" for stem in STEMS]
    return [
        names[at % len(names)] + (f"-{at // len(names)}" if at >= len(names) else "")
        for at in range(entities // 200 + 8)
    ]


def names(count: int, seed: int = 7) -> list[str]:
    """Distinct names out of two or three words, as companies have them."""
    dice = random.Random(seed)
    made: dict[str, None] = {}
    while len(made) < count:
        words = [dice.choice(STEMS), dice.choice(STEMS), dice.choice(ENDS)]
        made["-".join(words[dice.random() < 0.1 :]) if len(made) < 2_000_000 else f"{len(made)}"] = None
        if len(made) > len(STEMS) ** 2 * len(ENDS) * 0.6:
            made[f"{'-'.join(words)}-{dice.randrange(count)}"] = None
    return list(made)[:count]


def rows(count: int, edges: int = 0, seed: int = 7) -> Iterator[Entity]:
    """`count` entities with about `edges` dependencies, most of them on a few hubs; teams among them."""
    dice = random.Random(seed)
    groups = teams(count)
    called = names(count - len(groups), seed)
    kinds = dice.choices(KINDS, WEIGHTS, k=len(called))
    refs = [f"{kind.lower()}:default/{name}" for (kind, _), name in zip(kinds, called, strict=True)]
    for group in groups:
        yield _row("Group", group, "", "team", [], dice)
    for at, ((kind, type_), name) in enumerate(zip(kinds, called, strict=True)):
        owner = f"group:default/{dice.choice(groups)}"
        ends = {_hub(dice, len(refs)) for _ in range(_degree(dice, edges / len(refs)))} - {at}
        relations = [
            ("ownedBy", owner, 9),
            *[("dependsOn", refs[end], 20 + line) for line, end in enumerate(sorted(ends))],
        ]
        yield _row(kind, name, owner, type_, relations, dice)


def _hub(dice: random.Random, count: int) -> int:
    """Mostly towards the front (a power law of in-degree), 1 % anywhere: that closes cycles."""
    return dice.randrange(count) if dice.random() < 0.01 else int(count * dice.random() ** 4)


def _degree(dice: random.Random, mean: float) -> int:
    return min(round(dice.expovariate(1 / mean)), 60) if mean else 0


def _row(
    kind: str,
    name: str,
    owner: str,
    type_: str,
    relations: list[tuple[str, str, int]],
    dice: random.Random,
) -> Entity:
    words = name.split("-")
    detail = {
        "annotations": {"github.com/project-slug": f"acme/{name}", "backstage.io/techdocs-ref": "dir:."},
        "links": [{"url": f"https://grafana.example.com/d/{name}", "title": "Dashboard"}],
    }
    return Entity(
        ref=f"{kind}:default/{name}".lower(),
        kind=kind,
        namespace="default",
        name=name,
        title=" ".join(words).title() if dice.random() < 0.3 else "",
        description=f"Handles {words[0]} {dice.choice(STEMS)} for the {dice.choice(STEMS)} {dice.choice(ENDS)}.",
        owner=owner,
        type=type_,
        lifecycle=dice.choice(("production", "production", "experimental", "deprecated"))
        if kind != "Group"
        else "",
        system="",
        tags=" ".join(dice.sample(TAGS, 3)),
        source="acme",
        path=f"{words[0]}/{name}/catalog-info.yaml",
        line=1,
        stale=False,
        relations=orjson.dumps(relations).decode() if relations else "",
        detail=orjson.dumps(detail).decode(),
    )
