#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every command of the README's tour, in order, against a real guest. Usage: tour.sh BUILD
set -euo pipefail
build=$(readlink -f "$1")
readme=$(dirname "$(readlink -f "$0")")/../../README.md
home=$(mktemp -d)
export DAVIT_HOME=$home/davit PATH=$build/bin:$PATH
trap 'davit delete --all --purge 2>/dev/null || true; rm -rf "$home"' EXIT

commands=$(awk '/^## /{tour = /five-minute tour/} tour && /^\$ /{print substr($0, 3)}' "$readme")
count=0
while IFS= read -r command; do
  printf '$ %s\n' "$command"
  # A slow computer is given time; the tour itself shows the command as a user types it.
  case $command in
    'davit launch'* | 'davit start'* | 'davit restart'*) command+=' --timeout 1800' ;;
  esac
  bash -euo pipefail -c "$command" < /dev/null
  count=$((count + 1))
done <<< "$commands"
[ "$count" -ge 15 ] || { echo "only $count commands were found in the tour" >&2; exit 1; }
[ "$(davit list)" = "No instances found." ]
printf '%s commands of the tour ran\n' "$count"
