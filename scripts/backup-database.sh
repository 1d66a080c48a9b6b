#!/usr/bin/env bash
# Writes a backup of the database and the pictures, and proves it by reading it back. Options: those of flask ops backup.
#
#   scripts/backup-database.sh -o /mnt/backups -r 90
set -euo pipefail
. "$(dirname "$0")/lib.sh"
door "$0" backup "$@"
