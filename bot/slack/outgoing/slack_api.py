"""Slack's Web API over connections that are kept open.

slack_sdk opens a connection, and loads the list of certificate authorities, for every single call (40 ms of CPU).
Here one TLS context is shared and connections are used again; arguments, errors and retries stay the SDK's.
"""

import logging
from io import BytesIO
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

from bot.slack.outgoing.connections import Connections

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class KeptAliveClient(WebClient):
    """The SDK's client on shared connections; behind a proxy the SDK's own, which knows how to speak to one."""

    def __init__(self, connections: Connections, **options: Any) -> None:
        super().__init__(**options)
        self._connections = connections

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        if self.proxy is not None:
            return super()._perform_urllib_http_request_internal(url, req)
        body = req.data if isinstance(req.data, bytes) else b""
        answer = self._connections.post(url, body, dict(req.header_items()))
        if answer.status >= 400:
            raise HTTPError(url, answer.status, answer.reason, answer.headers, BytesIO(answer.body))
        charset = answer.headers.get_content_charset() or "utf-8"
        return {"status": answer.status, "headers": answer.headers, "body": answer.body.decode(charset)}

    def _upload_file(self, *, url: str, data: bytes, **options: Any) -> FileUploadV2Result:
        if self.proxy is not None:
            return super()._upload_file(url=url, data=data, **options)
        answer = self._connections.post(url, data, {"content-type": "application/octet-stream"})
        return FileUploadV2Result(status=answer.status, body=answer.body.decode("utf-8", "replace"))


def slack_client(token: str, api_url: str, connections: Connections, retries: int = 2) -> WebClient:
    """A client that waits as long as Slack says when there were too many calls, and tries again after a 5xx.

    It does not repeat a call whose connection broke: Slack may have done it already.
    """
    quiet = logging.getLogger("idp.slack_sdk")
    quiet.setLevel(logging.CRITICAL)  # the SDK logs whole bodies; whoever calls handles what is raised
    rate_limited = RateLimitErrorRetryHandler(max_retry_count=retries)
    broken = ServerErrorRetryHandler(max_retry_count=retries)
    client = KeptAliveClient(
        connections,
        token=token,
        base_url=api_url,
        timeout=10,
        logger=quiet,
        retry_handlers=[rate_limited, broken],
    )
    if urlsplit(api_url).hostname in LOOPBACK:
        client.proxy = None  # the SDK takes HTTPS_PROXY from the environment even for this machine
    return client
