#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The rules of docs/architecture.md that a search can check. Prints each line that breaks one.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
status=0

# must_not_match WHY PATTERN PATH...: no line of those files matches.
must_not_match() {
  local why=$1 pattern=$2 found
  shift 2
  if found=$(grep -rnsE --include='*.cpp' --include='*.hpp' --include='*.h' --include='*.c' "$pattern" "$@"); then
    printf '%s:\n%s\n' "$why" "$found" >&2
    status=1
  fi
}

must_not_match 'sdk/ includes nothing of host/ or plugins/' '#include +["<]((\.\./){3,}|(host|plugins|base)/)' sdk/include
must_not_match 'a plugin includes nothing of the host' \
  '#include +"(host|base|cli|gate|plugins|instances|images|guest|mounts|settings|output)/' plugins
must_not_match 'the host includes nothing of a plugin' '#include +["<](\.\./)*plugins/(qemu|hyperv|virtualbox|mount-|support)' host
must_not_match 'no file is left for later' '\b(TODO|FIXME|XXX|HACK)\b' host sdk plugins tests
must_not_match 'tests wait for conditions, never for time' 'sleep_for|[^_]sleep\(|usleep\(' tests/unit tests/e2e tests/cli tests/support
must_not_match 'the base stands on nothing of the host' '#include "(cli|gate|plugins|instances|images|guest|mounts|settings|output)/' host/base
must_not_match 'only cli/ knows the command line' '#include "cli/' \
  host/base host/gate host/plugins host/instances host/images host/guest host/mounts host/settings host/output

# The host and the SDK know no plugin: outside comments no line names a hypervisor or mount technology.
names='qemu|hyperv|hyper-v|virtualbox|vboxmanage|libvirt|lxd|sshfs|9p|virtiofs|smb'
if found=$(grep -rniwE --include='*.cpp' --include='*.hpp' --include='*.h' "$names" host sdk/include |
  grep -vE '^[^:]+:[0-9]+:\s*(//|/?\*)' | grep -vE '//.*\b('"$names"')\b'); then
  printf 'the host and the SDK know no plugin:\n%s\n' "$found" >&2
  status=1
fi

exit $status
