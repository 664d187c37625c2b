#!/usr/bin/env bash
# The same command in ten surroundings, and with 1, 2, 3 and 7 workers: one SHA-256 each.
#
# Changes between the runs: time zone, language, home, umask, working folder, the order in which the folder
# lists its files, workers, standard input. Runs prepare, convert, eval and score. Needs DSX (default
# .build/release/dsx).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
DSX=$(realpath "${DSX:-$project/.build/release/dsx}")
export DSX_HOME=$project
# shellcheck source=cases.sh
. "$here/cases.sh"
work=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/dsx-repeats.XXXXXX")")
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT

mkdir "$work/data"
for number in 01 02 03 04 05 06 07 08 09 10 11 12; do documents 150 "$number" >"$work/data/$number.txt"; done
awk 'BEGIN { print "id,text,score,label"
  for (i = 1; i <= 20000; i++) printf "%d,\"row %d, 第%d行\",%d.5,c%d\n", i, i, i, i, i % 3 }' >"$work/table.csv"

zones=(UTC Asia/Shanghai America/St_Johns Pacific/Kiritimati Europe/Berlin Asia/Kathmandu America/Los_Angeles Africa/Cairo Australia/Lord_Howe Etc/GMT+12)
languages=(C C.UTF-8 tr_TR.UTF-8 zh_CN.UTF-8 de_DE.UTF-8 ar_EG.UTF-8 ja_JP.eucJP POSIX fr_FR sv_SE.UTF-8)
masks=(022 077 002 027 000 022 066 007 037 077)
worker_counts=(1 2 3 7 1 2 3 7 2 1)

# One run of all commands in a folder of its own; prints a line a command: its name and one SHA-256.
surrounding() {
  local number=$1 folder=$work/run$1/a/b
  [ $((number % 2)) -eq 0 ] && folder="$work/run$1/ü 文件夹"
  mkdir -p "$folder/in" "$work/home$number"
  # Made in another order, most file systems list them in another one.
  local file
  for file in $(ls "$work/data" | if [ $((number % 3)) -eq 0 ]; then sort -r; else shuf --random-source=<(yes "$number"); fi); do
    cp "$work/data/$file" "$folder/in/$file"
  done
  cp "$work/table.csv" "$folder/in/t.csv"
  cd "$folder"
  umask "${masks[number]}"
  local workers=${worker_counts[number]}
  local dsx=(env -i "PATH=$PATH" "DSX_HOME=$project" "HOME=$work/home$number" "TZ=${zones[number]}"
    "LANG=${languages[number]}" "LC_ALL=${languages[number]}" "$DSX")
  "${dsx[@]}" prepare --input 'in/*.txt' --seq-length 129 --shard-bytes 20000 --dedup exact --shuffle rows \
    --workers "$workers" --output p/set.mindrecord 2>err </dev/null || { cat err; return 1; } >&2
  "${dsx[@]}" datasets convert in/t.csv --shards 3 --output c/set.mindrecord >/dev/null 2>err || { cat err; return 1; } >&2
  "${dsx[@]}" eval --no-cache --model nanogpt_zh --dataset ddtp_zh --limit 70 --workers "$workers" \
    --output e/run >/dev/null 2>err || { cat err; return 1; } >&2
  mkdir s
  "${dsx[@]}" score --metrics bleu,chrf --samples 100 --threads "$workers" --hyp in/01.txt --ref in/02.txt \
    --save-state s/state.json --format json >out.json 2>err || { cat err; return 1; } >&2
  local part
  for part in p c e s; do
    echo "$part $(cd "$part" && digest_all | sort | sha256sum | cut -c 1-64)"
  done
  echo "stdout $(sha256sum <out.json | cut -c 1-64)"
}

for number in 0 1 2 3 4 5 6 7 8 9; do
  (surrounding "$number") >"$work/digests.$number" || { echo "repeats: run $number failed" >&2; exit 1; }
done
names=("p:dsx prepare" "c:dsx datasets convert" "e:dsx eval" "s:dsx score" "stdout:dsx score's output")
failed=0
for name in "${names[@]}"; do
  key=${name%%:*}
  count=$(cat "$work"/digests.* | awk -v key="$key" '$1 == key { print $2 }' | sort | uniq | wc -l)
  digest=$(awk -v key="$key" '$1 == key { print $2 }' "$work/digests.0")
  if [ "$count" -eq 1 ] && [ -n "$digest" ]; then
    echo "repeats: ${name#*:}: 10 surroundings, workers 1, 2, 3, 7: one SHA-256, $digest"
  else
    echo "repeats: ${name#*:}: $count different results" >&2
    failed=1
  fi
done
exit "$failed"
