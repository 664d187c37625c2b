#!/usr/bin/env bash
# Builds the fuzzer with libFuzzer and the address sanitizer, makes the seeds, and runs it.
#
#   Fuzz/run.sh [SECONDS] [TARGET]    default 60, record-fuzz; input-fuzz: images and archives
#
# Inputs that led further are kept in Fuzz/.corpus, or Fuzz/.corpus-input.
#
# A find is written to Fuzz/finds; see README.md for what to do with it.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
target=${2:-record-fuzz}
case $target in
  record-fuzz) corpus=Fuzz/.corpus seeds=Fuzz/seeds.sh dictionary=-dict=Fuzz/records.dict ;;
  input-fuzz) corpus=Fuzz/.corpus-input seeds=Fuzz/seeds-input.sh dictionary=-use_value_profile=1 ;;
  *) echo "no such target: $target" >&2; exit 2 ;;
esac

swift build --package-path Fuzz -c release --product "$target" \
  --sanitize fuzzer --sanitize address -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing
program=$(swift build --package-path Fuzz -c release --sanitize fuzzer --sanitize address --show-bin-path)/$target

"$seeds" "$corpus"
mkdir -p Fuzz/finds
# A header may claim what it likes: more than 512 MB for one input is a find.
exec nice "$program" -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=2048 -malloc_limit_mb=512 \
  -timeout=10 "$dictionary" -artifact_prefix=Fuzz/finds/ -print_final_stats=1 "$corpus"
