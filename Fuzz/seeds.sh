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
    Fuzz/fixtures/header-*) seed "fixture-$number" '\x00' <"$file" ;;
    Fuzz/fixtures/pages-*) seed "fixture-$number" '\x01' <"$file" ;;
    Fuzz/fixtures/index-*) seed "fixture-$number" '\x02' <"$file" ;;
    Fuzz/fixtures/file-*) seed "fixture-$number" '\x03' <"$file" ;;
    Fuzz/fixtures/line-*) seed "fixture-$number" '\x04' <"$file" ;;
    Fuzz/fixtures/where-*) seed "fixture-$number" '\x05' <"$file" ;;
    *.db) seed "index-$number" '\x02' <"$file" ;;
    *)
      length=$(od -An -t u8 -N 8 "$file" | tr -d ' ')
      if [ -n "$length" ] && [ "${#length}" -le 6 ]; then
        { head -c 8 >/dev/null && head -c "$length"; } <"$file" | seed "header-$number" '\x00'
      fi
      if [ "$(stat -c %s "$file")" -le 65000 ]; then seed "file-$number" '\x03' <"$file"; fi
      ;;
  esac
done < <(find Tests/Fixtures/golden/mindrecord Fuzz/fixtures -type f \
  ! -name '*.json' ! -name '*.jsonl' ! -name '*.md' ! -name '*.txt' 2>/dev/null | sort)

printf '{"ids":[1,2],"wide":[3,4],"raw":{"base64":"AQI="},"n":1,"score":0.5,"text":"x"}' | seed line '\x04'
printf "n >= 3 AND (text = 'a''b' OR NOT score < 1e3)" | seed where '\x05'
# A blob record of two fields, then a raw record.
printf '\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0\x01\0\x07\x0d\0\0\0\0\0\0\0\x81\xa1n\x07\xa4text\xa1x' | seed pages '\x01'
