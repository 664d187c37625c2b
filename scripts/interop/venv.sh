#!/usr/bin/env bash
# Makes, or finds again, the Python environment of the interop checks and of the benchmark peers, and
# prints the path of its python. It lies outside the project and is kept between runs; another
# requirements.txt or another Python makes it anew.
#
#   DSX_INTEROP_VENV  where it lies (default: interop-venv in dsx's cache folder)
#   PYTHON            the Python to make it from (default: python3)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
requirements=$here/requirements.txt
venv=${DSX_INTEROP_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/dsx/interop-venv}
python=${PYTHON:-python3}

pins=$(grep -v -e '^#' -e '^$' "$requirements")
key=$(printf '%s\n' "$("$python" --version)" "$pins" | sha256sum | cut -d' ' -f1)
if [ "$(cat "$venv/dsx-key" 2>/dev/null)" = "$key" ]; then
  echo "$venv/bin/python"
  exit
fi

# Only a folder that is a virtual environment, or nothing, is replaced.
if [ -e "$venv" ] && [ ! -e "$venv/pyvenv.cfg" ]; then
  echo "interop: $venv is in the way: it is not a virtual environment" >&2
  exit 2
fi
echo "interop: making $venv (some minutes, about 4 GB)" >&2
rm -rf "$venv"
mkdir -p "$(dirname "$venv")"
if ! "$python" -m venv "$venv" >&2; then
  echo "interop: $python cannot make a virtual environment (on Debian: apt-get install python3-venv)" >&2
  exit 2
fi

# seqeval is built from source, and its build wants tools that newer releases of theirs broke: the pinned
# ones first, then everything without a build environment of its own.
grep -E '^(setuptools|setuptools-scm|wheel|packaging)==' "$requirements" |
  xargs "$venv/bin/pip" install --quiet >&2 || true
if "$venv/bin/pip" install --quiet --no-build-isolation --requirement "$requirements" >&2; then
  echo "$key" >"$venv/dsx-key"
else
  # What can be had is installed one by one, so that the checks which do not need the rest still run.
  # No key is written: the next run tries again.
  echo "interop: not everything can be installed; trying one package after the other" >&2
  for pin in $pins; do
    "$venv/bin/pip" install --quiet --no-deps --no-build-isolation "$pin" >&2 || echo "interop: cannot install $pin" >&2
  done
fi
echo "$venv/bin/python"
