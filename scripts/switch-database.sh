#!/usr/bin/env bash
# Moves everything to the other database, all of it or nothing. Options: those of flask ops switch.
#
#   OTHER_DATABASE_URL=postgresql://kroi@localhost/kroi scripts/switch-database.sh postgresql
set -euo pipefail
. "$(dirname "$0")/lib.sh"
door "$0" switch "$@"
