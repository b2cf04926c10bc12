"""What can be typed: lists, policies, the audit, and no approval."""

import pytest

from data.store import audit
from tests.journeys.acting.acme import Acme, shown

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the rules are the same on both


def test_typed_words_are_never_an_approval(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    for words in (f"yes {number}", f"approve {number}", f"no {number} because", f"deny {number} no"):
        assert "use the buttons" in acme.ask("ben", words).text
    assert acme.state(number) == "pending"


def test_lists_show_what_waits_for_whom(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    assert f"#{number}" in shown(acme.ask("ben", "approvals"))
    assert "none" in acme.ask("raj", "approvals").text
    assert f"#{number}" in shown(acme.ask("cara", "requests"))
    assert "not yet" not in acme.ask("cara", f"cancel {number}").text
    assert acme.state(number) == "cancelled"
    assert "Request cancelled" in acme.becomes(number, "Request cancelled").text


def test_policy_is_explained_and_simulated_for_others(acme: Acme) -> None:
    explained = acme.ask("cara", "policy explain access checkout prod 1h")
    assert "asks for approval" in explained.text
    assert "rule 2 of prod-access" in shown(explained)
    assert "ann, ben" in shown(explained)
    simulated = acme.ask("cara", "policy simulate access cart prod 1h as ann")
    assert "for ann: asks for approval" in simulated.text
    assert "ben" in shown(simulated)
    assert "refused" in acme.ask("cara", "policy simulate access cart prod 3h as ann").text
    unknown = shown(acme.ask("cara", "access cart moon 1h INC-7"))
    assert "There is no environment moon." in unknown
    assert "There are: prod" in unknown
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    assert "Access to cart" in acme.ask("ben", f"policy explain {number}").text


def test_what_a_policy_refuses_in_any_case_is_counted_explained_and_opens_no_form(acme: Acme) -> None:
    mine = acme.ask("cara", "actions")
    assert "Production access" in shown(mine)
    assert "Break-glass" not in shown(mine)
    assert "more is not for you" in shown(mine)
    assert acme.slack.press("cara", mine, "Why not?").status == 200
    why = acme.until(lambda: next((m for m in acme.seen("cara", "general") if "Not for you" in shown(m)), None))
    assert "*Break-glass access*: Only members of platform may break the glass." in shown(why)
    for words in ("run break-glass cart", "breakglass cart"):
        assert "Break-glass access is not for you. Only members of platform" in acme.ask("cara", words).text
    assert "Break-glass" in shown(acme.ask("pia", "actions"))


def test_the_audit_is_read_and_handed_out(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    assert "request.submitted" in shown(acme.ask("pia", "audit cart"))
    assert f"#{number}" in shown(acme.ask("pia", "audit @cara --since 7d"))
    assert "direct messages" in acme.ask("pia", "evidence --since 90d").text
    acme.until(lambda: len(acme.slack.calls("files.completeUploadExternal")) == 2)


def test_the_audit_of_a_person_has_what_others_did_about_their_requests(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    acme.press("ben", acme.card(number), "Approve")
    acme.until(lambda: acme.audited("request.approved"))
    assert "request.approved" in shown(acme.ask("pia", "audit @cara"))
    assert "request.approved" not in shown(acme.ask("pia", "audit @raj"))
    today = f"{acme.idp.now():%Y-%m-%d}"
    assert "has nothing" in acme.ask("pia", f"audit @cara --until {today}").text
    assert "request.approved" in shown(acme.ask("pia", f"audit @cara --since {today}"))


def test_the_audit_is_read_a_page_at_a_time_the_newest_first(acme: Acme) -> None:
    with acme.idp.database.store() as store:
        for number in range(60):
            row = audit.Entry(f"test.row{number:02}", "system", target="component:default/cart")
            audit.append(store, row, acme.idp.now())
    first = shown(acme.ask("pia", "audit cart"))
    assert "test.row59" in first
    assert "test.row35" in first
    assert "test.row34" not in first
    assert "35 more" in first
    assert "audit cart --from 26" in first
    last = shown(acme.ask("pia", "audit cart --from 51"))
    assert "test.row09" in last
    assert "test.row00" in last
    assert "--from" not in last
    assert "only 60" in shown(acme.ask("pia", "audit cart --from 61"))


def test_home_shows_what_waits_for_me(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    acme.slack.open_home("ben")
    home = acme.until(lambda: acme.slack.home("ben"))
    assert "Waits for your approval" in str(home.body)
    assert f"#{number}" in str(home.body)
