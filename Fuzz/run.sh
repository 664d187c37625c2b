#!/usr/bin/env bash
# Builds the fuzzer with libFuzzer and the address sanitizer, makes the seeds, and runs it.
#
#   Fuzz/run.sh [SECONDS]    default 60; inputs that led further are kept in Fuzz/.corpus
#
# A find is written to Fuzz/finds; see README.md for what to do with it.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}

swift build --package-path Fuzz -c release --product record-fuzz \
  --sanitize fuzzer --sanitize address -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing
program=$(swift build --package-path Fuzz -c release --sanitize fuzzer --sanitize address --show-bin-path)/record-fuzz

Fuzz/seeds.sh Fuzz/.corpus
mkdir -p Fuzz/finds
# A header may claim what it likes: more than 512 MB for one input is a find.
exec nice "$program" -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=2048 -malloc_limit_mb=512 \
  -timeout=10 -dict=Fuzz/records.dict -artifact_prefix=Fuzz/finds/ -print_final_stats=1 Fuzz/.corpus
