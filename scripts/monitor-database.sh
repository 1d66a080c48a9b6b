#!/usr/bin/env bash
# Looks at the database: sizes, indexes, locks, connections, memory, what is slow. Options: those of flask ops monitor.
#
#   scripts/monitor-database.sh --json
set -euo pipefail
. "$(dirname "$0")/lib.sh"
door "$0" monitor "$@"
