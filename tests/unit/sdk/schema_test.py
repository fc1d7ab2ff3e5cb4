# SPDX-License-Identifier: Apache-2.0
"""Every schema is valid, describes its members, accepts its examples, and refuses what is wrong."""
import json
import pathlib
import sys
import unittest

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("SKIP: python3-jsonschema is not installed")
    sys.exit(77)

HERE = pathlib.Path(__file__).parent
FOLDER = HERE.parents[2] / "sdk" / "schema"
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
WRONG = json.loads((HERE / "wrong_documents.json").read_text())


def members_without_description(schema, path=""):
    for name, member in schema.get("properties", {}).items():
        if isinstance(member, dict):
            if not member.get("description"):
                yield f"{path}.{name}"
            yield from members_without_description(member, f"{path}.{name}")
    if isinstance(schema.get("items"), dict):
        yield from members_without_description(schema["items"], f"{path}[]")


class Schemas(unittest.TestCase):
    def test_are_valid_schemas(self):
        for name, schema in SCHEMAS.items():
            with self.subTest(name):
                Draft202012Validator.check_schema(schema)
                self.assertTrue(schema["title"].startswith(name + ": "))

    def test_describe_every_member(self):
        for name, schema in SCHEMAS.items():
            with self.subTest(name):
                self.assertEqual(list(members_without_description(schema)), [])

    def test_accept_their_examples(self):
        for name, schema in SCHEMAS.items():
            with self.subTest(name):
                self.assertTrue(schema["examples"])
                for example in schema["examples"]:
                    Draft202012Validator(schema).validate(example)

    def test_accept_members_that_they_do_not_know(self):
        for name, schema in SCHEMAS.items():
            for example in schema["examples"]:
                with self.subTest(name):
                    Draft202012Validator(schema).validate({**example, "from-a-later-sdk": 1})

    def test_refuse_wrong_documents(self):
        self.assertEqual(sorted(WRONG), sorted(SCHEMAS), "every schema needs wrong documents")
        for name, documents in WRONG.items():
            for why, document in documents.items():
                with self.subTest(f"{name}: {why}"):
                    self.assertFalse(Draft202012Validator(SCHEMAS[name]).is_valid(document))


if __name__ == "__main__":
    unittest.main()
