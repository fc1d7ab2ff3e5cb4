# SPDX-License-Identifier: Apache-2.0
"""The border of this tree is the stored one, or the stored one with something added at an end.

Usage: abi_test.py C-COMPILER, or abi_test.py --store FILE to write down this tree's border.
"""
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import unittest

SDK = pathlib.Path(__file__).parents[3] / "sdk"
STORED = SDK / "abi" / "davit-1.0.abi"
COMPILER = sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "cc"

if shutil.which("abidiff") is None:
    print("SKIP: abigail-tools is not installed")
    sys.exit(77)
if platform.machine() != "x86_64":
    print(f"SKIP: the stored ABI is that of x86_64, and this is {platform.machine()}")
    sys.exit(77)


def build_witness(folder, include):
    library = folder / "witness.so"
    subprocess.run([COMPILER, "-std=c11", "-g", "-O0", "-fPIC", "-shared", f"-I{include}",
                    SDK / "abi" / "witness.c", "-o", library], check=True)
    return library


def store(path):
    with tempfile.TemporaryDirectory() as folder:
        library = build_witness(pathlib.Path(folder), SDK / "include")
        subprocess.run(["abidw", "--no-show-locs", "--no-corpus-path", "--no-comp-dir-path",
                        "--out-file", path, library], check=True)


def abidiff(library, *options):
    ran = subprocess.run(["abidiff", *options, STORED, library], capture_output=True, text=True)
    return ran.returncode, ran.stdout + ran.stderr


def breaks(library):
    """What breaks the stored border, or "". With the suppression that allows members at the end,
    abidiff no longer tells members that changed their type; those are found in what it says without.
    """
    status, words = abidiff(library, "--suppressions", SDK / "abi" / "davit.abignore")
    if status != 0:
        return words
    status, words = abidiff(library, "--leaf-changes-only")
    return words if "data member change" in words or status & ~4 else ""


class Abi(unittest.TestCase):
    def breaks_with(self, header, old, new):
        """What breaks when `old` in `header` is replaced by `new`."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            shutil.copytree(SDK / "include", folder / "include")
            path = folder / "include" / "davit" / header
            text = path.read_text()
            self.assertEqual(text.count(old), 1, f"{header} has changed: adapt this test")
            path.write_text(text.replace(old, new))
            return breaks(build_witness(folder, folder / "include"))

    def test_is_the_stored_one(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(breaks(build_witness(pathlib.Path(folder), SDK / "include")), "")

    def test_accepts_a_member_at_the_end(self):
        for header, end in (("driver.h", "} davit_driver;"), ("base.h", "} davit_call;"),
                            ("ext/clone.h", "} davit_driver_clone;")):
            with self.subTest(header):
                added = "    davit_status(DAVIT_ABI *added)(davit_call *call);\n"
                if header == "base.h":
                    added = "    void *added;\n"
                self.assertEqual(self.breaks_with(header, end, added + end), "")

    def test_refuses_a_member_in_the_middle(self):
        for header, before in (("driver.h", "    davit_status(DAVIT_ABI *create)"),
                               ("base.h", "    uint32_t timeout_ms;"),
                               ("ext/snapshots.h", "    davit_status(DAVIT_ABI *restore)")):
            with self.subTest(header):
                self.assertNotEqual(
                    self.breaks_with(header, before, "    void *added;\n" + before), "")

    def test_refuses_a_changed_parameter(self):
        self.assertNotEqual(self.breaks_with(
            "driver.h", "(DAVIT_ABI *stop)(davit_machine *machine, int32_t how,",
            "(DAVIT_ABI *stop)(davit_machine *machine, int64_t how,"), "")

    def test_refuses_a_changed_sign(self):
        self.assertNotEqual(self.breaks_with("base.h", "    uint32_t flags; ", "    int32_t flags; "), "")

    def test_refuses_a_removed_member(self):
        self.assertNotEqual(self.breaks_with("base.h", "    uint32_t flags; ", "    // "), "")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--store":
        store(sys.argv[2])
    else:
        unittest.main()
