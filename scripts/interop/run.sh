#!/usr/bin/env bash
# Checks dsx against the Python tools whose formats and results it shares: one line a check,
# `pass|FAIL|skip NAME reason`, and a closing line. See README.md in this folder.
#
#   DSX           the program to check (default: .build/release/dsx)
#   ALLOW_SKIP=1  checks that cannot run here do not fail the run
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
dsx=${DSX:-.build/release/dsx}
# Absolute before the checks change folder.
case $dsx in */*) dsx=$(realpath -m "$dsx") ;; *) dsx=$(command -v "$dsx" || echo "$dsx") ;; esac
[ -x "$dsx" ] || { echo "interop: no program at $dsx (build it, or set DSX)" >&2; exit 2; }

python=$("$here/venv.sh")
cd "$here/../.."
DSX=$dsx exec "$python" "$here/run_checks.py" "$@"
