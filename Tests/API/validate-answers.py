#!/usr/bin/env python3
"""Checks answers against JSON Schemas.

    validate-answers.py SCHEMAS LIST    LIST has a line "schema file" for each answer
"""
import json
import sys
from pathlib import Path

import jsonschema

folder, listing = Path(sys.argv[1]), Path(sys.argv[2])
schemas = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
resolver_store = {f"https://schemas.invalid/{name}": schema for name, schema in schemas.items()}

failures = count = 0
for line in listing.read_text().splitlines():
    name, path = line.split(" ", 1)
    schema = dict(schemas[f"{name}.json"], **{"$id": f"https://schemas.invalid/{name}.json"})
    resolver = jsonschema.RefResolver(schema["$id"], schema, store=resolver_store)
    validator = jsonschema.Draft202012Validator(
        schema, resolver=resolver, format_checker=jsonschema.FormatChecker())
    for error in validator.iter_errors(json.loads(Path(path).read_bytes())):
        print(f"{name}: {error.json_path}: {error.message[:300]}")
        failures += 1
    count += 1
if failures:
    sys.exit(1)
print(f"{count} answers are valid")
