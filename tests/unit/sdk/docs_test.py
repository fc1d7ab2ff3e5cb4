# SPDX-License-Identifier: Apache-2.0
"""Every snippet of docs/plugin-authors.md compiles, validates or runs.

Usage: docs_test.py BUILD-FOLDER CMAKE C-COMPILER C++-COMPILER
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

BUILD, CMAKE, CC, CXX = sys.argv[1:5]
del sys.argv[1:5]
ROOT = pathlib.Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "plugin-authors.md").read_text()
SNIPPETS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
C_HEADERS = ["davit/driver.h", "davit/mount.h", "davit/plugin.h", "string.h"]
CXX_HEADERS = ["davit/cxx/plugin.hpp", "davit/cxx/host.hpp", "functional", "thread"]

MANIFEST = """#ifndef MANIFEST
#define MANIFEST
#ifdef __cplusplus
constexpr
#endif
static const char davit_manifest[] = "{\\"davit.driver/1\\": {}}";
#endif
"""


def snippets(language):
    return [text for kind, text in SNIPPETS if kind == language]


def compile_together(compiler, language, headers, *options):
    """All snippets of the language, one after the other, as one file."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "davit_manifest.h").write_text(MANIFEST)
        source = "".join(f"#include <{header}>\n" for header in [*headers, "davit_manifest.h"])
        source += "\n".join(snippets(language))
        return subprocess.run(
            [compiler, "-x", "c++" if language == "cpp" else "c", *options, "-Wall", "-Wextra",
             "-Wno-missing-field-initializers", "-Werror", "-fsyntax-only", f"-I{folder}",
             f"-I{ROOT}/sdk/include", "-"], input=source, capture_output=True, text=True)


class Docs(unittest.TestCase):
    def test_have_no_snippet_that_nobody_checks(self):
        self.assertEqual({kind for kind, _ in SNIPPETS}, {"sh", "cmake", "json", "cpp", "c"})

    def test_cxx_compiles(self):
        ran = compile_together(CXX, "cpp", CXX_HEADERS, "-std=c++17")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_c_compiles(self):
        ran = compile_together(CC, "c", C_HEADERS, "-std=c99")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_manifests_fit_the_schema(self):
        try:
            from jsonschema import Draft202012Validator
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        schema = json.loads((ROOT / "sdk" / "schema" / "plugin-1.json").read_text())
        for text in snippets("json"):
            Draft202012Validator(schema).validate(json.loads(text))

    def test_cmake_is_the_templates(self):
        template = (ROOT / "sdk" / "templates" / "cpp" / "CMakeLists.txt").read_text()
        for text in snippets("cmake"):
            self.assertEqual("# SPDX-License-Identifier: Apache-2.0\n" + text, template)

    def test_commands_run(self):
        if not pathlib.Path(BUILD, "bin", "davit").exists():
            self.skipTest("davit itself has not been built")
        with tempfile.TemporaryDirectory() as folder:
            prefix = pathlib.Path(folder, "installed")
            home = pathlib.Path(folder, "home")
            home.mkdir()
            subprocess.run([CMAKE, "--install", BUILD, "--component", "sdk", "--prefix", prefix],
                           check=True, capture_output=True)
            environment = {**os.environ, "HOME": str(home), "DAVIT_HOME": str(home),
                           "PATH": f"{BUILD}/bin:{pathlib.Path(CMAKE).parent}:{os.environ['PATH']}",
                           "CMAKE_PREFIX_PATH": str(prefix)}
            for text in snippets("sh"):
                script = text.replace("/usr/local", str(prefix))
                ran = subprocess.run(["sh", "-euc", script], cwd=home, env=environment,
                                     capture_output=True, text=True)
                self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
                self.assertIn("sleeper", ran.stdout)


if __name__ == "__main__":
    unittest.main()
