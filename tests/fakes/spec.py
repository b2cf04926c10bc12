"""A published OpenAPI 3 description as a judge of calls and answers, in process."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl

from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

METHODS = {"get", "post", "put", "delete", "patch"}


class Spec:
    """One description. Both judges give sentences, none when all is well."""

    def __init__(self, file: Path, prefix: str = "") -> None:
        self._document = _plain(json.loads(file.read_bytes()))
        self._prefix = prefix  # the path of its server, such as /v2

    def faults_of_call(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Iterator[str]:
        """What is wrong with a request: path, query, headers, body."""
        path, _, query = target.partition("?")
        where = self._operation(method, path)
        if where is None:
            yield f"{method} {path} is not described"
            return
        operation, pointer = where
        yield from self._wrong_parameters(operation, parse_qsl(query, keep_blank_values=True), headers)
        described = operation.get("requestBody", {})
        if "application/json" in described.get("content", {}) and (body or described.get("required")):
            if not headers.get("content-type", "").startswith("application/json"):
                yield "the body has no JSON content type"
            yield from self._wrong(f"{pointer}/requestBody/content/application~1json/schema", json.loads(body))

    def faults_of_answer(self, method: str, target: str, status: int, body: bytes) -> Iterator[str]:
        """What is wrong with an answer."""
        where = self._operation(method, target.partition("?")[0])
        if where is None:
            return
        operation, pointer = where
        answer = operation["responses"].get(str(status)) or operation["responses"].get("default")
        if answer is None:
            yield f"the status {status} is not described for {method} {target}"
            return
        base = f"{pointer}/responses/{status}"
        if "$ref" in answer:
            base, answer = answer["$ref"], self._at(answer["$ref"])
        if "application/json" in answer.get("content", {}) and body:
            yield from self._wrong(f"{base}/content/application~1json/schema", json.loads(body))

    def _wrong_parameters(
        self, operation: Mapping[str, Any], query: list[tuple[str, str]], headers: Mapping[str, str]
    ) -> Iterator[str]:
        parameters = [self._at(one["$ref"]) if "$ref" in one else one for one in operation["_parameters"]]
        known = {one["name"]: one for one in parameters if one["in"] == "query"}
        names = {name for name, _ in query}
        yield from (f"the parameter {name} is not described" for name in names - known.keys())
        for one in parameters:
            there = names if one["in"] == "query" else headers
            name = one["name"] if one["in"] == "query" else one["name"].lower()
            if one.get("required") and one["in"] in ("query", "header") and name not in there:
                yield f"the parameter {one['name']} is missing"
        for name, value in query:
            if name in known:
                yield from (
                    f"{name}: {wrong}" for wrong in self._wrong_value(known[name].get("schema", {}), value)
                )

    def _wrong_value(self, schema: Mapping[str, Any], value: str) -> Iterator[str]:
        schema = self._at(schema["$ref"]) if "$ref" in schema else schema
        schema = schema.get("items", {}) if schema.get("type") == "array" else schema
        types = schema.get("type")
        read: object = int(value) if types == "integer" and value.isdigit() else value
        read = value == "true" if types == "boolean" and value in ("true", "false") else read
        yield from (error.message for error in Draft4Validator(schema, registry=self._registry).iter_errors(read))

    def _wrong(self, pointer: str, value: object) -> Iterator[str]:
        judge = Draft4Validator({"$ref": f"urn:spec{pointer}"}, registry=self._registry)
        for error in judge.iter_errors(value):
            yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:2000]}"

    def _operation(self, method: str, path: str) -> tuple[Mapping[str, Any], str] | None:
        for template, operations in sorted(self._document["paths"].items(), key=lambda item: item[0].count("{")):
            pattern = re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(self._prefix + template))
            if re.fullmatch(pattern, path) and method.lower() in operations:
                operation = operations[method.lower()]
                shared = [*operations.get("parameters", []), *operation.get("parameters", [])]
                escaped = template.replace("~", "~0").replace("/", "~1")
                return {**operation, "_parameters": shared}, f"#/paths/{escaped}/{method.lower()}"
        return None

    def _at(self, pointer: str) -> Any:
        found: Any = self._document
        for part in pointer.removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return self._at(found["$ref"]) if "$ref" in found else found

    @cached_property
    def _registry(self) -> Registry[Any]:
        resource: Resource[Any] = Resource.from_contents(self._document, default_specification=DRAFT4)
        empty: Registry[Any] = Registry()
        return cast("Registry[Any]", empty.with_resource("urn:spec", resource))


def _plain(node: Any) -> Any:
    """`nullable` as JSON Schema says it, and references that hold inside the registry."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _plain(value) for key, value in node.items()}
    if node.get("nullable") is True and isinstance(node.get("type"), str):
        plain["type"] = [node["type"], "null"]
        if "enum" in plain:
            plain["enum"] = [*plain["enum"], None]
    return plain
