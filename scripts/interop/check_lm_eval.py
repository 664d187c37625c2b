"""lm-eval 0.4.13 on the same model folder and the same texts gives the log-likelihoods, acc, acc_norm and
perplexities of `dsx eval`, to 1e-4.

Choices: which of four first sentences answers a question of debfaq_cmrc, in lm-eval's own prompt. Texts:
tang_ppl and handbook_ppl, in rolling windows.
"""

import json
import os
import pathlib
import subprocess
import tempfile

from checks import ROOT, Skip, check, dsx, expect

HERE = pathlib.Path(__file__).resolve().parent
MODEL = "models/nanogpt_zh"
TOLERANCE = 1e-4


def lm_eval_python():
    """The python of lm-eval's own environment."""
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    environment = dict(
        os.environ,
        DSX_INTEROP_REQUIREMENTS=str(HERE / "requirements-lm-eval.txt"),
        DSX_INTEROP_VENV=os.environ.get("DSX_LM_EVAL_VENV")
        or str(pathlib.Path(cache) / "dsx" / "lm-eval-venv"),
    )
    if python := os.environ.get("DSX_LM_EVAL_PYTHON"):
        return python
    made = subprocess.run([HERE / "venv.sh"], env=environment, capture_output=True, text=True)
    if made.returncode != 0:
        raise Skip("no environment for lm-eval 0.4.13")
    return made.stdout.strip()


def write_lines(path, rows):
    path.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )


def choices():
    """Questions with four first sentences, of which one answers them."""
    data = json.loads((ROOT / "datasets/debfaq_cmrc/dev.json").read_text(encoding="utf-8"))["data"]
    pairs = [
        (qa["question"], qa["answers"][0]["text"])
        for article in data
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]
    rows = []
    for place, (question, answer) in enumerate(pairs):
        others = [pairs[(place + step) % len(pairs)][1] for step in (3, 7, 11)]
        right = place % 4
        rows.append(
            {
                "question": question,
                "choices": others[:right] + [answer] + others[right:],
                "answer": right,
            }
        )
    return rows


def texts():
    rows = []
    for name in ("tang_ppl", "handbook_ppl"):
        lines = (ROOT / "datasets" / name / "dev.jsonl").read_text(encoding="utf-8").splitlines()
        rows += [json.loads(line)["text"] for line in lines]
    return [{"id": place, "text": text} for place, text in enumerate(rows)]


def run(folder, name, data, *options):
    """Results by metric, and the lines of predictions.jsonl."""
    output = folder / name
    dsx(
        "eval", "--no-cache", "--model", MODEL, "--dataset", data, "--output", output, *options
    )
    report = json.loads((output / "report.json").read_text(encoding="utf-8"))
    lines = (output / "predictions.jsonl").read_text(encoding="utf-8").splitlines()
    return {one["metric"]: one["value"] for one in report["results"]}, [*map(json.loads, lines)]


def near(ours, theirs, what):
    """Written so that NaN fails too."""
    bound = TOLERANCE * max(1, abs(theirs))
    expect(abs(ours - theirs) <= bound, f"{what}: {ours} instead of {theirs}")
    return abs(ours - theirs)


with tempfile.TemporaryDirectory() as place:
    folder = pathlib.Path(place)
    write_lines(folder / "choices.jsonl", choices())
    write_lines(folder / "texts.jsonl", texts())
    wanted = None
    with check("lm-eval-runs") as note:
        done = subprocess.run(
            [lm_eval_python(), HERE / "lm_eval_scores.py", ROOT / MODEL, folder],
            capture_output=True,
            text=True,
        )
        expect(done.returncode == 0, done.stderr.strip()[-400:])
        wanted = json.loads(done.stdout.splitlines()[-1])
        expect(wanted["version"] == "0.4.13", wanted["version"])
        note(f"lm-eval {wanted['version']}")

    with check("lm-eval-choices") as note:
        if wanted is None:
            raise Skip("lm-eval did not run")
        # A prompt is not empty, so lm-eval puts nothing before it.
        found, lines = run(
            folder, "out-choices", folder / "choices.jsonl", "--task", "multiple_choice", "--bos", "off"
        )
        theirs = wanted["choice_samples"]
        expect(len(lines) == len(theirs), f"{len(lines)} questions for {len(theirs)}")
        worst = 0.0
        for place, (line, pairs) in enumerate(zip(lines, theirs)):
            for choice, (ours, pair) in enumerate(zip(line["log_likelihoods"], pairs)):
                worst = max(worst, near(ours, pair[0], f"question {place}, choice {choice}"))
            expect(
                line["greedy"] == [pair[1] for pair in pairs], f"question {place}: other greedy marks"
            )
        near(found["acc"], wanted["choices"]["acc,none"], "acc")
        near(found["acc-norm"], wanted["choices"]["acc_norm,none"], "acc_norm")
        note(f"{len(lines)} questions, acc {found['acc']:.3f}, acc_norm {found['acc-norm']:.3f}")
        note(f"largest difference {worst:.1e}")

    with check("lm-eval-perplexities") as note:
        if wanted is None:
            raise Skip("lm-eval did not run")
        found, lines = run(
            folder, "out-texts", folder / "texts.jsonl", "--task", "tang_ppl", "--bos", "on"
        )
        theirs = wanted["text_samples"]
        expect(len(lines) == len(theirs), f"{len(lines)} texts for {len(theirs)}")
        worst = 0.0
        for place, (line, other) in enumerate(zip(lines, theirs)):
            worst = max(worst, near(-line["nll"], other, f"text {place}") / max(1, abs(other)))
        for ours, other in (
            ("word-perplexity", "word_perplexity"),
            ("byte-perplexity", "byte_perplexity"),
            ("bits-per-byte", "bits_per_byte"),
        ):
            value = wanted["texts"][other + ",none"]
            ratio = found[ours] / value
            expect(abs(ratio - 1) <= 10 * TOLERANCE, f"{ours}: {found[ours]} instead of {value}")
        note(f"{len(lines)} texts, bits per byte {found['bits-per-byte']:.6f}")
        note(f"largest relative difference {worst:.1e}")
