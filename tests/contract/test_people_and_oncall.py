"""Every call to Okta, PagerDuty and incident.io is well formed, and their documented answers are understood.

The judge is Prism with the published descriptions: it answers 4xx to what they do not allow.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from data.catalog.sources.okta import OktaSource
from data.errors import Unavailable
from data.http.api import Api
from data.integrations import incident_io_api, pagerduty_api
from data.integrations.incident_io_api import IncidentIoApi
from data.integrations.pagerduty_api import PagerDutyApi
from tests.fakes.pagerduty import FakeEvents
from tests.fakes.prism import prism

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def pagerduty(shared: Path) -> Iterator[PagerDutyApi]:
    with prism(shared / "specs" / "pagerduty-trimmed-openapi3.json") as url:
        # Prism takes `Accept` for a media type; PagerDuty's own names the version, and stands in its prose.
        headers = {"content-type": "application/json", "accept": "application/json"}
        api = Api(url, {**headers, "authorization": "Token token=x"})
        yield PagerDutyApi(api, api)
        api.close()


@pytest.fixture(scope="module")
def incident_io(shared: Path) -> Iterator[IncidentIoApi]:
    with prism(shared / "specs" / "incident-io-trimmed-openapi3.json") as url:
        client = incident_io_api.connect(url, "x")
        yield client
        client.close()


def test_pagerduty_takes_every_question(pagerduty: PagerDutyApi) -> None:
    pagerduty.check()
    assert next(pagerduty.services())["escalation_policy"]["id"]
    assert next(pagerduty.policies())["name"]
    assert next(pagerduty.schedules())["time_zone"]
    assert next(pagerduty.oncalls(NOW, NOW + timedelta(days=16)))["escalation_level"] == 2
    assert next(pagerduty.open_incidents(["PIJ90N7", "PABC123"]))["service"]["id"]


def test_prism_does_refuse_what_is_malformed(pagerduty: PagerDutyApi) -> None:
    with pytest.raises(Unavailable, match=r"400|422"):
        list(pagerduty._list("/oncalls", "oncalls", {"since": "soon"}))


def test_pagerduty_takes_our_events(shared: Path) -> None:
    with FakeEvents() as events, prism(shared / "specs" / "pagerduty-events-v2-openapiv3.json") as url:
        events.keys = {"k"}
        client = pagerduty_api.connect(events.url, events.url, "x")
        payload = {"summary": "Down", "severity": "critical", "source": "component:default/checkout"}
        event = {
            "routing_key": "k",
            "event_action": "trigger",
            "dedup_key": "d",
            "client": "idp",
            "payload": payload,
        }
        client.trigger(event)
        client.close()
        # The description's server ends in /v2, which Prism leaves out of its paths.
        taken = httpx.post(
            f"{url}/enqueue", content=events.history[0].body, headers={"content-type": "application/json"}
        )
    assert taken.status_code == 202


def test_incident_io_takes_every_question(incident_io: IncidentIoApi) -> None:
    """But for escalation paths, whose own example breaks the description; `test_both_directions` has them."""
    incident_io.check()
    assert next(incident_io.schedules())["timezone"] == "Europe/London"
    assert next(incident_io.users())["email"]
    assert next(incident_io.entries("01G0J1EXE7AXZ2C93K61WBPYEH", NOW, NOW + timedelta(days=16)))["user"]["email"]
    body = {"idempotency_key": "k", "title": "Down", "description": "why", "escalation_path_id": "P1"}
    incident_io.escalate(body)


def test_okta_takes_every_question_and_its_answers_become_people(shared: Path) -> None:
    with prism(shared / "specs" / "okta-management-trimmed-openapi3.json") as url:
        files = list(OktaSource("people", url, "x").tell({}))
    people = [file for file in files if file.path.startswith("user/")]
    assert people
    assert all(b'"email"' in (file.content or b"") for file in people)
