# SPDX-License-Identifier: Apache-2.0
"""Every header compiles alone, in every language that it promises, with every warning an error."""
import concurrent.futures
import pathlib
import shutil
import subprocess
import sys
import unittest

INCLUDE = pathlib.Path(__file__).parents[3] / "sdk" / "include"
C_HEADERS = sorted(INCLUDE.glob("davit/**/*.h"))
CXX_HEADERS = sorted(INCLUDE.glob("davit/cxx/**/*.hpp"))
COMPILERS = [("gcc", "g++"), ("clang", "clang++")]
STRICT = ["-pedantic-errors", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
TARGETS = ["x86_64-pc-windows-msvc", "i386-pc-windows-msvc", "aarch64-apple-macosx11",
           "x86_64-apple-macosx11", "i386-linux-gnu", "armv7-linux-gnueabihf", "riscv64-linux-gnu"]

for tool in sum(map(list, COMPILERS), []):
    if shutil.which(tool) is None:
        print(f"SKIP: {tool} is not installed")
        sys.exit(77)


def compile_all(commands):
    """What the failing ones of the commands say."""
    def run(command):
        ran = subprocess.run(command, capture_output=True, text=True)
        return None if ran.returncode == 0 else " ".join(map(str, command)) + "\n" + ran.stderr
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [words for words in pool.map(run, commands) if words]


class Headers(unittest.TestCase):
    def expect_clean(self, commands):
        self.assertTrue(commands)
        self.assertEqual(compile_all(commands), [])

    def test_compile_as_c(self):
        self.expect_clean([
            [c, "-x", "c", f"-std={std}", *STRICT, "-Wpadded", header]
            for c, _ in COMPILERS for std in ("c99", "c11", "c17") for header in C_HEADERS])

    def test_compile_as_cxx(self):
        self.expect_clean([
            [cxx, "-x", "c++", f"-std={std}", *STRICT, "-Wpadded", header]
            for _, cxx in COMPILERS for std in ("c++11", "c++14", "c++17", "c++20")
            for header in C_HEADERS])

    def test_compile_for_other_systems(self):
        self.expect_clean([
            ["clang", f"--target={target}", "-ffreestanding", "-x", "c", "-std=c99", *STRICT,
             "-Wpadded", header]
            for target in TARGETS for header in C_HEADERS])

    def test_of_the_cxx_layer_compile_alone(self):
        self.expect_clean([
            [cxx, "-x", "c++", "-std=c++17", *STRICT, "-Wshadow", "-Wnon-virtual-dtor", header]
            for _, cxx in COMPILERS for header in CXX_HEADERS])

    def test_of_the_cxx_layer_compile_without_exceptions(self):
        self.expect_clean([
            [cxx, "-x", "c++", "-std=c++17", "-fno-exceptions", *STRICT,
             INCLUDE / "davit" / "cxx" / "plugin.hpp"] for _, cxx in COMPILERS])

    def test_of_the_cxx_layer_compile_as_cxx20(self):
        self.expect_clean([
            [cxx, "-x", "c++", "-std=c++20", *STRICT, INCLUDE / "davit" / "cxx" / header]
            for _, cxx in COMPILERS for header in ("plugin.hpp", "host.hpp")])

    def test_of_the_calling_side_say_that_they_need_exceptions(self):
        host = INCLUDE / "davit" / "cxx" / "host.hpp"
        failed = compile_all([["g++", "-std=c++17", "-fno-exceptions", "-fsyntax-only", host]])
        self.assertIn("compile with them", failed[0])


if __name__ == "__main__":
    unittest.main()
