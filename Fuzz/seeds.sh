#!/usr/bin/env bash
# Seeds from the golden sets: headers, indexes and whole small files, each behind the byte that says
# what it is (Sources/record-fuzz/RecordFuzz.swift).
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1
mkdir -p "$target"

seed() { { printf '%b' "$2"; cat; } >"$target/seed-$1"; }

number=0
while IFS= read -r file; do
  number=$((number + 1))
  case $file in
    *.db) seed "index-$number" '\x02' <"$file" ;;
    *)
      length=$(od -An -t u8 -N 8 "$file" | tr -d ' ')
      [ "${#length}" -le 6 ] && tail -c +9 "$file" | head -c "$length" | seed "header-$number" '\x00'
      [ "$(stat -c %s "$file")" -le 65000 ] && seed "file-$number" '\x03' <"$file" || true
      ;;
  esac
done < <(find Tests/Fixtures/golden/mindrecord Fuzz/fixtures -type f \
  ! -name '*.json' ! -name '*.jsonl' ! -name '*.md' ! -name '*.txt' 2>/dev/null | sort)

printf '{"ids":[1,2],"wide":[3,4],"raw":{"base64":"AQI="},"n":1,"score":0.5,"text":"x"}' | seed line '\x04'
printf "n >= 3 AND (text = 'a''b' OR NOT score < 1e3)" | seed where '\x05'
# A blob record of two fields, then a raw record.
printf '\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0\x01\0\x07\x0d\0\0\0\0\0\0\0\x81\xa1n\x07\xa4text\xa1x' | seed pages '\x01'
