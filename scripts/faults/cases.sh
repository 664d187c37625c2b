# The commands that faults are injected into. Sourced; every case NAME has three functions:
#
#   NAME_start     makes the folder's content before the command (run once, copied for each point)
#   NAME_command   sets `words`, the words behind `dsx`; run in the folder
#   NAME_digest    prints `path sha256` (or other facts) of everything that has to come out equal
#
# Paths are relative, so that the folder's place changes nothing.

cases=(prepare shuffle merge convert convert-merge append eval eval-merge history recipe score large)

# Every file and folder below the current one, hidden ones too, with the SHA-256 of the files.
digest_all() {
  find . -mindepth 1 -type d -printf '%P/ folder\n'
  find . -type f ! -name '*report.*' ! -name junit.xml -print0 | xargs -0 -r sha256sum |
    sed -E 's/^([0-9a-f]+)  \.\/(.*)$/\2 \1/'
  # Reports have the moment and the duration of the run in one object, and in their pages.
  local file
  while read -r file; do
    case $file in
    *.json) echo "$file $(without_runtime "$file" | sha256sum | cut -c 1-64)" ;;
    *.html) echo "$file $(tail -c 8 "$file" | tr -d '\n')" ;;
    *) echo "$file $(sed -E 's/ time(stamp)?="[^"]*"//g; s/[-0-9\\]{10,12} [0-9:]+ UTC//' "$file" | sha256sum | cut -c 1-64)" ;;
    esac
  done < <(find . -type f \( -name '*report.*' -o -name junit.xml \) -printf '%P\n')
}

without_runtime() { awk '/^  "runtime": \{/ { skips = 1 } !skips { print } skips && /^  \}/ { skips = 0 }' "$1"; }

# A plan knows the folder that it was made in; this is a copy of that. Changes nothing the second time.
plan_here() {
  grep -qs "\"folder\": \"$PWD\"" out/*.work/plan.json ||
    sed -i "s|\"folder\": \"[^\"]*\"|\"folder\": \"$PWD\"|" out/*.work/plan.json 2>/dev/null || true
}

# A text of so many documents, English and Chinese.
documents() {
  awk -v count="$1" -v seed="$2" 'BEGIN {
    for (i = 1; i <= count; i++)
      printf "Document %d of %s speaks of rows and of the words in them.\n第%d篇文章说的是数据和词语。\n\n", i, seed, i
  }'
}

# --- dsx prepare, four shards ---------------------------------------------------------------
prepare_start() {
  mkdir in out
  documents "${DOCUMENTS:-110}" one >in/a.txt
  documents "${DOCUMENTS:-110}" two >in/b.txt
}
prepare_command() {
  words=(prepare --input 'in/*.txt' --seq-length 64 --tokenizer sentencepiece
    --shard-bytes "${SHARD_BYTES:-6000}" --workers 1 --output out/p.mindrecord)
}
prepare_digest() { digest_all; }

# --- the same with documents dropped and rows shuffled: three steps and a validation set ------
shuffle_start() { prepare_start; }
shuffle_command() {
  words=(prepare --input 'in/*.txt' --seq-length 64 --tokenizer sentencepiece --dedup exact
    --shuffle rows --validation-ratio 0.2 --shard-bytes 12000 --workers 1 --output out/p.mindrecord)
}
shuffle_digest() { digest_all; }

# --- dsx prepare merge of finished parts --------------------------------------------------------
merge_start() {
  prepare_start
  "$DSX" prepare plan --input 'in/*.txt' --seq-length 64 --tokenizer sentencepiece --shard-bytes 6000 \
    --output out/p.mindrecord >/dev/null 2>&1
  "$DSX" prepare run out/p.mindrecord >/dev/null 2>&1
}
merge_command() {
  plan_here
  words=(prepare merge out/p.mindrecord)
}
merge_digest() { digest_all; }

# --- dsx datasets convert, two files ---------------------------------------------------------
convert_start() {
  mkdir in out
  awk 'BEGIN { print "id,text,score,label"
    for (i = 1; i <= 400; i++) printf "%d,\"row %d, 第%d行\",%d.5,c%d\n", i, i, i, i, i % 3 }' >in/t.csv
}
convert_command() { words=(datasets convert in/t.csv --shards 2 --output out/t.mindrecord); }
convert_digest() { digest_all; }

# --- dsx datasets convert merge of finished parts --------------------------------------------------
convert-merge_start() {
  convert_start
  "$DSX" datasets convert plan in/t.csv --shards 2 --shard-rows 150 --output out/t.mindrecord >/dev/null 2>&1
  "$DSX" datasets convert run out/t.mindrecord >/dev/null 2>&1
}
convert-merge_command() {
  plan_here
  words=(datasets convert merge out/t.mindrecord)
}
convert-merge_digest() { digest_all; }

# --- dsx records append, to a set of two files with a manifest --------------------------------
append_start() {
  mkdir in out
  documents 80 one >in/a.txt
  documents 60 two >in/b.txt
  "$DSX" prepare --input in/a.txt --seq-length 16 --tokenizer sentencepiece --file-partition 2 \
    --no-card --output out/a.mindrecord 2>/dev/null
  "$DSX" prepare --input in/b.txt --seq-length 16 --tokenizer sentencepiece --no-card \
    --output in/b.mindrecord 2>/dev/null
}
append_command() { words=(records append out/a.mindrecord0 in/b.mindrecord); }
append_digest() { digest_all; }

# --- dsx eval ---------------------------------------------------------------------------------
eval_start() { mkdir out; }
eval_command() {
  words=(eval --no-cache --model nanogpt_zh --dataset ddtp_zh --limit 70 --threads 1 --output out/run)
}
eval_digest() { digest_all; }

# --- dsx eval merge of finished parts ---------------------------------------------------------------
eval-merge_start() {
  mkdir out
  "$DSX" eval plan --no-cache --model nanogpt_zh --dataset ddtp_zh --limit 70 --threads 1 --shard-examples 40 \
    --output out/run >/dev/null 2>&1
  "$DSX" eval run out/run >/dev/null 2>&1
}
eval-merge_command() {
  plan_here
  words=(eval merge out/run)
}
eval-merge_digest() { digest_all; }

# --- dsx runs add: a second night into a history that has one -----------------------------------
nights_start() {
  printf 'name: tiny\nmodels: [nanogpt_zh]\ndatasets: [{dataset: tang_ppl, limit: 4}]\nreport: [md]\n' >tiny.yaml
  "$DSX" recipe run tiny.yaml --night a >/dev/null 2>&1
}
history_start() {
  nights_start
  cp reports/history.db first.db
  "$DSX" recipe run tiny.yaml --night b >/dev/null 2>&1
  mv first.db reports/history.db
}
history_command() { words=(runs add reports/tiny-b); }
history_digest() {
  digest_all | grep -vE '^reports/history\.db(\.lock)? '
  local table
  for table in runs results gates; do
    "$DSX" runs export --table "$table" | sed "s/^/$table: /"
  done
}

# --- dsx recipe run: cells, reports, history and the index of reports ----------------------------
recipe_start() { nights_start; }
recipe_command() { words=(recipe run tiny.yaml --night b); }
recipe_digest() {
  # What a night says of itself holds its moment; its numbers do not.
  digest_all | sed -E '/\/(report\.(json|html|md)|run\.json|index\.html) /s/ [0-9a-f]+$//; /^reports\/(history\.db|index)/s/ [0-9a-f]+$//'
  without_runtime reports/tiny-b/nanogpt_zh--tang_ppl/report.json 2>/dev/null | sha256sum
  "$DSX" runs export --table results | cut -d , -f 1,2,4-
}

# --- dsx score with its two files ----------------------------------------------------------------
score_start() {
  mkdir in out
  documents 60 one >in/ref.txt
  sed 's/speaks of/tells of/' in/ref.txt >in/hyp.txt
}
score_command() {
  words=(score --metrics bleu,chrf --samples 20 --hyp in/hyp.txt --ref in/ref.txt
    --save-state out/state.json --per-example out/examples.jsonl)
}
score_digest() { digest_all; }

# --- dsx prepare of 16 MB of rows, for full file systems only ---------------------------------------
large_start() {
  mkdir in out
  documents 30000 one >in/a.txt
}
large_command() {
  words=(prepare --input in/a.txt --seq-length 1025 --tokenizer sentencepiece --shard-bytes 1000000
    --output out/p.mindrecord)
}
large_digest() { digest_all; }

# What readers see: no file is anything but an old or a new one. A run's folder grows while it works; its
# `predictions.jsonl` is cut back to whole units by whoever goes on, and `report.json` comes last.
visible() {
  local name=$1
  case $name in
  history | recipe)
    "$DSX" runs check >/dev/null 2>"$ROOT/seen.$BASHPID" || { cat "$ROOT/seen.$BASHPID"; return 1; }
    "$DSX" runs list --format json | grep -q '"id": "tiny-a"' || { echo "the first night is lost"; return 1; }
    ;;
  *)
    "${name}_digest" | grep -vE '(^|/)\.dsx-tmp|\.work/|/ folder$|/predictions\.jsonl ' | sort |
      comm -23 - "$ROOT/known.$name" | sed 's/^/half a file: /' >"$ROOT/seen.$BASHPID"
    [ ! -s "$ROOT/seen.$BASHPID" ] || { cat "$ROOT/seen.$BASHPID"; return 1; }
    ;;
  esac
}
