"""Which service follows which golden path at which version, out of the catalog and what is known of versions."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple, cast

from data.catalog.entity import Entity
from data.catalog.repos.origins import Origin, address, registered
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.ports.golden_paths import GoldenPath
from data.store import templates
from data.store.templates import Check, Mark, Version

OVERLAP: Final = timedelta(minutes=10)  # looks of other processes may be kept later than they were made


class Follower(NamedTuple):
    """A service that was made from a template; `path` is the id of its golden path, "" for one we do not keep."""

    entity: Entity
    origin: Origin
    path: str


class Followers(NamedTuple):
    """Every service: those of templates in the order of the catalog, and those made by hand."""

    made: Sequence[Follower]
    by_hand: Sequence[Entity]


class Standing(NamedTuple):
    """How one service stands to its golden path.

    `behind` are the versions that it has not taken yet, the oldest first; None when its own version is not known
    (any more). `check` is the last look at its repository, None when that was of other versions or never.
    """

    follower: Follower
    behind: Sequence[Version] | None
    check: Check | None

    @property
    def edited(self) -> bool | None:
        """Whether people changed files of the template; None: unknown."""
        return None if self.check is None or self.check.outcome == "unknown" else self.check.is_edited


@dataclass(frozen=True, slots=True)
class PathCensus:
    """One golden path with everything that follows it. `versions` are known ones, the oldest first; `newest` is
    what new services get, "" while nobody has looked."""

    path: GoldenPath
    versions: Sequence[Version]
    newest: str
    standings: Sequence[Standing]

    @property
    def current(self) -> int:
        """How many are on the newest version."""
        return sum(each.behind is not None and not each.behind for each in self.standings)

    @property
    def behind(self) -> Sequence[Standing]:
        """Those that have something to take."""
        return [each for each in self.standings if each.behind]

    @property
    def edited(self) -> int:
        """How many have files of the template that people changed."""
        return sum(each.edited is True for each in self.standings)


@dataclass(frozen=True, slots=True)
class Census:
    """All golden paths, the services of templates that are not kept here, and those made by hand."""

    paths: Sequence[PathCensus]
    elsewhere: Sequence[Follower]
    by_hand: Sequence[Entity]

    def of(self, id: str) -> PathCensus | None:
        """The census of one golden path."""
        return next((each for each in self.paths if each.path.id == id), None)


class _Known(NamedTuple):
    """A census, and which looks at repositories are in it."""

    mark: Mark
    census: Census


def census(idp: Idp, snapshot: Snapshot) -> Census:
    """Count everybody. No network. Remembered until the catalog or a version changes; new looks are put in."""
    paths = idp.golden_paths.all()
    with idp.database.reading() as store:
        versions, mark = templates.versions(store), templates.mark(store)
        key = ("template census", *_names(paths, versions))
        known = cast(_Known | None, snapshot.recall(key))
        if known and known.mark == mark:
            return known.census
        since = _since(known, mark)
        checks = templates.checks(store, since)
    counted = _renewed(known.census, checks) if known and since else _joined(snapshot, paths, versions, checks)
    snapshot.remember(key, _Known(mark, counted))
    return counted


def _since(known: _Known | None, mark: Mark) -> datetime | None:
    """From when on looks have to be read; None: all of them."""
    if known is None or known.mark.newest is None or mark.looks < known.mark.looks:
        return None
    return known.mark.newest - OVERLAP


def _renewed(counted: Census, checks: Mapping[str, Check]) -> Census:
    """The same census with newer looks: they change neither who follows a path nor how far behind they are."""
    return replace(counted, paths=[_looked(each, checks) for each in counted.paths])


def _looked(found: PathCensus, checks: Mapping[str, Check]) -> PathCensus:
    standings = [
        each._replace(check=_fitting(each.follower, checks[ref]))
        if (ref := each.follower.entity.ref) in checks
        else each
        for each in found.standings
    ]
    return replace(found, standings=standings)


def _names(paths: Sequence[GoldenPath], versions: Mapping[str, Sequence[Version]]) -> Iterator[Hashable]:
    """What of golden paths and versions makes a difference."""
    for path in paths:
        yield path.id, path.version, path.source, path.formerly
        yield tuple((version.name, version.notes) for version in versions.get(path.id, ()))


def _joined(
    snapshot: Snapshot,
    paths: Sequence[GoldenPath],
    versions: Mapping[str, Sequence[Version]],
    checks: Mapping[str, Check],
) -> Census:
    found = followers(snapshot, paths)
    by_path: dict[str, list[Follower]] = {}
    for follower in found.made:
        by_path.setdefault(follower.path, []).append(follower)
    counted = [_path(path, versions.get(path.id, ()), by_path.get(path.id, ()), checks) for path in paths]
    return Census(counted, by_path.get("", ()), found.by_hand)


def standing(idp: Idp, snapshot: Snapshot, entity: Entity) -> Standing | None:
    """How one service stands to its golden path, None for one that follows none of ours."""
    origin = snapshot.repositories.origin(entity) if entity.kind == "Component" else None
    path = owner_of(origin, idp.golden_paths.all()) if origin else None
    if origin is None or path is None:
        return None
    with idp.database.reading() as store:
        versions, check = templates.versions(store).get(path.id, ()), templates.check_of(store, entity.ref)
    checks = {entity.ref: check} if check else {}
    return _path(path, versions, [Follower(entity, origin, path.id)], checks).standings[0]


def followers(snapshot: Snapshot, paths: Sequence[GoldenPath]) -> Followers:
    """Every service and where it came from, remembered as long as the catalog stays as it is."""
    by_address = {known: path.id for path in reversed(paths) for known in addresses(path)}
    key = ("template followers", *sorted(by_address.items()))
    known = snapshot.recall(key)
    if known is None:
        known = _counted(snapshot, by_address)
        snapshot.remember(key, known)
    return cast(Followers, known)


def addresses(path: GoldenPath) -> frozenset[str]:
    """Under which addresses services know a golden path."""
    return frozenset(map(address, (registered(path.id), path.source, *path.formerly)))


def owner_of(origin: Origin, paths: Sequence[GoldenPath]) -> GoldenPath | None:
    """The golden path that an origin names."""
    return next((path for path in paths if origin.address in addresses(path)), None)


def _counted(snapshot: Snapshot, by_address: Mapping[str, str]) -> Followers:
    made, by_hand, origin_of = list[Follower](), list[Entity](), snapshot.repositories.origin
    ids: dict[str, str] = {}  # by the text in the answers: there are few of them
    for entity in snapshot:
        if entity.kind != "Component":
            continue
        origin = origin_of(entity)
        if origin is None:
            by_hand += [entity] if entity.type == "service" else []
            continue
        if origin.template not in ids:
            ids[origin.template] = by_address.get(origin.address, "")
        made.append(Follower(entity, origin, ids[origin.template]))
    return Followers(made, by_hand)


def newest_of(path: GoldenPath, versions: Sequence[Version]) -> str:
    """What new services get: what the registry says, else the newest that was found."""
    return path.version or (versions[-1].name if versions else "")


def published(idp: Idp) -> Mapping[str, Sequence[str]]:
    """By every address of a golden path its versions up to what new services get, the oldest first."""
    paths = idp.golden_paths.all()
    if not paths:
        return {}
    with idp.database.reading() as store:
        found = templates.versions(store)
    named = [(path, _upto_newest(path, found.get(path.id, ()))) for path in reversed(paths)]
    return {known: names for path, names in named if names for known in addresses(path)}


def _upto_newest(path: GoldenPath, versions: Sequence[Version]) -> Sequence[str]:
    names, newest = [version.name for version in versions], newest_of(path, versions)
    return names[: names.index(newest) + 1] if newest in names else [newest] if newest else []


def _path(
    path: GoldenPath, versions: Sequence[Version], found: Sequence[Follower], checks: Mapping[str, Check]
) -> PathCensus:
    newest = newest_of(path, versions)
    names = [version.name for version in versions]
    upto = names.index(newest) + 1 if newest in names else 0
    missing = {name: versions[at + 1 : upto] for at, name in enumerate(names[:upto])}  # by the version followed
    missing |= dict.fromkeys(names[upto:], ())  # ahead of the registry: tried out
    standings = [_standing(each, missing, checks.get(each.entity.ref)) for each in found]
    return PathCensus(path, versions, newest, standings)


def _standing(follower: Follower, missing: Mapping[str, Sequence[Version]], check: Check | None) -> Standing:
    return Standing(follower, missing.get(follower.origin.version), _fitting(follower, check))


def _fitting(follower: Follower, check: Check | None) -> Check | None:
    """A look that was at the version and the path which the service follows now."""
    fits = check is not None and check.version == follower.origin.version and check.path == follower.path
    return check if fits else None
