"""Runs the check files, each in a process of its own, and counts what they say.

A process each, because a damaged record file can crash MindSpore: that must fail one check file and
not hide the others. Arguments choose check files by a part of their name.
"""

import os
import pathlib
import re
import subprocess
import sys

FILES = [
    "check_mindspore_reads.py",
    "check_dsx_reads.py",
    "check_likelihood.py",
    "check_lm_eval.py",
    "check_generate.py",
    "check_pangu.py",
    "check_causal.py",
    "check_records_random.py",
    "check_jieba.py",
    "check_sentencepiece.py",
    "check_tokenizers.py",
    "check_quality.py",
    "check_metrics.py",
    "check_text_metrics.py",
    "check_significance.py",
    "check_datasets.py",
    "check_pipelines.py",
    "check_tables.py",
    "check_weights.py",
    "check_weight_parts.py",
    "check_encoders.py",
    "check_encoder_settings.py",
    "check_vision.py",
]
LINE = re.compile(r"(pass|FAIL|skip) \S")


def lines_of(path):
    """The result lines of one check file; a bad exit status becomes a line of its own."""
    # A peer's thread pools and warnings are not what is checked.
    environment = dict(os.environ, GLOG_v="3", TOKENIZERS_PARALLELISM="false", HF_HUB_OFFLINE="1")
    command = [sys.executable, "-B", "-W", "ignore", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    for line in process.stdout:
        if LINE.match(line):
            yield line.rstrip("\n")
        else:
            sys.stderr.write(line)
    if process.wait() != 0:
        yield f"FAIL {path.stem} ended with status {process.returncode}"


def main():
    folder = pathlib.Path(__file__).parent
    chosen = [name for name in FILES if not sys.argv[1:] or any(a in name for a in sys.argv[1:])]
    count = {"pass": 0, "FAIL": 0, "skip": 0}
    for name in chosen:
        for line in lines_of(folder / name):
            print(line, flush=True)
            count[line[:4]] += 1
    print(f"{count['pass']} passed, {count['FAIL']} failed, {count['skip']} skipped")
    nothing = count["pass"] + count["FAIL"] == 0 and os.environ.get("ALLOW_SKIP") != "1"
    skipped = count["skip"] > 0 and os.environ.get("ALLOW_SKIP") != "1"
    sys.exit(1 if count["FAIL"] or skipped or nothing else 0)


if __name__ == "__main__":
    main()
