"""Faults on demand: what a test orders, the bot's client suffers."""

import time
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator

from bot.playground import LocalSlack


def post(client: WebClient) -> Any:
    return client.chat_postMessage(channel="general", text="x")


def test_an_error_a_number_of_times(slack: LocalSlack, client: WebClient) -> None:
    slack.fail("chat.postMessage", error="fatal_error", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            post(client)
    assert post(client)["ok"]
    assert len(slack.messages("general")) == 1


def test_a_rate_limit_says_when_to_come_again(slack: LocalSlack, client: WebClient) -> None:
    slack.fail("chat.postMessage", error="ratelimited", retry_after=7)
    with pytest.raises(SlackApiError) as fault:
        post(client)
    assert fault.value.response.status_code == 429
    assert fault.value.response.headers["Retry-After"] == "7"
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    slack.fail("chat.postMessage", error="ratelimited", retry_after=0)
    assert post(client)["ok"]


def test_a_status_without_json(slack: LocalSlack, client: WebClient) -> None:
    slack.fail("*", status=503)
    with pytest.raises(SlackApiError) as fault:
        client.auth_test()
    assert fault.value.response.status_code == 503


def test_a_delay(slack: LocalSlack, client: WebClient) -> None:
    slack.fail("auth.test", delay=0.2)
    begin = time.monotonic()
    assert client.auth_test()["ok"]
    assert time.monotonic() - begin >= 0.2


@pytest.mark.parametrize(("cut", "posted"), [("before", 1), ("after", 2)])
def test_a_cut_connection_makes_the_sdk_call_again(
    slack: LocalSlack, client: WebClient, cut: str, posted: int
) -> None:
    at_once = FixedValueRetryIntervalCalculator(0.01)
    client.retry_handlers = [ConnectionErrorRetryHandler(max_retry_count=1, interval_calculator=at_once)]
    slack.fail("chat.postMessage", cut=cut)
    assert post(client)["ok"]
    assert len(slack.messages("general")) == posted


def test_a_fault_is_in_the_history(slack: LocalSlack, client: WebClient) -> None:
    slack.fail("auth.test", error="account_inactive")
    with pytest.raises(SlackApiError):
        client.auth_test()
    (call,) = slack.calls("auth.test")
    assert (call.answer["error"], call.note) == ("account_inactive", "fault on demand")
