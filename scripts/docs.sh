#!/usr/bin/env bash
# The API reference of the Records room, with its articles, as static web pages in .build/docs.
set -euo pipefail
cd "$(dirname "$0")/.."
docc=${DOCC:-$(dirname "$(command -v swift)")/docc}
[ -x "$docc" ] || { echo "docs: no docc beside swift; set DOCC" >&2; exit 2; }
graphs=.build/symbol-graphs
rm -rf "$graphs" .build/docs
mkdir -p "$graphs"
# DSXCore is needed for the types that Records shows; symbol graphs of other rooms stay out.
swift build --target Records -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir \
  -Xswiftc "$graphs" --scratch-path .build/docs-build
find "$graphs" -type f ! -name 'Records*' -delete
"$docc" convert Sources/Records/Records.docc --additional-symbol-graph-dir "$graphs" \
  --fallback-display-name Records --fallback-bundle-identifier dsx.Records \
  --output-path .build/docs --warnings-as-errors
echo ".build/docs/documentation/records (serve it: python3 -m http.server -d .build/docs)"
