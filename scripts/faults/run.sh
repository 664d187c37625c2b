#!/usr/bin/env bash
# Fault injection: kills, errors, full disks, read-only folders and vanishing inputs, at every place where
# the commands of cases.sh change a file. After each fault: exit code, message, what readers see; then the same
# command again must leave byte for byte what an undisturbed run leaves, and nothing else.
#
#   scripts/faults/run.sh                   every point
#   FAULTS=subset scripts/faults/run.sh     about 100 of them, evenly spread: under a minute
#   CASES='eval history' KINDS='kill-at error' scripts/faults/run.sh
#
# Needs a release binary (DSX, default .build/release/dsx), clang or cc, strace (else those points are left
# out, which is said), and root for the points with file systems of their own (the same).
# FAULTS_FOLDER is where it works (default /dev/shm, else TMPDIR); JOBS points at a time (2); KEEP=1 leaves
# the folders of failed points.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
# shellcheck source=cases.sh
. "$here/cases.sh"
export LC_ALL=C DSX_HOME=$project
DSX=$(realpath "${DSX:-$project/.build/release/dsx}")
export DSX KEEP=${KEEP:-}
[ -x "$DSX" ] || { echo "faults: there is no $DSX; swift build -c release makes it" >&2; exit 1; }
chosen=${FAULTS:-all}
place=${FAULTS_FOLDER:-$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")}
ROOT=$(realpath "$(mktemp -d "$place/dsx-faults.XXXXXX")")
export ROOT INJECT=$ROOT/inject.so XDG_CACHE_HOME=$ROOT/cache
trap '[ -n "$KEEP" ] || rm -rf "$ROOT"' EXIT
begin=$SECONDS

compiler=$(command -v clang || command -v cc) || { echo "faults: clang or cc is needed" >&2; exit 1; }
"$compiler" -O2 -shared -fPIC -o "$INJECT" "$here/inject.c"

strace_works=1
strace -qq -o /dev/null true 2>/dev/null || strace_works=
[ -n "$strace_works" ] || echo "faults: no strace, or it may not trace here: its kill points are left out"
mounts_work=
mkdir "$ROOT/mount"
if mount -t tmpfs -o size=64k dsx-faults "$ROOT/mount" 2>/dev/null; then
  umount "$ROOT/mount" && mounts_work=1
fi
[ -n "$mounts_work" ] || echo "faults: no right to mount: full and read-only file systems are left out"

# What an undisturbed run leaves, twice: what differs between the two would be no measure.
declare -A sizes
undisturbed() {
  local name=$1 folder
  mkdir "$ROOT/start.$name"
  (cd "$ROOT/start.$name" && "${name}_start")
  for folder in first second; do
    cp -a "$ROOT/start.$name" "$ROOT/$folder"
    (
      cd "$ROOT/$folder"
      "${name}_command"
      "$DSX" "${words[@]}" >/dev/null 2>"$ROOT/err" || { cat "$ROOT/err"; exit 1; }
      "${name}_digest" | sort >"$ROOT/digest.$folder"
      du -sk . | cut -f 1 >"$ROOT/size"
    ) || { echo "faults: $name does not work without any fault" >&2; exit 1; }
    rm -rf "${ROOT:?}/$folder"
  done
  cmp "$ROOT/digest.first" "$ROOT/digest.second" ||
    { diff "$ROOT/digest.first" "$ROOT/digest.second" | head; exit 1; }
  cp "$ROOT/digest.first" "$ROOT/wanted.$name"
  sizes[$name]=$(du -sk "$ROOT/start.$name" | cut -f 1):$(cat "$ROOT/size")
  # Before the command some of its files are missing, which is no fault here.
  (cd "$ROOT/start.$name" && "${name}_digest" 2>/dev/null || true) | cat - "$ROOT/wanted.$name" |
    sort -u >"$ROOT/known.$name"
}

# The points of a case, one a line: CASE KIND DETAIL.
points() {
  local name=$1 folder=$ROOT/count.$1 number call error calls seconds began
  if [ "$name" = large ]; then
    # What the command leaves is about this much: from a megabyte to the whole.
    for ((number = 1; number <= 16; number++)); do
      echo "large full $((${sizes[large]%:*} + 64 + ${sizes[large]#*:} * number / 20))"
    done
    return
  fi
  cp -a "$ROOT/start.$name" "$folder"
  (
    cd "$folder"
    "${name}_command"
    FAULT_UNDER=$folder FAULT_CALLS=open,write,fsync,rename,truncate,unlink,mkdir,close,read \
      FAULT_LOG=$ROOT/log LD_PRELOAD=$INJECT "$DSX" "${words[@]}" >/dev/null 2>&1
  )
  rm -rf "$folder"
  count() { awk -v kinds="$1" 'index(kinds, $2) { n++ } END { print n + 0 }' "$ROOT/log"; }
  # strace: every number that some thread reaches; openat only where something is opened for writing.
  if [ -n "$strace_works" ]; then
    cp -a "$ROOT/start.$name" "$folder"
    (
      cd "$folder"
      "${name}_command"
      calls=write,pwrite64,writev,fsync,fdatasync,rename,renameat2,openat,ftruncate,unlink
      strace -f -qq --seccomp-bpf -o "$ROOT/trace" -e "trace=$calls" -e signal=none "$DSX" "${words[@]}" >/dev/null 2>&1
    )
    rm -rf "$folder"
    awk -v name="$name" '
      $2 ~ /^<\.\.\./ { next }
      { call = $2; sub(/\(.*/, "", call); n = ++seen[$1 " " call]
        if (call == "openat" && !/O_CREAT|O_WRONLY|O_RDWR/) next
        if (!done[call ":" n]++) print name, "kill-at", call ":" n }' "$ROOT/trace"
    rm -f "$ROOT/trace"
  fi
  for ((number = 1; number <= $(count "open write fsync rename truncate unlink mkdir"); number++)); do
    echo "$name kill-call $number"
  done
  # Random moments, from a seed, so that a run can be repeated: 200 in all ("large" takes no part).
  cp -a "$ROOT/start.$name" "$folder"
  began=$EPOCHREALTIME
  (cd "$folder" && "${name}_command" && "$DSX" "${words[@]}" >/dev/null 2>&1)
  seconds=$(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')
  rm -rf "$folder"
  awk -v name="$name" -v seconds="$seconds" -v count="$((200 / (${#cases[@]} - 1)))" \
    'BEGIN { srand(7); for (i = 0; i < count; i++) printf "%s kill-after %.4f\n", name, 0.005 + rand() * seconds }'
  for call in open write fsync rename truncate unlink mkdir close; do
    for error in EIO ENOSPC EINTR; do
      case $call:$error in
      fsync:ENOSPC | close:ENOSPC | unlink:ENOSPC | truncate:ENOSPC) continue ;;
      open:EINTR | rename:EINTR | unlink:EINTR | mkdir:EINTR | truncate:EINTR) continue ;;
      esac
      if [ "$error" = EINTR ]; then
        # Not every call: a write that is always interrupted is tried again for ever, as it must be.
        for number in 2 3 5 7; do echo "$name errors $call:$error:$number"; done
        continue
      fi
      for ((number = 1; number <= $(count "$call"); number++)); do
        echo "$name error $call:$error:$number"
      done
    done
  done
  for number in 1 2 3 7; do echo "$name short $number"; done
  local input
  local every=$(($(count "open write fsync rename truncate unlink mkdir close read") / 20 + 1))
  for input in $(cd "$ROOT/start.$name" && find in -type f ! -name '*.manifest.json' 2>/dev/null | sort); do
    for ((number = 1; number <= every * 20; number += every)); do
      echo "$name vanish $input:$number"
      echo "$name shrink $input:$number"
    done
  done
  rm -f "$ROOT/log"
  [ -n "$mounts_work" ] || return 0
  echo "$name read-only 1"
  # Of the folder before and after the command, in kilobytes: file systems in between are full.
  # A merge takes its work folder away at the end: it needs room for both.
  local before=${sizes[$name]%:*} after=${sizes[$name]#*:}
  [ "$after" -gt "$before" ] || after=$((before + after))
  for number in 0 1 2 3 4 5 6 7 8 9; do
    echo "$name full $((before + 64 + (after - before + 64) * number / 10))"
  done
}

names=${CASES:-${cases[*]}}
[ -n "$mounts_work" ] || names=${names// large/}
for name in $names; do undisturbed "$name"; done
for name in $names; do points "$name"; done >"$ROOT/points"
if [ -n "${KINDS:-}" ]; then
  awk -v kinds=" $KINDS " 'index(kinds, " " $2 " ")' "$ROOT/points" >"$ROOT/some"
  mv "$ROOT/some" "$ROOT/points"
fi
total=$(wc -l <"$ROOT/points")
if [ "$chosen" = subset ]; then
  awk -v total="$total" -v wanted="${POINTS:-100}" \
    'int(NR * wanted / total) > int((NR - 1) * wanted / total)' "$ROOT/points" >"$ROOT/some"
  mv "$ROOT/some" "$ROOT/points"
fi
echo "faults: $(wc -l <"$ROOT/points") of $total points of: $names"

xargs -P "${JOBS:-2}" -L 1 "$here/point.sh" <"$ROOT/points" >"$ROOT/outcomes"
grep -A 1 --no-group-separator '^FAIL' "$ROOT/outcomes" || true
awk '
  /^(ok|unreached|skip|FAIL) / { sub(/:$/, "", $3); n[$2 " " $3]++; all++; state[$1]++; if ($1 != "ok") other[$2 " " $3 " " $1]++ }
  END {
    for (key in n) {
      split(key, parts, " ")
      line = sprintf("%-9s %-11s %5d points", parts[1], parts[2], n[key])
      if (other[key " unreached"]) line = line ", " other[key " unreached"] " ended before it"
      if (other[key " FAIL"]) line = line ", " other[key " FAIL"] " FAILED"
      print line | "sort"
    }
    close("sort")
    printf "faults: %d points: %d as they should be, %d not reached, %d skipped, %d failed\n", all, state["ok"], state["unreached"], state["skip"], state["FAIL"]
    exit state["FAIL"] > 0
  }' "$ROOT/outcomes" && failed=0 || failed=1
echo "faults: $((SECONDS - begin)) s"
exit "$failed"
