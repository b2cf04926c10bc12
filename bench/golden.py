"""What a preview of a shipped golden path takes, cold and warm, and a whole run on the local host."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.harness import Measure, at_most, figure
from data.golden_paths.publishing import publish
from data.golden_paths.renderer import Renderer
from data.golden_paths.shelf import Shelf
from data.ports.golden_paths import GoldenPath
from data.store.database import Database
from tests.workflows.golden_paths.company import WANTED, company
from tests.workflows.house import ANN, House, launch
from workflows.golden_paths.looking import look
from workflows.golden_paths.new_service import NEW_SERVICE
from workflows.requests.request import Actor, preview, submit

SHIPPED = Path(__file__).parents[1] / "data" / "demo" / "golden-paths"
PREVIEW, RUN = 2.0, 10.0  # seconds


def run(quick: bool) -> Iterator[Measure]:
    """Each shipped path; the first preview starts the process that renders."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        house = _house(folder)
        names = [path.id for path in house.idp.golden_paths.all()]
        cold = _preview(house, names[0])
        yield figure("golden.cold", "first preview of all, with the start of what renders", cold, "s")
        for name in names[:1] if quick else names:
            taken = min(_preview(house, name) for _ in range(3))
            yield at_most(f"golden.preview.{name}", f"preview of {name}", taken, PREVIEW, "s")
        launch(house)
        for name in names[:1] if quick else names:
            yield at_most(f"golden.run.{name}", f"whole run of {name}, local host", _run(house, name), RUN, "s")
        house.engine.stop(drain=2)
        house.idp.golden_paths.close()
        house.idp.database.close()


def _house(folder: Path) -> House:
    database = Database(f"sqlite:///{folder}/idp.db")
    database.migrate()
    database.close()
    house = company(f"sqlite:///{folder}/idp.db", folder)
    shutil.rmtree(folder / "shelf", ignore_errors=True)
    published = publish(SHIPPED, folder / "published")
    paths = [GoldenPath(one.stem, one.stem, str(one), manifests="deploy") for one in published]
    house.idp = replace(house.idp, golden_paths=Renderer(paths, Shelf(folder / "shelf")))
    return house


def _values(path: str) -> dict[str, Any]:
    return WANTED | {"path": path, "name": f"{path}-service"}


def _preview(house: House, path: str) -> float:
    """Everything between the last page and what is shown: questions, rendering, checks, policy."""
    started = time.perf_counter()
    made = preview(house.idp, NEW_SERVICE, Actor(ANN), _values(path))
    look(house.idp, house.idp.catalog.snapshot, made.draft.parameters)
    return time.perf_counter() - started


def _run(house: House, path: str) -> float:
    started = time.perf_counter()
    submit(house.idp, NEW_SERVICE, Actor(ANN), _values(path), reason="bench")
    house.settle(60)
    return time.perf_counter() - started
