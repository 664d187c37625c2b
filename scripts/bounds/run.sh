#!/usr/bin/env bash
# Does memory grow with the data? Runs dsx on generated input of two sizes in a memory cgroup and prints, for
# each job: peak memory, seconds and CPU seconds a GB, and how the larger run compares with the smaller one.
#
#   scripts/bounds/run.sh                    1 GB and 10 GB, every job
#   SIZES='500 2000' scripts/bounds/run.sh prepare score
#
# Jobs: prepare convert records score score-table. The limit is 256 MB and 64 MB a worker (WORKERS, default
# 2), page cache included: more than that, and the system kills the run. Without the right to make a cgroup
# the peak is watched instead. Needs DSX (default .build/release/dsx), clang or cc, and four times the
# larger size of free disk in FOLDER (default TMPDIR); everything is removed at the end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
export DSX_HOME=$project LC_ALL=C
DSX=$(realpath "${DSX:-$project/.build/release/dsx}")
workers=${WORKERS:-2}
limit=$(((256 + 64 * workers) << 20))
read -r small large <<<"${SIZES:-1000 10000}"
jobs=("$@")
[ ${#jobs[@]} -gt 0 ] || jobs=(prepare convert records score score-table)
work=$(mktemp -d "${FOLDER:-${TMPDIR:-/tmp}}/dsx-bounds.XXXXXX")
group=
# shellcheck disable=SC2329
clean() {
  rm -rf "$work"
  [ -z "$group" ] || rmdir "$group" 2>/dev/null || true
}
trap clean EXIT
"$(command -v clang || command -v cc)" -O2 -o "$work/generate" "$here/generate.c"

# A group of our own below the one that we are in: version 1 or 2, whichever the machine has.
make_group() {
  local path
  path=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
  if [ -n "$path" ] && mkdir "/sys/fs/cgroup/memory$path/dsx-bounds.$$" 2>/dev/null; then
    group=/sys/fs/cgroup/memory$path/dsx-bounds.$$
    echo "$limit" >"$group/memory.limit_in_bytes" && return
    rmdir "$group"
  fi
  path=$(sed -n 's/^0:://p' /proc/self/cgroup)
  if [ -n "$path" ] && mkdir "/sys/fs/cgroup$path/dsx-bounds.$$" 2>/dev/null; then
    group=/sys/fs/cgroup$path/dsx-bounds.$$
    [ -e "$group/memory.max" ] && echo "$limit" >"$group/memory.max" && return
    rmdir "$group"
  fi
  group=
}
make_group 2>/dev/null
[ -n "$group" ] && echo "bounds: in a memory cgroup of $((limit >> 20)) MiB" ||
  echo "bounds: no memory cgroup can be made here: the peak is watched, not enforced"

# Runs a command in the group. Sets: peak (MB of anonymous memory), seconds, cpu (seconds).
measure() {
  local id now peak_kb=0 code=0 times=$work/times
  (
    [ -z "$group" ] || echo "$BASHPID" >"$group/cgroup.procs"
    TIMEFORMAT='%R %U %S'
    time "$DSX" "$@" >"$work/out" 2>"$work/err"
  ) 2>"$times" &
  id=$!
  while kill -0 "$id" 2>/dev/null; do
    now=$(cat "/proc/$(pgrep -P "$id" | head -n 1)/status" 2>/dev/null | awk '/^RssAnon/ { print $2 }') || true
    [ "${now:-0}" -gt "$peak_kb" ] && peak_kb=$now
    sleep 0.2
  done
  wait "$id" || code=$?
  if [ "$code" -ne 0 ]; then
    echo "bounds: dsx $* ended with $code" >&2
    head -c 600 "$work/err" >&2
    return 1
  fi
  peak=$((peak_kb * 1024 / 1000000))
  read -r seconds cpu < <(awk 'END { print $1, $2 + $3 }' "$times")
}

# The input of a job and its commands, in `steps`, one a line.
input() {
  local job=$1 size=$2
  case $job in
  prepare) "$work/generate" text "$size" 1 >"$work/in.txt" ;;
  convert) "$work/generate" csv "$size" 2 >"$work/in.csv" ;;
  records)
    "$work/generate" jsonl "$size" 3 >"$work/in.jsonl"
    echo '{"id": {"type": "int64"}, "text": {"type": "string"}, "score": {"type": "float64"}, "label": {"type": "int32"}}' >"$work/schema.json"
    ;;
  score | score-interval)
    "$work/generate" hyp $((size / 2)) 4 >"$work/in.hyp"
    "$work/generate" ref $((size / 2)) 4 >"$work/in.ref"
    local lines
    lines=$(wc -l <"$work/in.ref")
    [ "$(wc -l <"$work/in.hyp")" -lt "$lines" ] && lines=$(wc -l <"$work/in.hyp")
    for side in hyp ref; do head -n "$lines" "$work/in.$side" >"$work/cut" && mv "$work/cut" "$work/in.$side"; done
    ;;
  score-table) "$work/generate" csv "$size" 5 | awk -F, 'BEGIN { OFS = "," } NR == 1 { print $0 ",prediction" } NR > 1 { print $0 ",c" (NR % 16) }' >"$work/in.csv" ;;
  esac
}
run_job() {
  case $1 in
  prepare) measure prepare --input "$work/in.txt" --seq-length 1025 --tokenizer sentencepiece --workers "$workers" --output "$work/out.mindrecord" ;;
  convert) measure datasets convert "$work/in.csv" --output "$work/out.mindrecord" ;;
  records)
    measure records write --schema "$work/schema.json" --input "$work/in.jsonl" --output "$work/out.mindrecord"
    local first_peak=$peak first_seconds=$seconds first_cpu=$cpu
    measure records verify "$work/out.mindrecord"
    [ "$first_peak" -gt "$peak" ] && peak=$first_peak
    seconds=$(awk -v a="$first_seconds" -v b="$seconds" 'BEGIN { print a + b }')
    cpu=$(awk -v a="$first_cpu" -v b="$cpu" 'BEGIN { print a + b }')
    ;;
  score) measure score --metrics bleu,chrf --interval none --threads "$workers" --hyp "$work/in.hyp" --ref "$work/in.ref" ;;
  score-interval) measure score --metrics bleu --threads "$workers" --hyp "$work/in.hyp" --ref "$work/in.ref" ;;
  score-table) measure score --metrics accuracy,macro-f1 --threads "$workers" --input "$work/in.csv" --column label=label --column prediction=prediction ;;
  *) echo "bounds: unknown job $1" >&2; return 2 ;;
  esac
}

printf '%-14s %6s %9s %8s %9s\n' job MB 'peak MB' s/GB 'CPU s/GB'
failed=0
for job in "${jobs[@]}"; do
  per=() cpus=() peaks=()
  for size in "$small" "$large"; do
    input "$job" "$size"
    if ! run_job "$job"; then
      failed=1
      break
    fi
    rm -rf "$work"/in.* "$work"/out*
    if [ "$peak" -gt $((limit / 1000000)) ]; then
      echo "bounds: $job of $size MB took $peak MB, more than $((limit / 1000000))" >&2
      failed=1
    fi
    per+=("$(awk -v s="$seconds" -v m="$size" 'BEGIN { printf "%.2f", s * 1000 / m }')")
    cpus+=("$(awk -v s="$cpu" -v m="$size" 'BEGIN { printf "%.2f", s * 1000 / m }')")
    peaks+=("$peak")
    printf '%-14s %6d %9d %8s %9s\n' "$job" "$size" "$peak" "${per[-1]}" "${cpus[-1]}"
  done
  rm -rf "$work"/in.* "$work"/out*
  [ ${#per[@]} -eq 2 ] || continue
  awk -v job="$job" -v a="${per[0]}" -v b="${per[1]}" -v c="${cpus[0]}" -v d="${cpus[1]}" -v p="${peaks[0]}" -v q="${peaks[1]}" \
    'BEGIN { printf "%-14s larger to smaller: time %.2f, CPU %.2f a GB, peak %.2f\n", job, b / a, d / c, q / (p > 0 ? p : 1); exit d / c > 1.1 }' || {
    echo "bounds: $job takes more than 1.1 times the CPU seconds a GB" >&2
    failed=1
  }
done
exit "$failed"
