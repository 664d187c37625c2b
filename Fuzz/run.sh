#!/usr/bin/env bash
# Builds the fuzzers (libFuzzer, address sanitizer; one program for all targets) and runs them.
#
#   Fuzz/run.sh [SECONDS [TARGET...]]     every target, or those named, for so long (default 60), two at a time
#   Fuzz/run.sh --runs N [TARGET...]      the same until N inputs were tried
#   Fuzz/run.sh --replay [TARGET...]      every file of corpus/ and finds/ once
#   Fuzz/run.sh --check SECONDS           both: --replay, then SECONDS of every target, from one seed: what is
#                                         checked does not change from day to day; SEED=0 takes another one
#   Fuzz/run.sh --merge [TARGET...]       what .corpus/ found that corpus/ lacks is added to corpus/, small files only
#   Fuzz/run.sh --list                    the targets: name, longest input, dictionary
#
# Inputs that led further are kept in Fuzz/.corpus/TARGET. A find is written to Fuzz/.finds/TARGET; see
# README.md for what to do with it. PARALLEL=1 runs one at a time; DSX_FUZZ=PROGRAM uses a program that was
# built before; TIMEOUT=60 allows one input so many seconds, for a busy machine; CONFIGURATION=debug builds
# in a third of the time what runs at a fifth of the speed.
set -euo pipefail
cd "$(dirname "$0")/.."
unset DSX_TESTS

if [ "${1:-}" = --one ]; then
  # One target, for xargs: --one MODE AMOUNT TARGET LONGEST DICTIONARY
  mode=$2 amount=$3 target=$4 longest=$5 words=$6
  own=Fuzz/.corpus/$target
  mkdir -p "$own" "Fuzz/.finds/$target" Fuzz/.logs
  folders=("$own")
  for folder in "Fuzz/corpus/$target" "Fuzz/finds/$target"; do
    if [ -d "$folder" ]; then folders+=("$folder"); fi
  done
  options=(-max_len="$longest" -timeout="${TIMEOUT:-5}" -rss_limit_mb=512 -detect_leaks=0 -reload=0
    -print_final_stats=1 -seed="${SEED:-0}" -artifact_prefix="Fuzz/.finds/$target/" "-$mode=$amount")
  if [ "$words" != - ]; then options+=(-dict="Fuzz/dictionaries/$words.dict"); fi
  log=Fuzz/.logs/$target.log
  status=0
  DSX_FUZZ_TARGET=$target nice "$DSX_FUZZ" "${options[@]}" "${folders[@]}" >"$log" 2>&1 || status=$?
  edges=$(grep -oE ' cov: [0-9]+' "$log" | tail -n 1 | grep -oE '[0-9]+' || echo 0)
  count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  verdict=ok
  if [ "$status" -ne 0 ]; then
    verdict="FIND: $(grep -hE '^(SUMMARY:|.*fuzz: |==[0-9]+== ERROR|.*Fatal error)' "$log" | head -n 1)"
  fi
  printf '%-16s %10s executions %7s/s %6s edges  %s\n' "$target" "${count:-?}" "${rate:-?}" "$edges" "$verdict"
  exit "$status"
fi

build() {
  local flags=(--package-path Fuzz -c "${CONFIGURATION:-release}" --product dsx-fuzz --sanitize fuzzer --sanitize address
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing
    -Xcc -fsanitize=undefined -Xcc -fsanitize-trap=undefined)
  local start=$SECONDS
  mkdir -p Fuzz/.logs
  # The linker warns about every section of the coverage tables.
  swift build "${flags[@]}" >Fuzz/.logs/build.log 2>&1 || { grep -E 'error' -A3 Fuzz/.logs/build.log || tail -n 40 Fuzz/.logs/build.log; exit 1; }
  DSX_FUZZ=$(swift build "${flags[@]}" --show-bin-path)/dsx-fuzz
  echo "fuzzers built in $((SECONDS - start)) s"
}
if [ -z "${DSX_FUZZ:-}" ]; then build; fi
export DSX_FUZZ

# A small quarantine and short stacks: freed memory is watched, and the limit on memory is for the readers.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0:quarantine_size_mb=8:malloc_context_size=6:detect_stack_use_after_return=0}
# OpenBLAS starts its threads before main, and nothing here multiplies.
export OPENBLAS_NUM_THREADS=1
DSX_FUZZ_FOLDER=$(mktemp -d /dev/shm/dsx-fuzz.XXXXXX)
export DSX_FUZZ_FOLDER
trap 'rm -rf "$DSX_FUZZ_FOLDER"' EXIT

all=$(DSX_FUZZ_TARGET=list "$DSX_FUZZ")
# The lines of the targets named, or all.
targets() {
  [ $# -gt 0 ] || { echo "$all"; return; }
  for name in "$@"; do
    grep -E "^$name " <<<"$all" || { echo "Fuzz/run.sh: no target '$name'; see --list" >&2; exit 2; }
  done
}

fuzz() {
  local mode=$1 amount=$2
  shift 2
  local list
  list=$(targets "$@")
  mkdir -p Fuzz/.finds
  if xargs -P "${PARALLEL:-2}" -L 1 Fuzz/run.sh --one "$mode" "$amount" <<<"$list"; then
    echo "no finds"
  else
    echo "finds are in Fuzz/.finds; their reports in Fuzz/.logs" >&2
    exit 1
  fi
}

replay() {
  local list files failed=0 total=0
  list=$(targets "$@")
  while read -r target _; do
    files=$(find "Fuzz/corpus/$target" "Fuzz/finds/$target" -type f 2>/dev/null | sort || true)
    [ -n "$files" ] || { echo "$target has no corpus" >&2; exit 1; }
    total=$((total + $(wc -l <<<"$files")))
    # Files that are named are run as they are, whatever their length.
    if ! DSX_FUZZ_TARGET=$target xargs "$DSX_FUZZ" -timeout=5 -rss_limit_mb=512 -detect_leaks=0 \
      <<<"$files" >Fuzz/.logs/replay.log 2>&1; then
      echo "$target: a file of its corpus or finds fails" >&2
      grep -vE '^(Running|Executed|INFO)' Fuzz/.logs/replay.log | head -n 30 >&2
      failed=1
    fi
  done <<<"$list"
  [ "$failed" = 0 ] || exit 1
  echo "replayed $total files of $(wc -l <<<"$list") targets"
}

merge() {
  local list
  list=$(targets "$@")
  while read -r target longest _; do
    rm -rf Fuzz/.small
    mkdir -p "Fuzz/corpus/$target" Fuzz/.small
    # What goes into git is small, and not many: files that reach edges which no other reaches.
    find "Fuzz/.corpus/$target" -type f -size -20k -exec cp {} Fuzz/.small/ \;
    DSX_FUZZ_TARGET=$target "$DSX_FUZZ" -set_cover_merge=1 -use_counters=0 -max_len="$longest" \
      -detect_leaks=0 -rss_limit_mb=512 -timeout=5 "Fuzz/corpus/$target" Fuzz/.small \
      >Fuzz/.logs/merge.log 2>&1 </dev/null || { tail -n 20 Fuzz/.logs/merge.log; exit 1; }
    printf '%-16s %4s files %8s bytes\n' "$target" "$(find "Fuzz/corpus/$target" -type f | wc -l)" \
      "$(find "Fuzz/corpus/$target" -type f -printf '%s\n' | awk '{sum += $1} END {print sum + 0}')"
  done <<<"$list"
  rm -rf Fuzz/.small
}

case ${1:-60} in
  --list) echo "$all" ;;
  --replay) replay "${@:2}" ;;
  --merge) merge "${@:2}" ;;
  --check)
    replay
    export SEED=${SEED:-1}
    fuzz max_total_time "${2:-10}"
    ;;
  --runs) fuzz runs "${2:?how many}" "${@:3}" ;;
  *) fuzz max_total_time "${1:-60}" "${@:2}" ;;
esac
