"""Access as account assignments of AWS IAM Identity Center: a permission set in an account, for one person.

Facts: the service reference of sso-admin and identitystore. Creating and deleting an assignment is asynchronous
and one at a time for each instance; a session that is open lives on until its permission set ends it, so keep the
SessionDuration of these permission sets short (PT1H).
"""

import importlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.errors import Invalid, Unavailable
from data.ports.access import Entitlement

WAIT = 60.0  # seconds for one assignment to be made or taken away
AGAIN = frozenset(
    {"ConflictException", "ThrottlingException", "InternalServerException", "TooManyRequestsException"}
)


class AwsAssignment(BaseModel):
    """This permission set in this account is access to `target` in `environment`, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: str = Field(
        pattern=r"^[a-z]+:[^/\s]+/\S+$", description="a full reference, such as component:default/checkout"
    )
    environment: str = Field(min_length=1)
    account: str = Field(pattern=r"^\d{12}$")
    permission_set: str = Field(pattern=r"^arn:")


class AwsConfig(BaseModel):
    """`access: {type: aws-identity-center, region: eu-central-1, instance: arn:…, identity_store: d-…, …}`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["aws-identity-center"]
    region: str
    instance: str = Field(pattern=r"^arn:")
    identity_store: str
    assignments: list[AwsAssignment] = Field(min_length=1)
    endpoint: str | None = None

    @model_validator(mode="after")
    def _one_each(self) -> "AwsConfig":
        sets = [(one.account, one.permission_set) for one in self.assignments]
        places = [(one.target, one.environment) for one in self.assignments]
        if len(set(sets)) < len(sets) or len(set(places)) < len(places):
            raise ValueError("every permission set of an account and every target may stand here once only")
        return self


def connect(config: AwsConfig) -> tuple[Any, Any]:
    """The two clients (sso-admin, identitystore). Raises Unavailable when boto3 is not installed."""
    try:
        boto3: Any = importlib.import_module("boto3")
        settings: Any = importlib.import_module("botocore.config")
    except ImportError:
        raise Unavailable("AWS needs boto3.", "Install it with: pip install 'idp[aws]'.") from None
    quick = settings.Config(connect_timeout=5, read_timeout=10, retries={"max_attempts": 2})
    options = {"region_name": config.region, "endpoint_url": config.endpoint, "config": quick}
    return boto3.client("sso-admin", **options), boto3.client("identitystore", **options)


@dataclass
class AwsAccess:
    """Makes and takes away assignments, one at a time, and waits until AWS says that it is so."""

    config: AwsConfig
    sso: Any  # boto3 makes its clients at run time; they have no types
    store: Any
    sleep: Callable[[float], None] = time.sleep
    name: str = "AWS IAM Identity Center"
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def grant(self, access: Entitlement) -> None:
        """Make the assignment."""
        row = self._assignment(access)
        person = self._person(access.subject)
        if not person:
            raise Invalid(f"{access.subject} is not in the identity store of AWS.")
        self._change("create", row, person)

    def revoke(self, access: Entitlement) -> None:
        """Take the assignment away; somebody whom AWS no longer has, has no access either."""
        try:
            row = self._assignment(access)
        except Invalid as error:  # the access may exist although its configuration is gone: never give up quietly
            raise Unavailable(error.message, error.hint) from None
        person = self._person(access.subject)
        if person and person in self._people(row):
            self._change("delete", row, person)

    def holds(self, access: Entitlement) -> bool:
        """Whether the person has the assignment."""
        person = self._person(access.subject)
        return bool(person) and person in self._people(self._assignment(access))

    def list(self) -> Sequence[Entitlement]:
        """All people with one of the configured assignments."""
        found = []
        for row in self.config.assignments:
            for person in self._people(row):
                found.append(Entitlement("", self._email(person), row.target, row.environment))
        return found

    def _assignment(self, access: Entitlement) -> AwsAssignment:
        for row in self.config.assignments:
            if (row.target, row.environment) == (access.target, access.environment):
                return row
        hint = "Add it under access.assignments in idp.yaml."
        raise Invalid(f"{access.target} in {access.environment} has no permission set in AWS.", hint)

    def _change(self, verb: Literal["create", "delete"], row: AwsAssignment, person: str) -> None:
        noun = "Creation" if verb == "create" else "Deletion"
        asked = self._where(row) | {"TargetType": "AWS_ACCOUNT", "PrincipalType": "USER", "PrincipalId": person}
        with self._lock:
            said = self._call(getattr(self.sso, f"{verb}_account_assignment"), **asked)
            status = said[f"AccountAssignment{noun}Status"]
            describe = getattr(self.sso, f"describe_account_assignment_{noun.lower()}_status")
            key = {f"AccountAssignment{noun}RequestId": status["RequestId"]}
            self._settled(lambda: self._call(describe, InstanceArn=self.config.instance, **key), noun, status)

    def _settled(self, ask: Callable[[], Any], noun: str, status: Any) -> None:
        """Wait until AWS has done it, or says why not."""
        waited, pause = 0.0, 0.5
        while status["Status"] == "IN_PROGRESS":
            if waited >= WAIT:
                raise Unavailable(f"AWS has not finished within {WAIT:g} seconds.")
            self.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, 5.0)
            status = ask()[f"AccountAssignment{noun}Status"]
        if status["Status"] != "SUCCEEDED":
            raise Unavailable(f"AWS could not do it: {str(status.get('FailureReason') or status['Status'])[:200]}")

    def _people(self, row: AwsAssignment) -> Iterator[str]:
        """Ids of the people with this assignment."""
        asked = {
            "InstanceArn": self.config.instance,
            "AccountId": row.account,
            "PermissionSetArn": row.permission_set,
        }
        while True:
            page = self._call(self.sso.list_account_assignments, **asked)
            yield from (one["PrincipalId"] for one in page["AccountAssignments"] if one["PrincipalType"] == "USER")
            if not page.get("NextToken"):
                return
            asked["NextToken"] = page["NextToken"]

    def _where(self, row: AwsAssignment) -> dict[str, str]:
        return {
            "InstanceArn": self.config.instance,
            "TargetId": row.account,
            "PermissionSetArn": row.permission_set,
        }

    def _person(self, email: str) -> str:
        """The id of the user with this address, "" when there is none."""
        for path in ("emails.value", "userName"):
            unique = {"UniqueAttribute": {"AttributePath": path, "AttributeValue": email}}
            try:
                said = self._call(
                    self.store.get_user_id, IdentityStoreId=self.config.identity_store, AlternateIdentifier=unique
                )
            except _Missing:
                continue
            return str(said["UserId"])
        return ""

    def _email(self, person: str) -> str:
        try:
            user = self._call(self.store.describe_user, IdentityStoreId=self.config.identity_store, UserId=person)
        except _Missing:
            return person
        emails = [one["Value"] for one in user.get("Emails", ())]
        return str((emails or [user["UserName"]])[0]).lower()

    def _call(self, do: Callable[..., Any], **asked: Any) -> Any:
        """One call, with its faults in our words."""
        exceptions: Any = importlib.import_module("botocore.exceptions")
        try:
            return do(**asked)
        except exceptions.ClientError as error:
            code = str(error.response.get("Error", {}).get("Code"))
            if code == "ResourceNotFoundException":
                raise _Missing from None
            again = code in AGAIN or error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500) >= 500
            raise (Unavailable if again else Invalid)(f"AWS refused the call: {code}.") from None
        except exceptions.BotoCoreError as error:
            raise Unavailable(f"AWS does not answer ({type(error).__name__}).") from None


class _Missing(Invalid):
    """AWS has no such thing."""

    def __init__(self) -> None:
        super().__init__("AWS does not know this person or permission set.")
