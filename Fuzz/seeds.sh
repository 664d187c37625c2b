#!/usr/bin/env bash
# Seeds: headers, indexes and whole small files of the fixtures, each behind the byte that says what it
# is (Sources/record-fuzz/RecordFuzz.swift, Sources/weight-fuzz/WeightFuzz.swift).
#
#   Fuzz/seeds.sh records|weights FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
subject=$1
target=$2
mkdir -p "$target"

seed() { { printf '%b' "$2"; cat; } >"$target/seed-$1"; }

if [ "$subject" = weights ]; then
  for file in Tests/Fixtures/weights/parallel/*/strategy.ckpt Tests/Fixtures/weights/parallel/*/merged.ckpt; do
    seed "strategy-$(basename "$(dirname "$file")")-$(basename "$file")" '\x07' <"$file"
  done
  for file in Tests/Fixtures/weights/* Tests/Fixtures/golden/models/formats/digits_cnn/* Fuzz/fixtures/weights/*; do
    case $file in
      *.safetensors) kind='\x00' ;;
      *.ckpt) kind='\x01' ;;
      *.npy) kind='\x02' ;;
      *.npz) kind='\x03' ;;
      *.pt | *.pth) kind='\x04' ;;
      *.gguf) kind='\x05' ;;
      *.pkl) kind='\x06' ;;
      *) continue ;;
    esac
    [ -f "$file" ] && seed "$(basename "$file")" "$kind" <"$file"
    if [ "$kind" = '\x04' ] && unzip -qq -l "$file" >/dev/null 2>&1; then
      unzip -p "$file" '*/data.pkl' | seed "pickle-$(basename "$file")" '\x06'
    fi
  done
  exit 0
fi

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
