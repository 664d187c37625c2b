"""Runs in the environment of lm-eval 0.4.13: its own evaluator on a model folder and on tasks that are
written here, in the same data that dsx reads.

Arguments: the model folder, a folder with choices.jsonl and texts.jsonl. Prints one JSON object with the
results and samples of both tasks.
"""

import json
import os
import pathlib
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"

import lm_eval
from lm_eval.tasks import TaskManager

CHOICES = """task: dsx_choices
dataset_path: json
dataset_kwargs:
  data_files:
    test: {folder}/choices.jsonl
test_split: test
output_type: multiple_choice
doc_to_text: "Question: {{{{question}}}}\\nAnswer:"
doc_to_choice: choices
doc_to_target: answer
target_delimiter: " "
metric_list:
  - metric: acc
  - metric: acc_norm
"""

TEXTS = """task: dsx_texts
dataset_path: json
dataset_kwargs:
  data_files:
    test: {folder}/texts.jsonl
test_split: test
output_type: loglikelihood_rolling
doc_to_text: ""
doc_to_target: "{{{{text}}}}"
metric_list:
  - metric: word_perplexity
  - metric: byte_perplexity
  - metric: bits_per_byte
"""


def main(model, folder):
    folder = pathlib.Path(folder)
    (folder / "choices.yaml").write_text(CHOICES.format(folder=folder), encoding="utf-8")
    (folder / "texts.yaml").write_text(TEXTS.format(folder=folder), encoding="utf-8")
    found = lm_eval.simple_evaluate(
        model="hf",
        model_args={"pretrained": model, "dtype": "float32", "device": "cpu"},
        tasks=["dsx_choices", "dsx_texts"],
        task_manager=TaskManager(include_path=str(folder), include_defaults=False),
        batch_size=1,
        bootstrap_iters=0,
        log_samples=True,
    )
    samples = found["samples"]
    json.dump(
        {
            "version": lm_eval.__version__,
            "choices": found["results"]["dsx_choices"],
            "texts": found["results"]["dsx_texts"],
            "choice_samples": [
                [[float(pair[0]), bool(pair[1])] for pair in sample["filtered_resps"]]
                for sample in sorted(samples["dsx_choices"], key=lambda one: one["doc_id"])
            ],
            "text_samples": [
                float(sample["filtered_resps"][0])
                for sample in sorted(samples["dsx_texts"], key=lambda one: one["doc_id"])
            ],
        },
        sys.stdout,
    )


main(*sys.argv[1:])
