#!/usr/bin/env bash
# Puts a backup back, after proving it; if anything is wrong with it nothing is touched. Options: those of flask ops restore.
#
#   scripts/restore-database.sh instance/backups/kroi-20261121T120000Z-sqlite.tar --dry-run
set -euo pipefail
. "$(dirname "$0")/lib.sh"
door "$0" restore "$@"
