#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a command line to the first command that ran in the guest: davit against QEMU by hand, with the
# same image, the same seed and the same devices, in turn. Usage: launch.sh BUILD [ROUNDS]
set -euo pipefail
build=$(readlink -f "$1")
rounds=${2:-3}
work=$(mktemp -d)
export DAVIT_HOME=$work/davit PATH=$build/bin:$PATH
pid=
trap 'if [ -n "$pid" ]; then kill "$pid" 2>/dev/null || true; fi; davit delete --all --purge 2>/dev/null || true; rm -rf "$work"' EXIT

now() { date +%s.%N; }
took() { awk -v a="$1" -v b="$(now)" 'BEGIN {printf "%.2f", b - a}'; }

by_davit() {
  local begin; begin=$(now)
  davit launch debian --name bench --cpus 2 --timeout 1800 >/dev/null
  davit exec bench -- true
  took "$begin"
}

# The command line is the one of a user who knows QEMU well; the readiness is davit's: SSH, then
# cloud-init's end, then a command.
by_hand() {
  local begin; begin=$(now)
  qemu-img create -q -f qcow2 -b "$work/base/disk.qcow2" -F qcow2 "$work/disk.qcow2" 5G
  qemu-system-x86_64 -M q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 -nodefaults -display none \
    -drive file="$work/disk.qcow2",if=virtio,cache=writeback -drive file="$work/base/seed.iso",if=virtio,format=raw,readonly=on \
    -netdev user,id=n,hostfwd=tcp:127.0.0.1:"$port"-:22 -device virtio-net-pci,netdev=n,mac="$mac" \
    -device virtio-rng-pci -serial file:"$work/console" \
    -kernel "$work/base/kernel" -initrd "$work/base/initrd" -append "$cmdline" >/dev/null 2>&1 &
  pid=$!
  until ssh "${ssh_options[@]}" davit@127.0.0.1 \
    'until [ -s /run/cloud-init/result.json ]; do sleep 0.2; done' >/dev/null 2>&1; do :; done
  ssh "${ssh_options[@]}" davit@127.0.0.1 true
  took "$begin"
  kill "$pid"
  wait "$pid" 2>/dev/null || true
  pid=
  rm "$work/disk.qcow2"
}

# The files of one launch are what both start from.
davit launch debian --name first --cpus 2 --timeout 1800 >/dev/null
folder=$(dirname "$(find "$DAVIT_HOME/scopes" -name seed.iso)")
mkdir "$work/base"
cp -L "$folder"/seed.iso "$folder"/image/* "$work/base/"
mac=$(/usr/bin/python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["nics"][0]["mac"])' "$folder/record.json")
cmdline=$(/usr/bin/python3 -c 'import json,sys
for i in json.loads(sys.argv[1])["images"]:
    if "debian" in i["names"]: print(i["cmdline"])' "$(davit image list --format json)")
port=$(davit info first --no-runtime-information --format json | /usr/bin/python3 -c 'import json,sys; print(json.load(sys.stdin)["info"]["first"]["ssh"]["port"])')
davit stop first
ssh_options=(-i "$DAVIT_HOME/keys/id_ed25519" -p "$port" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null
  -o ConnectTimeout=15 -o LogLevel=ERROR -F /dev/null)

for round in $(seq "$rounds"); do
  a=$(by_davit); davit delete --purge bench
  b=$(by_hand)
  printf 'launch to first exec, round %s: davit %s s, by hand %s s, ratio %s\n' "$round" "$a" "$b" \
    "$(awk -v a="$a" -v b="$b" 'BEGIN {printf "%.2f", a / b}')"
done
