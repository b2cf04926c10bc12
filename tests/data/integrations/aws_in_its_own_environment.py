"""Runs in an environment of its own, with boto3 and a moto server: the whole life of an assignment.

Prints "ok" at the end. Started by test_access_aws.py as a child process.
"""

import os
from dataclasses import replace
from typing import Any

import boto3  # type: ignore[import-not-found,import-untyped,unused-ignore]  # not in the house's environment
from botocore.stub import Stubber  # type: ignore[import-not-found,import-untyped,unused-ignore]  # as above
from moto.server import ThreadedMotoServer  # type: ignore[import-not-found,import-untyped,unused-ignore]  # as above

from data.errors import Invalid, Unavailable
from data.integrations.access_aws import AwsAccess, AwsConfig, connect
from data.ports.access import Entitlement

ACCOUNT = "123456789012"
CHECKOUT, CART = "component:default/checkout", "component:default/cart"
ANN = Entitlement("1", "ann@acme.example", CHECKOUT, "prod")


def prepared(endpoint: str) -> AwsConfig:
    """An instance with two permission sets and two people."""
    options = {"region_name": "eu-central-1", "endpoint_url": endpoint}
    sso, store = boto3.client("sso-admin", **options), boto3.client("identitystore", **options)
    instance = sso.list_instances()["Instances"][0]
    arn, directory = instance["InstanceArn"], instance["IdentityStoreId"]
    for name in ("ann", "ben"):
        store.create_user(
            IdentityStoreId=directory,
            UserName=f"{name}@acme.example",
            DisplayName=name,
            Name={"GivenName": name, "FamilyName": name},
            Emails=[{"Value": f"{name}@acme.example", "Type": "work", "Primary": True}],
        )
    sets = [
        sso.create_permission_set(InstanceArn=arn, Name=name, SessionDuration="PT1H")["PermissionSet"]
        for name in ("checkout", "cart")
    ]
    rows = [
        {"target": target, "environment": "prod", "account": ACCOUNT, "permission_set": one["PermissionSetArn"]}
        for target, one in zip((CHECKOUT, CART), sets, strict=True)
    ]
    written = {"type": "aws-identity-center", "region": "eu-central-1", "instance": arn, "endpoint": endpoint}
    return AwsConfig.model_validate(written | {"identity_store": directory, "assignments": rows})


def whole_life(access: AwsAccess) -> None:
    """Given twice, read back, listed, taken twice."""
    assert access.list() == []
    access.grant(ANN)
    access.grant(ANN)
    assert access.holds(ANN)
    assert not access.holds(replace(ANN, target=CART))
    access.grant(replace(ANN, subject="ben@acme.example", target=CART))
    assert {(one.subject, one.target) for one in access.list()} == {
        ("ann@acme.example", CHECKOUT),
        ("ben@acme.example", CART),
    }
    access.revoke(ANN)
    access.revoke(ANN)
    assert not access.holds(ANN)
    assert [one.subject for one in access.list()] == ["ben@acme.example"]


def what_cannot_be(access: AwsAccess) -> None:
    """People and targets that AWS does not have."""
    nobody = replace(ANN, subject="nobody@acme.example")
    assert raised(Invalid, access.grant, nobody)
    access.revoke(nobody)
    assert raised(Invalid, access.grant, replace(ANN, environment="test"))
    assert raised(Unavailable, access.revoke, replace(ANN, environment="test"))


def what_takes_time_or_fails(config: AwsConfig) -> None:
    """AWS works in the background: it is waited for, and a failure is said."""
    sso, store = connect(config)
    waits: list[float] = []
    person = store.list_users(IdentityStoreId=config.identity_store)["Users"][0]["UserId"]
    access = AwsAccess(config, sso, store, sleep=waits.append)
    for states in (["IN_PROGRESS", "IN_PROGRESS", "SUCCEEDED"], ["IN_PROGRESS", "FAILED"]):
        with Stubber(sso) as stub:
            for number, state in enumerate(states):
                call = "describe_account_assignment_creation_status" if number else "create_account_assignment"
                status = {"Status": state, "RequestId": "0" * 36, "PrincipalId": person, "FailureReason": "quota"}
                stub.add_response(call, {"AccountAssignmentCreationStatus": status})
            if states[-1] == "SUCCEEDED":
                access.grant(ANN)
            else:
                assert "quota" in raised(Unavailable, access.grant, ANN)
    assert len(waits) == 3
    for code, kind in (
        ("ConflictException", Unavailable),
        ("ThrottlingException", Unavailable),
        ("ValidationException", Invalid),
    ):
        with Stubber(sso) as stub:
            stub.add_client_error("create_account_assignment", code, http_status_code=400)
            assert raised(kind, access.grant, ANN)


def raised(kind: type[Exception], do: Any, *given: Any) -> str:
    try:
        do(*given)
    except kind as error:
        return str(error) or "raised"
    return ""


def main() -> None:
    os.environ |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        config = prepared(f"http://{host}:{port}")
        access = AwsAccess(config, *connect(config))
        whole_life(access)
        what_cannot_be(access)
        what_takes_time_or_fails(config)
    finally:
        server.stop()
    gone = AwsAccess(config, *connect(config))
    assert "does not answer" in raised(Unavailable, gone.list)
    print("ok")


if __name__ == "__main__":
    main()
