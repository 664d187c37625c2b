#!/usr/bin/env bash
# Builds a fuzzer with libFuzzer and the address sanitizer, makes the seeds, and runs it.
#
#   Fuzz/run.sh [SECONDS [records|weights|inputs]]    default 60 seconds of each; inputs that led further
#                                                     are kept in Fuzz/.corpus/SUBJECT
#
# A find is written to Fuzz/finds; see README.md for what to do with it.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}

run() {
  local subject=$1 product=$2 options=("${@:3}")
  swift build --package-path Fuzz -c release --product "$product" \
    --sanitize fuzzer --sanitize address -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing
  local folder
  folder=$(swift build --package-path Fuzz -c release --sanitize fuzzer --sanitize address --show-bin-path)
  if [ "$subject" = inputs ]; then
    Fuzz/seeds-input.sh "Fuzz/.corpus/$subject"
  else
    Fuzz/seeds.sh "$subject" "Fuzz/.corpus/$subject"
  fi
  mkdir -p Fuzz/finds
  # A header may claim what it likes: more than 512 MB for one input is a find.
  nice "$folder/$product" -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=2048 \
    -malloc_limit_mb=512 -timeout=10 -artifact_prefix=Fuzz/finds/ -print_final_stats=1 \
    "${options[@]}" "Fuzz/.corpus/$subject"
}

case ${2:-all} in
  records) run records record-fuzz -dict=Fuzz/records.dict ;;
  weights) run weights weight-fuzz ;;
  inputs) run inputs input-fuzz -use_value_profile=1 ;;
  all)
    run records record-fuzz -dict=Fuzz/records.dict
    run weights weight-fuzz
    run inputs input-fuzz -use_value_profile=1
    ;;
  *) echo "Fuzz/run.sh: records, weights or inputs, not '$2'" >&2; exit 2 ;;
esac
