#!/usr/bin/env python3
"""tests/answers/check.py — every answer that the other suites got is one that the API's description has.

  tests/answers/check.py PROGRAM FILE...    the program prints the descriptions; the files have the answers

Each answer is looked up by its method and path: its status must be documented, and its body fit the schema
(JSON Schema 2020-12). Pages, what is no route of ours, and methods that a route does not have, which are all
refused in one way, are passed over. Prints `N passed, N failed`.
"""
import itertools
import json
import re
import subprocess
import sys

import jsonschema

VERSIONS = ("1", "2")
# What the description has to name where an answer has it. Others, as X-Request-Id, come with every answer.
HEADERS = {"etag", "link", "location", "x-poll-interval", "retry-after", "deprecation", "sunset", "x-ignored"}


def close(schema):
    """No object has members that its schema does not name."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for member in schema.values():
            close(member)
    elif isinstance(schema, list):
        for item in schema:
            close(item)


class Api:
    def __init__(self, program, version):
        printed = subprocess.run([program, "openapi", version], check=True, capture_output=True, text=True)
        self.document = json.loads(printed.stdout)
        # A client must bear more members than it knows; a test must not.
        close(self.document)
        self.prefix = "/api/v" + version
        self.paths = [(re.compile(re.sub(r"\{\w+\}", "[0-9a-f-]{36}", path)), item)
                      for path, item in self.document["paths"].items()]
        self.validators = {}

    def operation(self, method, path):
        for pattern, item in self.paths:
            if pattern.fullmatch(path):
                return item.get(method.lower())
        return None

    def resolved(self, value):
        while "$ref" in value:
            found = self.document
            for part in value["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            value = found
        return value

    def problem(self, operation, answer):
        """What is wrong with an answer; None: nothing."""
        response = operation["responses"].get(str(answer["status"]))
        if response is None:
            return f"the status {answer['status']} is not documented"
        response = self.resolved(response)
        content = response.get("content", {})
        described = {name.lower() for name in response.get("headers", ())}
        odd = (HEADERS & set(answer["headers"])) - described if answer["status"] < 300 else ()
        if odd:
            return f"the header {sorted(odd)[0]} is not documented"
        kind = answer["type"].split(";")[0]
        if not answer["body"] and "text/event-stream" in content:
            return None  # a worker's, which hands the stream over
        if not answer["body"] and "application/gzip" in content and "x-accel-redirect" in answer["headers"]:
            return None  # the same of a file
        if not answer["body"]:
            return f"there is no body, but {list(content)} was described" if content else None
        if kind not in content:
            return f"{kind or 'no type'} is not documented"
        schema = content[kind].get("schema")
        if not schema:
            return None
        whole = {"components": self.document["components"], **schema}
        key = json.dumps(schema)
        validator = self.validators.setdefault(key, jsonschema.Draft202012Validator(whole))
        error = jsonschema.exceptions.best_match(validator.iter_errors(json.loads(answer["body"])))
        return error and f"{error.message} at {error.json_path}"


def shape(value):
    """The same for all bodies that are alike in names, types and the words of choices, of which one is looked at."""
    if isinstance(value, dict):
        return tuple((name, shape(member)) for name, member in value.items())
    if isinstance(value, list):
        return tuple(sorted({repr(shape(item)) for item in value}))
    # A word that might be one of a choice's.
    return value if isinstance(value, str) and re.fullmatch("[a-z]{1,8}", value) else type(value).__name__


def main(program, *files):
    apis = [Api(program, version) for version in VERSIONS]
    seen, problems, passed = set(), [], 0
    for line in itertools.chain.from_iterable(map(open, files)):
        answer = json.loads(line)
        path = re.sub(r"^https?://[^/]*", "", answer["url"]).split("?")[0]
        if re.match(r"/api/v\d+/", path) and not any(path.startswith(api.prefix + "/") for api in apis):
            if answer["status"] < 300:
                problems.append(f"{path}: no description of this version was looked at")
            continue
        for api in apis:
            if not path.startswith(api.prefix + "/") or answer["type"].startswith("text/html"):
                continue
            operation = api.operation(answer["method"], path.removeprefix(api.prefix))
            if operation is None:
                if answer["status"] < 300 and answer["method"] not in ("HEAD", "OPTIONS"):
                    problems.append(f"{answer['method']} {path} {answer['status']}: this is not documented")
                continue
            is_json = "json" in answer["type"] and answer["body"]
            key = (operation["operationId"], api.prefix, answer["status"], answer["type"], *sorted(answer["headers"]),
                   shape(json.loads(answer["body"])) if is_json else bool(answer["body"]))
            if key in seen:
                continue
            seen.add(key)
            if problem := api.problem(operation, answer):
                problems.append(f"{answer['method']} {path} {answer['status']}: {problem}\n  {answer['body'][:200]}")
            else:
                passed += 1
    print("\n".join(problems))
    print(f"{passed} passed, {len(problems)} failed")
    sys.exit(1 if problems or not passed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
