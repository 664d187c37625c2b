#!/usr/bin/env bash
# Installs the Debian packages that dsx builds on. Does nothing, quickly, when they are there.
set -euo pipefail

packages=(
  libarchive-dev libcsv-dev libdeflate-dev libopenblas-dev libpng-dev libsqlite3-dev
  libturbojpeg0-dev pkg-config strace zlib1g-dev
)

if ! command -v swift >/dev/null; then
  echo "setup: Swift 6.2 or later is needed and was not found on PATH: https://www.swift.org/install" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

sudo=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "setup: root or sudo is needed to install: ${missing[*]}" >&2; exit 1; }
  sudo=(sudo)
fi
echo "setup: installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
