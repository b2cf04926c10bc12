"""Access as account assignments of AWS, against a moto server in an environment of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from data.integrations.access_aws import AwsConfig

ROOT = Path(__file__).parents[3]
ENVIRONMENT = ROOT / "var" / "aws-environment"
# The server of moto without what it needs for services that are not asked here: that is three times as much.
NEEDS = ["boto3>=1.40", "moto>=5.1", "flask>=3", "flask-cors>=5", "pydantic>=2", "orjson>=3"]


@pytest.fixture(scope="module")
def python() -> Path:
    """A Python with boto3 and moto, made once; skips with a sentence where that is not possible."""
    found = ENVIRONMENT / "bin" / "python"
    ready = ENVIRONMENT / "ready"
    if not ready.exists():
        try:
            make = [sys.executable, "-m", "venv", "--without-pip", str(ENVIRONMENT)]
            subprocess.run(make, check=True, capture_output=True, timeout=120)
            pip = [sys.executable, "-m", "pip", "--python", str(found)]
            install = [*pip, "install", "--quiet", "--no-compile", *NEEDS]
            subprocess.run(install, check=True, capture_output=True, timeout=300)
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(
                f"boto3 and moto could not be installed into an environment of their own: {type(error).__name__}"
            )
        ready.touch()
    return found


def test_the_whole_life_of_an_assignment(python: Path) -> None:
    script = Path(__file__).with_name("aws_in_its_own_environment.py")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "AWS_EC2_METADATA_DISABLED": "true"}
    ended = subprocess.run(
        [python, script], check=False, capture_output=True, text=True, timeout=120, env=environment
    )
    assert (ended.stdout.strip(), ended.returncode) == ("ok", 0), ended.stderr[-3000:]


def test_one_permission_set_may_not_stand_for_two_targets() -> None:
    row = {"target": "component:default/a", "environment": "prod", "account": "1" * 12, "permission_set": "arn:x"}
    written = {"type": "aws-identity-center", "region": "r", "instance": "arn:i", "identity_store": "d"}
    with pytest.raises(ValueError, match="once only"):
        AwsConfig.model_validate(written | {"assignments": [row, row | {"target": "component:default/b"}]})
