"""Runs in the environment of modelscope 1.9.5: reads calls as JSON lines from standard input, loads each
with the real MsDataset and writes the splits with their features and rows as JSON lines.

A call is {"name", "kwargs", "cache"}. With `cache`, a folder in ModelScope's cache layout, the data set's
own descriptor is used: the hub is not asked, tables are served from that folder by a server of our own.
"""

import base64
import functools
import http.server
import json
import os
import sys
import threading

import datasets
from modelscope.hub.api import HubApi
from modelscope.msdatasets import MsDataset


def value(item):
    if isinstance(item, dict) and set(item) == {"bytes", "path"}:
        data = item["bytes"]
        if data is None:
            with open(item["path"], "rb") as file:
                data = file.read()
        return {"base64": base64.b64encode(data).decode()}
    return item


def split(loaded):
    rows = loaded._hf_ds
    for name, feature in list(rows.features.items()):
        if isinstance(feature, datasets.Image):
            rows = rows.cast_column(name, datasets.Image(decode=False))
    features = {
        name: feature.names if isinstance(feature, datasets.ClassLabel) else type(feature).__name__
        if isinstance(feature, datasets.Image) else str(feature)
        for name, feature in loaded._hf_ds.features.items()
    }
    return {
        "features": features,
        "rows": [{name: value(item) for name, item in row.items()} for row in rows],
    }


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *arguments):
        pass


@functools.lru_cache(maxsize=None)
def address(folder):
    """The address of a server of that folder."""
    handler = functools.partial(Quiet, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def load(call):
    if call.get("cache"):
        folder = call["cache"]
        HubApi.list_oss_dataset_objects = lambda *a, **k: []
        HubApi.dataset_download_statistics = lambda *a, **k: None
        HubApi.get_dataset_access_config = lambda *a, **k: {}
        HubApi.get_dataset_file_url = lambda self, file_name, *a, **k: (
            f"{address(folder)}/{file_name}" if file_name.endswith((".csv", ".jsonl")) else file_name
        )
    loaded = MsDataset.load(call["name"], **call["kwargs"])
    if isinstance(loaded, dict):
        return {name: split(part) for name, part in loaded.items()}
    return {"": split(loaded)}


def main():
    out = os.dup(1)
    os.dup2(2, 1)  # Their progress and warnings are no results.
    with os.fdopen(out, "w", encoding="utf-8") as results:
        for line in sys.stdin:
            try:
                answer = load(json.loads(line))
            except Exception as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            results.write(json.dumps(answer, ensure_ascii=False) + "\n")
            results.flush()


if __name__ == "__main__":
    main()
