"""What people read when a connection fails."""

import socket
import ssl

import httpx
import pytest

from data.reasons import reason_of
from tests.ports import free_port


def test_what_the_system_says_is_told_however_a_library_wraps_it() -> None:
    with pytest.raises(httpx.ConnectError) as caught:
        httpx.get(f"http://127.0.0.1:{free_port()}/?token=canary", trust_env=False)
    assert reason_of(caught.value) == "Connection refused"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (socket.gaierror(-2, "Name or service not known"), "Name or service not known"),
        (TimeoutError("timed out"), "no answer in time"),
        (ConnectionResetError(104, "Connection reset by peer"), "Connection reset by peer"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1)"), "SSLError"),
        (ValueError("https://user:canary@host"), "ValueError"),
    ],
)
def test_only_the_words_of_the_system_are_repeated(error: BaseException, said: str) -> None:
    assert reason_of(error) == said


def test_a_certificate_that_is_not_trusted_is_said() -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    assert reason_of(error) == "its certificate is not trusted (self-signed certificate)"
