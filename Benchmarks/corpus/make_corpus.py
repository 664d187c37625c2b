#!/usr/bin/env python3
"""Makes the benchmark corpus: real Chinese and English text from Debian 12's documentation.

The packages (see `sources.py`) are downloaded with `apt-get download` and read without being
installed. Output: one `LANGUAGE-PACKAGE.txt` a package and language, UTF-8, LF, paragraphs
separated by one blank line, no paragraph twice in the whole corpus; beside them `SHA256SUMS` and
`PACKAGES` (the versions used). The same package versions give the same bytes.

    python3 Benchmarks/corpus/make_corpus.py                 # into the cache folder
    python3 Benchmarks/corpus/make_corpus.py --output DIR --megabytes 20

Chinese text is taken whole; English fills up to --megabytes in total.
"""

import argparse
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

import extract
from sources import SOURCES


def default_output():
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "dsx" / "bench-corpus"


def download(packages, folder):
    """The package files in `folder`, downloaded where they are not there yet: {name: path}."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in packages if not list(folder.glob(f"{name}_*.deb"))]
    if missing:
        # As root apt would drop its rights and then fail to write into this folder.
        command = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", *missing]
        done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL)
        if done.returncode:
            sys.exit("make_corpus: apt-get download failed; run 'apt-get update' once and try again")
    return {name: sorted(folder.glob(f"{name}_*.deb"))[-1] for name in packages}


def members(package, pattern):
    """The wanted regular files of a package, sorted by path: [(path, bytes)]."""
    wanted = re.compile(pattern)
    found = []
    unpack = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=unpack.stdout, mode="r|") as archive:
        for member in archive:
            if member.isfile() and wanted.search(member.name):
                found.append((member.name, archive.extractfile(member).read()))
    if unpack.wait():
        sys.exit(f"make_corpus: dpkg-deb cannot read {package}")
    return sorted(found)


def paragraphs(package, pattern, kind):
    read = getattr(extract, kind)
    for path, data in members(package, pattern):
        try:
            for raw in read(data):
                if text := extract.tidy(raw):
                    yield text
        except UnicodeDecodeError:
            print(f"make_corpus: not UTF-8, left out: {path}", file=sys.stderr)


def build(packages, limit):
    """{(language, package): [paragraph]} with every paragraph once, and the bytes per language."""
    seen, corpus, size = set(), {}, {"zh": 0, "en": 0}
    chinese_and_english = {}
    for name, pattern, kind in SOURCES:
        for text in paragraphs(packages[name], pattern, kind):
            # Case, blanks and digits do not make another text ("Table 1" and "Table 2").
            key = hashlib.sha256(re.sub(r"[\s\d]", "", text).casefold().encode()).digest()[:12]
            if key not in seen:
                seen.add(key)
                place = (extract.language(text), name)
                chinese_and_english.setdefault(place, []).append(text)
    # Chinese first, so that English gets what is left of the limit.
    for place in sorted(chinese_and_english, key=lambda place: place[0] != "zh"):
        language = place[0]
        for text in chinese_and_english[place]:
            length = len(text.encode()) + 2
            if language == "zh" or sum(size.values()) + length <= limit:
                corpus.setdefault(place, []).append(text)
                size[language] += length
    return corpus, size


def write(corpus, packages, output):
    """Writes into a new folder and puts it in place at the end, so that no half corpus is left."""
    output.parent.mkdir(parents=True, exist_ok=True)
    fresh = pathlib.Path(tempfile.mkdtemp(prefix=".corpus-", dir=output.parent))
    sums = []
    for language, name in sorted(corpus):
        data = ("\n\n".join(corpus[language, name]) + "\n").encode()
        (fresh / f"{language}-{name}.txt").write_bytes(data)
        sums.append(f"{hashlib.sha256(data).hexdigest()}  {language}-{name}.txt")
    (fresh / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    names = sorted(path.name.replace("%3a", ":") for path in packages.values())
    (fresh / "PACKAGES").write_text("\n".join(names) + "\n")
    fresh.chmod(0o755)
    shutil.rmtree(output, ignore_errors=True)
    fresh.rename(output)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--output", type=pathlib.Path, default=default_output())
    options.add_argument("--packages", type=pathlib.Path, help="keep the package files here")
    options.add_argument("--megabytes", type=float, default=50, help="size of the corpus (MB)")
    options.add_argument("--force", action="store_true", help="make it again")
    arguments = options.parse_args()
    output = arguments.output

    if (output / "SHA256SUMS").exists() and not arguments.force:
        check = subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=output)
        if check.returncode == 0:
            print(f"make_corpus: already there: {output}")
            report(output)
            return
    if output.exists() and any(output.iterdir()) and not (output / "SHA256SUMS").exists():
        sys.exit(f"make_corpus: {output} is not a corpus folder, and not empty")

    names = [name for name, _, _ in SOURCES]
    with tempfile.TemporaryDirectory() as temporary:
        packages = download(names, arguments.packages or pathlib.Path(temporary))
        corpus, _ = build(packages, arguments.megabytes * 1e6)
        write(corpus, packages, output)
    report(output)


def report(output):
    print((output / "SHA256SUMS").read_text(), end="")
    for language in ("zh", "en"):
        files = sorted(output.glob(f"{language}-*.txt"))
        size = sum(file.stat().st_size for file in files)
        print(f"{language}: {size} bytes in {len(files)} files")


if __name__ == "__main__":
    main()
