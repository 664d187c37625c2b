#!/usr/bin/env bash
# Installs the binary to PREFIX/bin and what it ships to PREFIX/share/dsx, where the binary looks.
#   install.sh BUILD_FOLDER PREFIX
set -euo pipefail
bin=$1 prefix=$2
share=$prefix/share/dsx

install -d "$prefix/bin" "$share"
install -s -m 0755 "$bin/dsx" "$prefix/bin/dsx"
for room in Jieba Text; do
  install -d "$share/$room"
  cp "Sources/$room/Resources/"* "$share/$room/"
done
for folder in datasets models; do
  install -d "$share/$folder"
  cp -r "$folder/." "$share/$folder/"
done
cp LICENSE NOTICE.md "$share/"
install -d "$share/docs"
cp -r docs/licenses "$share/docs/"
chmod -R u+w,go+rX "$share"
echo "installed $prefix/bin/dsx and $share"
