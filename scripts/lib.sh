# What the scripts share: finding Python, and keeping an environment that holds exactly the pinned packages.

# Prints a Python of 3.11 or later that can make environments, or says what to install.
find_python() {
  for name in "${PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3 python; do
    [ -n "$name" ] || continue
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      echo "$name"
      return 0
    fi
  done
  echo "Kroi needs Python 3.11 or later with its venv module; on Debian: apt install python3 python3-venv" >&2
  return 1
}

# ensure_environment FILE: .venv holds what FILE pins, by hash. Uses uv when there is one: it is faster.
ensure_environment() {
  local pins=$1 python stamp sum
  if ! [ -x .venv/bin/python ] || ! [ -x .venv/bin/pip ]; then # pip comes last: without it, making was interrupted
    python=$(find_python) || return 1
    echo "Making an environment in .venv …"
    "$python" -m venv .venv
  fi
  sum=$(.venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$pins")
  stamp=.venv/installed-$(echo "$pins" | tr / -)
  [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return 0
  echo "Installing $pins …"
  if command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --python .venv/bin/python --require-hashes -r "$pins"
  else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$pins"
  fi || { echo "The packages did not come; why stands above. Once it is mended, run this again." >&2; return 1; }
  echo "$sum" >"$stamp"
}

# door SCRIPT COMMAND ARGUMENTS…: what a thin door before `flask ops COMMAND` does, from whatever folder it is called.
# Exit code 0 done, 1 failed, 2 wrong use.
door() {
  local script=$1 command=$2 root python
  shift 2
  root=$(cd "$(dirname "$script")/.." && pwd)
  python=$root/.venv/bin/python
  [ -x "$python" ] || python=$(command -v python3) || { echo "There is no Python: run scripts/run once." >&2; return 1; }
  case "${1:-}" in -h | --help) sed -n '2,/^set/p' "$script" | grep '^#' | cut -c3-; echo; set -- --help ;; esac
  "$python" -m flask --app "$root/app.py" ops "$command" "$@"
}
