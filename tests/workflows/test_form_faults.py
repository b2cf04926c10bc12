from datetime import date
from typing import Annotated

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator

from workflows.form_faults import faults_of


class Form(BaseModel):
    name: Annotated[str, Field(min_length=3, max_length=8)] = "order"
    cores: Annotated[int, Field(ge=1, le=8)] = 2
    tools: Annotated[list[str], Field(max_length=1)] = []
    day: date = date(2026, 12, 24)
    owner: str = "me"

    @field_validator("owner")
    @classmethod
    def _known(cls, value: str) -> str:
        if value == "nobody":
            raise ValueError("nobody is not in the catalog.")
        return value


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "x", "At least 3 characters, please."),
        ("name", "x" * 9, "At most 8 characters, please."),
        ("cores", "many", "A whole number, please."),
        ("cores", 2.5, "A whole number, please."),
        ("cores", 0, "1 or more, please."),
        ("cores", 9, "8 or less, please."),
        ("tools", ["a", "b"], "Choose at most 1."),
        ("day", "soon", "A day such as 2026-12-24, please."),
        ("owner", None, "This is needed."),
        ("owner", "nobody", "nobody is not in the catalog."),
    ],
)
def test_a_fault_is_said_in_plain_words_beside_its_field(field: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate({field: value})
    assert faults_of(caught.value) == {field: said}
