# SPDX-License-Identifier: Apache-2.0
"""The installed SDK builds the templates outside the tree, with every compiler that there is.

Usage: package_test.py BUILD-FOLDER CMAKE
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

CMAKE = sys.argv.pop()
BUILD = pathlib.Path(sys.argv.pop())
COMPILERS = [pair for pair in (("gcc", "g++"), ("clang", "clang++")) if shutil.which(pair[1])]
STRICT = "-Wall -Wextra -Wpedantic -Wshadow -Werror"


def run(*command):
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def exported(library):
    return [line.split()[-1] for line in run("nm", "-D", "--defined-only", library).splitlines()]


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.umask(0o002)  # where every user has a group of his own
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.prefix = cls.root / "installed"
        run(CMAKE, "--install", BUILD, "--component", "sdk", "--prefix", cls.prefix)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def build(self, source, name, cc, cxx, *options):
        build = self.root / name
        run(CMAKE, "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}",
            "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_C_COMPILER={cc}",
            f"-DCMAKE_CXX_COMPILER={cxx}", f"-DCMAKE_C_FLAGS={STRICT}",
            f"-DCMAKE_CXX_FLAGS={STRICT}", "--no-warn-unused-cli", *options)
        run(CMAKE, "--build", build)
        return build

    def copy_of(self, template):
        copy = self.root / f"copy of {template}"
        if not copy.exists():
            shutil.copytree(self.prefix / "share" / "davit" / "templates" / template, copy)
        return copy

    def test_builds_the_templates(self):
        for cc, cxx in COMPILERS:
            for template, name in (("c", "paper"), ("cpp", "sleeper")):
                with self.subTest(f"{template} {cc}"):
                    source = self.copy_of(template)
                    build = self.build(source, f"{template}-{cc}", cc, cxx)
                    plugin = build / "lib" / "davit" / "plugins" / name
                    library = plugin / f"{name}.so"
                    self.assertEqual(exported(library), ["davit_plugin_v1"])
                    self.assertEqual((plugin / "plugin.json").read_bytes(),
                                     (source / "plugin.json").read_bytes())
                    dynamic = run("readelf", "-d", library)
                    self.assertNotRegex(dynamic, "R(UN)?PATH")
                    self.assertNotIn("RWE", run("readelf", "-lW", library))
                    self.expect_protected(plugin, library, plugin / "plugin.json")
                    self.check_in_davit(plugin.parent, name)

    def expect_protected(self, *paths):
        for path in paths:
            self.assertEqual(path.stat().st_mode & 0o022, 0, f"others can write {path}")

    def check_in_davit(self, plugins, name):
        davit = BUILD / "bin" / "davit"
        if not davit.exists():
            self.skipTest("davit itself has not been built")
        home = self.root / "home"
        home.mkdir(exist_ok=True)
        for command in (["plugin", "list"], ["capabilities"]):
            ran = subprocess.run([davit, "--plugin-dir", plugins, *command], capture_output=True,
                                 text=True, env={**os.environ, "HOME": home, "DAVIT_HOME": home})
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))
            self.assertIn(name, ran.stdout)

    def test_installs_a_plugin_where_davit_looks(self):
        build = self.build(self.copy_of("c"), "to-install", *COMPILERS[0])
        run(CMAKE, "--install", build, "--prefix", self.root / "there")
        plugin = self.root / "there/lib/davit/plugins/paper"
        self.assertEqual(sorted(p.name for p in plugin.iterdir()), ["paper.so", "plugin.json"])
        self.expect_protected(plugin, *plugin.iterdir())

    def expect_refused(self, old, new, words):
        source = self.root / "refused"
        shutil.rmtree(source, ignore_errors=True)
        shutil.copytree(self.copy_of("c"), source)
        manifest = source / "plugin.json"
        self.assertIn(old, manifest.read_text())
        manifest.write_text(manifest.read_text().replace(old, new))
        with self.assertRaises(AssertionError) as raised:
            self.build(source, "refused-build", *COMPILERS[0])
        # CMake breaks its messages into lines.
        self.assertIn(words, " ".join(str(raised.exception).split()))

    def test_refuses_a_manifest_that_is_wrong(self):
        for old, new, words in (
                ('"manifest": 1', '"manifest": 2', '"manifest" must be 1'),
                ('"manifest": 1,', '"manifest": 1', "is not a JSON object"),
                ('"name": "paper"', '"name": "Paper Driver"', 'which does not match'),
                ('"paper.so"', '"../paper.so"', "a file name without a folder"),
                ('"linux"', '"plan9"', "a file name without a folder"),
                ('"davit.driver/1": {},', "", 'a driver must have "davit.driver/1": {}')):
            with self.subTest(words):
                self.expect_refused(old, new, words)

    def test_is_found_by_its_version(self):
        source = self.root / "versions"
        source.mkdir()
        for wanted, found in (("1", True), ("1.0", True), ("1.1", False), ("2.0", False)):
            with self.subTest(wanted):
                (source / "CMakeLists.txt").write_text(
                    "cmake_minimum_required(VERSION 3.20)\nproject(version LANGUAGES NONE)\n"
                    f"find_package(davit-sdk {wanted})\n"
                    "message(STATUS \"found: ${davit-sdk_FOUND}\")\n")
                said = run(CMAKE, "-S", source, "-B", source / wanted,
                           f"-DCMAKE_PREFIX_PATH={self.prefix}")
                self.assertIn(f"found: {int(found)}", said)


if __name__ == "__main__":
    unittest.main()
