#!/usr/bin/env bash
# The API references of the rooms Records and Metrics, with their articles, as static web pages in .build/docs.
set -euo pipefail
cd "$(dirname "$0")/.."
docc=${DOCC:-$(dirname "$(command -v swift)")/docc}
[ -x "$docc" ] || { echo "docs: no docc beside swift; set DOCC" >&2; exit 2; }
rm -rf .build/docs
for room in Records Metrics; do
  graphs=.build/symbol-graphs/$room
  rm -rf "$graphs"
  mkdir -p "$graphs"
  # DSXCore is needed for the types that the room shows; symbol graphs of other rooms stay out.
  swift build --target "$room" -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir \
    -Xswiftc "$graphs" --scratch-path ".build/docs-build-$room"
  find "$graphs" -type f ! -name "$room*" -delete
  "$docc" convert "Sources/$room/$room.docc" --additional-symbol-graph-dir "$graphs" \
    --fallback-display-name "$room" --fallback-bundle-identifier "dsx.$room" \
    --output-path ".build/docs/$room" --warnings-as-errors
  page=$(echo "$room" | tr '[:upper:]' '[:lower:]')
  echo ".build/docs/$room/documentation/$page (serve it: python3 -m http.server -d .build/docs/$room)"
done
