#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Everything a user does, as a user without any right: no root, no group of the hypervisor's.
# Usage: ordinary_user.sh BUILD. Skipped (77) where it is one who runs the tests, or one cannot be made.
set -euo pipefail
build=$(readlink -f "$1")
if [ "$(id -u)" -ne 0 ]; then
  echo "SKIP: the whole suite runs as an ordinary user already"
  exit 77
fi
command -v useradd >/dev/null || { echo "SKIP: useradd is missing"; exit 77; }

user=davit-test-$$
work=$(mktemp -d)
chmod 711 "$work"
useradd --system --no-create-home --home-dir "$work/home" --shell /bin/bash "$user"
cleanup() {
  as_user "$work/bin/bin/davit" delete --all --purge 2>/dev/null || true
  rm -rf "$work"
  userdel "$user"
}
as_user() {
  runuser -u "$user" -- env -i PATH="/usr/bin:/bin" HOME="$work/home" LC_ALL=C.UTF-8 TMPDIR="$work/tmp" "$@"
}
trap cleanup EXIT
install -d -o "$user" -m 700 "$work/home" "$work/tmp"
# The build may lie where an ordinary user cannot look; an installation can be read by everybody.
cmake --install "$build" --prefix "$work/bin" >/dev/null
install -D -t "$work/bin/bin" "$build/bin/davit-cli-test" "$build/bin/test-qemu"
cp -r "$build/tests/plugins" "$work/bin/test-plugins"
chmod -R u=rwX,go=rX "$work/bin"

davit() { as_user "$work/bin/bin/davit" "$@"; }
image=$DAVIT_IMAGES/by-hash/$(davit_hash=$(DAVIT_HOME=$work/root-home "$build/bin/davit" image list --format json) &&
  /usr/bin/python3 -c 'import json,sys; print(next(i["hash"] for i in json.loads(sys.argv[1])["images"] if "debian" in i["names"]))' "$davit_hash")
for file in disk.qcow2 kernel initrd; do install -o "$user" -m 600 "$image/$file" "$work/tmp/$file"; done
cmdline=$(/usr/bin/python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["cmdline"])' "$image/image.json")

set -x
davit drivers
davit image import "$work/tmp/disk.qcow2" --name debian --kernel "$work/tmp/kernel" --initrd "$work/tmp/initrd" \
  --cmdline "$cmdline"
davit launch debian --name own --timeout 1800
[ "$(davit exec own -- id -u)" = "$(id -u "$user")" ]
davit stop own
davit start own --timeout 1800
davit exec own -- true
davit delete --purge own
[ "$(davit list)" = "No instances found." ]
as_user DAVIT_TEST_PLUGINS="$work/bin/test-plugins" "$work/bin/bin/davit-cli-test" --gtest_brief=1
# What root cannot see: a device that may not be opened.
as_user "$work/bin/bin/test-qemu" --gtest_brief=1 --gtest_filter='KvmCheck.*'
# Sessions of the last test may take a moment to notice that their server is gone.
timeout 120 sh -c 'while pgrep -a -u "$1"; do sleep 0.2; done' sh "$user"
