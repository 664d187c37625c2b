#!/usr/bin/env bash
# Seeds of input-fuzz from the golden images and archives, each behind the byte that says what it is
# (Sources/input-fuzz/InputFuzz.swift).
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1
mkdir -p "$target"

seed() { { printf '%b' "$2"; cat "$3"; } >"$target/seed-$1"; }

number=0
while IFS= read -r file; do
  number=$((number + 1))
  [ "$(stat -c %s "$file")" -le 65000 ] || continue
  case $file in
    *.zip) seed "zip-$number" '\x02' "$file" ;;
    *.png) seed "png-$number" '\x01' "$file"; seed "image-$number" '\x00' "$file" ;;
    *) seed "image-$number" '\x00' "$file" ;;
  esac
done < <(find Tests/Fixtures/golden/datasets/image Tests/Fixtures/golden/datasets/archive -type f \
  ! -name '*.json' ! -name '*.md' | sort)

for packing in cat gzip xz zstd bzip2; do
  if command -v "$packing" >/dev/null; then
    tar -cf - -C Tests/Fixtures/golden/datasets/image html_as.jpg jpg_1x1.jpg | "$packing" >"$target/tar"
    seed "tar-$packing" '\x03' "$target/tar"
    rm "$target/tar"
  fi
done
