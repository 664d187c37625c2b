#!/usr/bin/env bash
# The main job on shipped data: text to records, records to text again, a model to a score, a report.
set -euo pipefail
dsx=${DSX:?the dsx binary}
out=${DEMO_OUTPUT:-.build-demo}
mkdir -p "$out"

step() { printf '\n\033[1m%s\033[0m\n' "$*" >&2; }
[ -t 2 ] && [ -z "${NO_COLOR:-}" ] || step() { printf '\n%s\n' "$*" >&2; }

step "1. Text to records: the Chinese and the English handbook excerpts, rows of 1025 token ids"
"$dsx" prepare --input 'datasets/handbook_texts/*.txt' --seq-length 1025 \
  --output "$out/handbook.mindrecord" --overwrite

step "2. What is inside"
"$dsx" records info "$out/handbook.mindrecord"
"$dsx" records head -n 1 --decode "$out/handbook.mindrecord" | cut -c 1-300
"$dsx" records verify "$out/handbook.mindrecord"

step "3. A model folder to a score: topic classification of 141 Chinese package descriptions"
"$dsx" eval --model models/nanogpt_zh --dataset ddtp_zh --output "$out/ddtp_zh" --overwrite

step "4. Perplexity on the Debian FAQ"
"$dsx" eval --model models/nanogpt_zh --dataset debfaq_ppl --output "$out/debfaq_ppl" --overwrite

step "The reports are ready, open them in a browser:"
for report in "$out"/*/report.html; do echo "  $report"; done
