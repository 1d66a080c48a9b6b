#!/bin/sh
# Backs up every four hours, and twice a day copies PostgreSQL's own files, until told to stop: for a container that does
# nothing else. With --check: exit code 0 when the last round went well.
set -u
cd "$(dirname "$0")/.."
mark=${KROI_INSTANCE:-instance}/last-backups
case "${1:-}" in
  "") ;;
  --check) test -n "$(find "$mark" -mmin -300 2>/dev/null)"; exit ;;
  *) sed -n '2,3p' "$0" | cut -c3- >&2; exit 2 ;;
esac
trap 'exit 0' TERM INT
round=0
while :; do
  good=1
  flask ops backup || good=
  if [ $((round % 3)) = 0 ]; then flask ops base || good=; fi
  [ -z "$good" ] || touch "$mark"
  round=$((round + 1))
  sleep 14400 &
  wait $!
done
