"""How the simulated Slack refuses: the error codes are Slack's own."""

from typing import Any


class SlackError(Exception):
    """`{"ok": false, "error": code, …}`; `more` is merged into the answer."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more

    def as_slack(self) -> dict[str, Any]:
        return {"ok": False, "error": self.code, **self.more}
