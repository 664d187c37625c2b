#!/usr/bin/env python3
"""Writes the sample reports of this folder: every number in them is invented (seed 20261121).

They show the schema (docs/report-schema.md) to those who write reports, and feed the tests and the
screenshots. Usage: python3 make_samples.py
                    python3 make_samples.py --nights COUNT FOLDER   (run folders for an index page)
"""
import hashlib
import json
import math
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).parent
R = random.Random(20261121)
TOOL = "dsx 0.3.0"


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def head(kind, name):
    return {
        "schema": "dsx-evaluation-report",
        "schema_version": 2,
        "kind": kind,
        "identity": sha("identity " + name),
        "tool": TOOL,
    }


def model(name, architecture="gpt2", parameters=1350400):
    return {"name": name, "architecture": architecture, "parameters": parameters,
            "stored_type": "f16", "vocabulary_size": 4096, "positions": 256,
            "fingerprint": sha("model " + name)}


def dataset(name, split="validation", subset="default"):
    return {"name": name, "namespace": "modelscope", "version": "master", "subset": subset,
            "split": split, "fingerprint": sha("data " + name)}


def task(name, request, **more):
    return {"name": name, "version": 1, "request": request, "hash": sha("task " + name), **more}


def result(metric, value, se, n, unit, signature, higher=True, method="bootstrap 1000 seed 12345"):
    return {
        "metric": metric, "value": value, "unit": unit, "standard_error": se,
        "standard_error_method": method,
        "interval": {"low": value - 1.96 * se, "high": value + 1.96 * se, "level": 0.95,
                     "method": "percentile bootstrap 1000 seed 12345"},
        "n": n, "signature": signature, "higher_is_better": higher,
    }


def histogram(values, lower, upper, bins, baseline=None):
    def count(values):
        counts = [0] * bins
        for value in values:
            counts[max(0, min(bins - 1, int((value - lower) / (upper - lower) * bins)))] += 1
        return counts
    out = {"lower": lower, "upper": upper, "counts": count(values)}
    if baseline is not None:
        out["baseline_counts"] = count(baseline)
    return out


def normal(count, mean, deviation, low=-math.inf, high=math.inf):
    return [min(high, max(low, R.gauss(mean, deviation))) for _ in range(count)]


TNEWS = ["故事", "文化", "娱乐", "体育", "财经", "房产", "汽车", "教育", "科技", "军事", "旅游", "国际",
         "证券", "农业", "电竞"]
HEADLINES = [
    "上课时学生手机响个不停，老师一怒之下把手机摔了，家长拿发票让老师赔，大家怎么看待这种事？",
    "商赢环球股份有限公司关于延期回复上海证券交易所对公司2017年年度报告的事后审核问询函的公告",
    "通过中介公司买了二手房，首付都付了，现在卖家不想卖了。怎么处理？",
    "2018年去俄罗斯看世界杯得花多少钱？", "剃须刀的个性革新，雷明登天猫定制版新品首发",
    "再次证明了“无敌是多么寂寞”——逆天的中国乒乓球队！",
    "三农盾SACC-全球首个推出：互联网+区块链+农产品的电商平台", "重做or新英雄？其实重做对暴雪来说同样重要",
    "如何在商业活动中不受人欺骗？", "凌云研发的国产两轮电动车怎么样，有什么惊喜？",
]


def classification():
    rows, per_class = [], []
    for index, name in enumerate(TNEWS):
        row = [R.randrange(0, 14) if R.random() < 0.7 else 0 for _ in TNEWS]
        row[index] = 180 + R.randrange(280)
        if name == "证券":
            row = [count // 4 for count in row]
            row[4], row[index] = 38, 31
        rows.append(row)
    total = sum(map(sum, rows))
    right = sum(rows[i][i] for i in range(15))
    for index, name in enumerate(TNEWS):
        support, predicted = sum(rows[index]), sum(row[index] for row in rows)
        precision, recall = rows[index][index] / predicted, rows[index][index] / support
        f1 = 2 * rows[index][index] / (support + predicted)
        per_class.append({
            "label": str(100 + index), "word": name, "precision": precision, "recall": recall,
            "f1": f1, "f1_standard_error": 0.5 / math.sqrt(support),
            "baseline_f1": min(1, max(0, f1 + R.gauss(0, 0.02))), "support": support,
            "predicted": predicted})
    macro = sum(item["f1"] for item in per_class) / 15
    accuracy = right / total
    bins = []
    for index in range(10):
        lower = index / 10
        n = [0, 12, 90, 260, 480, 720, 1050, 1500, 1900][index] if index < 9 else 0
        n = n or (total - 6012 if index == 9 and total > 6012 else n)
        if n:
            middle = lower + 0.05
            bins.append({"lower": lower, "upper": lower + 0.1, "n": n, "confidence": middle,
                         "accuracy": max(0, min(1, middle - 0.09 * (middle - 0.2) + R.gauss(0, 0.012)))})
    report = head("run", "tnews") | {
        "dataset": dataset("tnews"), "model": model("nanogpt_zh"),
        "tokenizer": {"vocabulary_size": 4096, "fingerprint": sha("tokenizer")},
        "task": task("tnews", "log_likelihood", prompt="这是关于{label}的文章：{sentence}"),
        "settings": {"rule": "sum", "bos": 0, "context": 256, "limit": None},
        "counts": {"requested": total, "succeeded": total, "failed": 0, "skipped": 0, "missing": 0,
                   "scored_tokens": total * 41 * 15},
        "results": [
            result("accuracy", accuracy, math.sqrt(accuracy * (1 - accuracy) / total), total,
                   "share", "task:tnews.1|rule:sum|bos:yes|version:1", method="binomial n-1"),
            result("macro_f1", macro, 0.0046, total, "share",
                   "task:tnews.1|rule:sum|labels:15|average:macro|bs:1000|seed:12345|version:1"),
        ],
        "per_class": per_class,
        "confusion": {"labels": [str(100 + i) for i in range(15)], "rows": rows},
        "reliability": {"bins": bins, "expected_calibration_error": 0.048,
                        "confidence": "softmax of the negative label losses"},
        "distributions": [{
            "name": "Margin", "axis": "margin: second smallest loss less the smallest, nats",
            "unit": "examples", "mean": 1.41, "median": 1.12,
            "histogram": histogram([abs(v) for v in normal(total, 1.2, 1.1)], 0, 5, 25)}],
        "slices": [{
            "by": "tokens", "metric": "accuracy", "higher_is_better": True,
            "groups": [
                {"name": name, "n": n, "value": value, "standard_error": math.sqrt(.22 / n),
                 "baseline_value": value + delta}
                for name, n, value, delta in [
                    ("1 to 8", 312, 0.71, 0.004), ("9 to 16", 2210, 0.86, -0.003),
                    ("17 to 32", 2960, 0.88, -0.006), ("33 to 64", 380, 0.83, 0.011)]]}],
        "examples": [{
            "title": "Surest mistakes", "note": "all answers are in predictions.jsonl",
            "score": "margin, nats",
            "examples": [
                {"id": str(1000 + 37 * i), "text": HEADLINES[i], "gold": TNEWS[(3 * i) % 15],
                 "prediction": TNEWS[(3 * i + 4) % 15], "score": 6.2 - 0.41 * i, "tokens": 31 + i}
                for i in range(10)]}],
        "data_card": {
            "tokens": histogram([max(3, v) for v in normal(total, 22, 9)], 0, 64, 32),
            "sequence_length": 48,
            "labels": [{"name": f"{100 + i} {name}", "n": sum(rows[i])}
                       for i, name in enumerate(TNEWS)],
            "languages": [{"name": "Chinese", "n": total - 41}, {"name": "English", "n": 41}],
            "rejected": [{"name": "label not declared", "n": 2}], "duplicates": 17,
            "facts": {"licence": "as tnews_public", "rows": total}},
    }
    return report


def runtime(run, seconds, examples, cells, workers=2):
    shards, clock = [], [0.0] * workers
    for name, count, cost in cells:
        for index in range(count):
            worker = min(range(workers), key=lambda w: clock[w])
            took = cost * R.uniform(0.8, 1.25)
            status = "retried" if R.random() < 0.06 else "done"
            shards.append({"name": f"{name} {index}", "worker": worker,
                           "start": round(clock[worker], 2),
                           "end": round(clock[worker] + took, 2), "status": status})
            clock[worker] += took + 0.15
    scale = seconds / max(clock)
    for shard in shards:
        shard["start"] = round(shard["start"] * scale, 2)
        shard["end"] = round(shard["end"] * scale, 2)
    rate = examples / seconds
    return {
        "run": run, "started": "2026-11-21T02:00:00Z", "command": "dsx recipe run nightly",
        "seconds": seconds, "examples_per_second": round(rate, 1),
        "tokens_per_second": round(rate * 612), "peak_memory": 1904000000, "workers": workers,
        "host": "builder", "shards": shards,
        "throughput": [round(rate * R.uniform(0.75, 1.2), 1) for _ in range(40)],
        "facts": {"cpu": "invented", "blas": "OpenBLAS 0.3.21", "blas core": "Haswell",
                  "blas threads": 1},
    }


def perplexity():
    nll, before = normal(1500, 3.02, 0.42, 1.2, 5.2), normal(1500, 3.08, 0.42, 1.2, 5.2)
    return head("run", "handbook") | {
        "dataset": dataset("handbook_ppl"), "model": model("nanogpt_zh"),
        "tokenizer": {"vocabulary_size": 4096, "fingerprint": sha("tokenizer")},
        "task": task("handbook_ppl", "rolling_log_likelihood"),
        "settings": {"bos": 0, "context": 256, "stride": 256, "limit": None},
        "counts": {"requested": 1502, "succeeded": 1500, "failed": 0, "skipped": 2, "missing": 0,
                   "scored_tokens": 918233},
        "results": [
            result("token_perplexity", 18.42, 0.31, 1500, "perplexity", "unit:token|average:corpus|version:1", False),
            result("byte_perplexity", 3.1124, 0.021, 1500, "perplexity", "unit:byte|average:corpus|version:1", False),
            result("bits_per_byte", 1.6380, 0.0098, 1500, "bits a byte", "unit:byte|average:corpus|version:1", False),
            result("word_perplexity", 2.03e44, 4.1e43, 1500, "perplexity", "unit:word|average:corpus|version:1", False),
        ],
        "distributions": [{
            "name": "Negative log-likelihood of documents", "axis": "nats a token",
            "unit": "documents", "mean": 3.02, "median": 3.01,
            "histogram": histogram(nll, 1, 5.5, 30, before)}],
        "slices": [{
            "by": "tokens", "metric": "token_perplexity", "higher_is_better": False,
            "groups": [{"name": name, "n": n, "value": value, "standard_error": se,
                        "baseline_value": value * ratio}
                       for name, n, value, se, ratio in [
                           ("1 to 63", 98, 41.2, 3.1, 1.02), ("64 to 127", 233, 27.3, 1.4, 1.01),
                           ("128 to 255", 402, 20.8, 0.7, 1.03), ("256 to 511", 411, 18.1, 0.5, 1.02),
                           ("512 to 1,023", 266, 16.9, 0.4, 1.01), ("1,024 and more", 90, 16.2, 0.5, 1.00)]]}],
        "totals": {"nll": 2675014.2, "tokens": 918233, "words": 40110, "bytes": 2331002, "windows": 4312},
        "examples": [{
            "title": "Least expected documents", "note": "the documents with the most nats a token",
            "score": "nats a token",
            "examples": [
                {"id": str(i * 91), "text": text, "score": 5.12 - 0.11 * i, "tokens": 88 + 7 * i}
                for i, text in enumerate([
                    "附录 C. 索引 A-Z", "0x7fff5fbff8c0 0x7fff5fbff8c8 0x7fff5fbff8d0",
                    "表 9.3. tty 设备与 /dev 下的名称对照", "lorem ipsum dolor sit amet, consectetur adipiscing elit",
                    "鸣谢名单：以下人员（按字母顺序）提供了帮助"])]}],
        "data_card": {
            "tokens": histogram([min(2500, v) for v in [math.exp(R.gauss(6.1, .75)) for _ in range(1500)]], 0, 2560, 40),
            "sequence_length": 1025, "languages": [{"name": "Chinese", "n": 1391}, {"name": "English", "n": 109}],
            "rejected": [{"name": "empty text", "n": 2}], "duplicates": 3, "packed_share": 0.997,
            "facts": {"source": "Debian handbook", "licence": "GPL-2+ or CC BY-SA 3.0"}},
        "failures": [{"id": "411", "row": 411, "status": "skipped", "reason": "the text is empty"},
                     {"id": "977", "row": 977, "status": "skipped", "reason": "the text is empty"}],
        "verdict": {"status": "no gates", "headline": "All 1500 examples scored",
                    "sentence": "2 were skipped: their texts are empty. No gates: nothing was judged.", "exit_code": 0},
        "runtime": runtime("20261121-020411-nanogpt_zh-handbook_ppl-3f2a91c0", 188.2, 1500, [("handbook_ppl", 24, 7.5)])
        | {"command": "dsx eval --model models/nanogpt_zh --dataset handbook_ppl"},
    }


def generation():
    n = 997
    return head("run", "wmt") | {
        "dataset": dataset("wmt_mini", "test"), "model": model("pangu_mini", "pangu", 12800000),
        "tokenizer": {"vocabulary_size": 40000, "fingerprint": sha("pangu tokenizer")},
        "task": task("translation", "generate_until", prompt="{source} =>"),
        "settings": {"max_new_tokens": 128, "stop": ["\n"], "seed": 7},
        "counts": {"requested": 1000, "succeeded": n, "failed": 3, "skipped": 0, "missing": 0,
                   "generated_tokens": 31204},
        "results": [
            result("bleu", 27.31, 0.55, n, "points", "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0"),
            result("chrf", 54.02, 0.41, n, "points", "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0"),
            result("rouge_l", 0.3388, 0.0035, n, "share", "tokenizer:zh|version:1"),
        ],
        "distributions": [
            {"name": "Sentence BLEU", "axis": "sentence BLEU, points", "unit": "sentences",
             "mean": 28.9, "median": 26.1,
             "histogram": histogram(normal(n, 28, 15, 0, 99), 0, 100, 25, normal(n, 27, 15, 0, 99))},
            {"name": "Length ratio", "axis": "tokens of the output / tokens of the reference",
             "unit": "sentences", "mean": 0.97, "median": 0.98,
             "histogram": histogram(normal(n, .97, .14, .31, 1.9), 0.2, 2.0, 36)},
        ],
        "slices": [{"by": "tokens of the reference", "metric": "bleu", "groups": [
            {"name": name, "n": m, "value": v, "standard_error": se, "baseline_value": v - .4}
            for name, m, v, se in [("1 to 8", 141, 31.2, 1.9), ("9 to 16", 402, 28.8, .9),
                                   ("17 to 32", 361, 26.0, .8), ("33 and more", 93, 22.4, 1.5)]]}],
        "examples": [{"title": "Worst translations", "score": "sentence BLEU", "examples": [
            {"id": "812", "text": "The cat sat on the mat & said <b>\"hi\"</b>.", "gold": "猫坐在垫子上说“嗨”。",
             "prediction": "猫猫猫猫猫猫", "score": 0.4, "tokens": 12},
            {"id": "90", "text": "Free software is a matter of liberty, not price.",
             "gold": "自由软件关乎自由，而非价格。", "prediction": "免费软件是价格。", "score": 3.1, "tokens": 13}]}],
        "failures": [{"id": i, "row": int(i), "status": "failed",
                      "reason": "a prompt has 806 ids, the model takes 257: nothing is cut silently"}
                     for i in ("33", "404", "871")],
        "verdict": {"status": "incomplete", "headline": "3 of 1000 examples failed",
                    "sentence": "The numbers are over the other examples only; they do not compare with a full run.",
                    "exit_code": 5},
        "runtime": runtime("20261121-021015-pangu_mini-wmt_mini-98ab0c1d", 341.9, n, [("wmt_mini", 16, 20)])
        | {"command": "dsx eval --model models/pangu_mini --dataset wmt_mini"},
    }


def answers():
    n = 3219
    flips = [
        {"id": "DEV_1000", "direction": "right to wrong", "text": "《战国无双3》是由哪两个公司合作开发的？",
         "gold": "光荣和ω-force", "baseline_prediction": "光荣和ω-force", "prediction": "光荣",
         "baseline_score": 1.0, "score": 0.4},
        {"id": "DEV_1037", "direction": "right to wrong", "text": "锣鼓经是什么？", "gold": "大陆传统器乐及戏曲里面常用的打击乐记谱方法",
         "baseline_prediction": "大陆传统器乐及戏曲里面常用的打击乐记谱方法",
         "prediction": "传统器乐及戏曲里面常用的打击乐", "baseline_score": 1.0, "score": 0.83},
        {"id": "DEV_1074", "direction": "right to wrong", "text": "Which release came with systemd?",
         "gold": "Debian 8 jessie", "baseline_prediction": "Debian 8 jessie",
         "prediction": "Debian 7 wheezy", "baseline_score": 1.0, "score": 0.33},
        {"id": "DEV_2001", "direction": "wrong to right", "text": "白荡湖位于哪个市？", "gold": "安徽铜陵市",
         "baseline_prediction": "安徽枞阳", "prediction": "安徽铜陵市", "baseline_score": 0.44, "score": 1.0},
        {"id": "DEV_2210", "direction": "otherwise", "text": "游戏《机战少女Alisa》主线有几关？", "gold": "四关",
         "baseline_prediction": "故事主线发生在地球上", "prediction": "主线", "baseline_score": 0.0, "score": 0.0},
    ]
    return head("run", "cmrc") | {
        "dataset": dataset("cmrc2018"), "model": model("pangu_mini", "pangu", 12800000),
        "tokenizer": {"vocabulary_size": 40000, "fingerprint": sha("pangu tokenizer")},
        "task": task("cmrc2018", "generate_until", prompt="阅读文章：{context}\n问：{question}\n答："),
        "settings": {"max_new_tokens": 50, "seed": 7},
        "counts": {"requested": n, "succeeded": n, "failed": 0, "skipped": 0, "missing": 0,
                   "generated_tokens": 40911},
        "results": [result("em", 0.0210, 0.0022, n, "share", "form:official|version:1"),
                    result("f1", 0.2112, 0.0071, n, "share", "form:official|clusters:848|version:1")],
        "distributions": [{"name": "F1 of questions", "axis": "F1", "unit": "questions", "mean": .2112, "median": .14,
                           "histogram": histogram([abs(v) for v in normal(n, 0.12, .22, -.99, .99)], 0, 1, 20,
                                                  [abs(v) for v in normal(n, 0.16, .23, -.99, .99)])}],
        "slices": [
            {"by": "question type", "metric": "f1", "groups": [
                {"name": name, "n": m, "value": v, "standard_error": se, "baseline_value": b}
                for name, m, v, se, b in [("谁", 412, .25, .02, .27), ("什么", 1103, .19, .01, .23),
                                          ("哪里", 380, .24, .02, .26), ("何时", 502, .29, .02, .29),
                                          ("多少", 390, .18, .02, .22), ("为什么", 212, .12, .02, .16),
                                          ("other", 220, .17, .02, .18)]]},
            {"by": "question type", "metric": "em", "groups": [
                {"name": name, "n": m, "value": v, "standard_error": .008, "baseline_value": v}
                for name, m, v in [("谁", 412, .031), ("什么", 1103, .012), ("哪里", 380, .024), ("何时", 502, .048)]]},
            {"by": "characters of the answer", "metric": "f1", "groups": [
                {"name": name, "n": m, "value": v, "standard_error": .012, "baseline_value": v + d}
                for name, m, v, d in [("1 to 4", 902, .27, .01), ("5 to 8", 811, .24, .02),
                                      ("9 to 16", 760, .19, .03), ("17 and more", 746, .13, .05)]]}],
        "comparison": {
            "baseline": {"run": "000098", "chosen": "last-green", "identity": sha("base")},
            "shared": n, "only_here": 0, "only_baseline": 0,
            "metrics": [
                {"metric": "em", "baseline_value": .0213, "baseline_standard_error": .0023, "delta": -.0003,
                 "delta_standard_error": .0021, "delta_interval": {"low": -.0044, "high": .0038, "level": .95},
                 "p": .892, "p_adjusted": .892, "test": "mcnemar exact", "n": n, "verdict": "same",
                 "smallest_detectable_change": .0059},
                {"metric": "f1", "baseline_value": .2391, "baseline_standard_error": .0072, "delta": -.0279,
                 "delta_standard_error": .0070, "delta_interval": {"low": -.0417, "high": -.0141, "level": .95},
                 "p": .0001, "p_adjusted": .0002, "test": "paired bootstrap 10000 seed 1", "n": n, "clusters": 848,
                 "verdict": "worse", "smallest_detectable_change": .0197}]},
        "flips": {"right_to_wrong": 41, "wrong_to_right": 40, "otherwise": 331, "file": "flips.jsonl", "rows": flips},
        "gates": [
            {"name": "cmrc2018 f1", "metric": "f1", "required": True, "status": "failed", "outcome": "worse",
             "sentence": "cmrc2018 f1 fell from 0.2391 to 0.2112 (paired test on 3,219 questions, p <0.001).",
             "test": "paired bootstrap 10000 seed 1", "alpha": .05, "min_effect": .005, "hard_floor": .15,
             "value": .2112, "delta": -.0279, "p": .0001, "p_adjusted": .0002, "smallest_detectable_change": .0197}],
        "verdict": {"status": "failed", "headline": "1 of 1 gates failed",
                    "sentence": "cmrc2018 f1 fell from 0.2391 to 0.2112 (paired test on 3,219 questions, p <0.001).",
                    "exit_code": 100},
        "runtime": runtime("20261121-021700-pangu_mini-cmrc2018-77aa0cfe", 702.4, n, [("cmrc2018", 32, 40)])
        | {"command": "dsx eval --model models/pangu_mini --dataset cmrc2018 --compat pangu"},
    }


def failed():
    return head("run", "empty") | {
        "dataset": dataset("afqmc"), "model": model("nanogpt_zh"), "task": task("afqmc", "log_likelihood"),
        "settings": {"rule": "sum", "limit": None},
        "counts": {"requested": 3, "succeeded": 0, "failed": 2, "skipped": 0, "missing": 1},
        "results": [{"metric": "accuracy", "value": None, "unit": "share", "n": 0, "signature": "version:1",
                     "higher_is_better": True},
                    {"metric": "macro_f1", "value": "NaN", "unit": "share", "n": 0, "signature": "version:1",
                     "higher_is_better": True}],
        "failures": [
            {"id": "0", "row": 0, "status": "failed", "reason": "a prompt has 806 ids, the model takes 257: nothing is cut silently"},
            {"id": "1", "row": 1, "status": "failed", "reason": "the gold label '7' is not declared"},
            {"id": "2", "row": 2, "status": "missing", "reason": "the run was stopped before"}],
        "verdict": {"status": "incomplete", "headline": "3 of 3 examples failed or are missing",
                    "sentence": "There is no number to show.", "exit_code": 5},
        "runtime": {"run": "20261121-023000-nanogpt_zh-afqmc-00aa11bb", "started": "2026-11-21T02:30:00Z",
                    "command": "dsx eval --model nanogpt_zh --dataset afqmc", "seconds": 0.42, "workers": 2},
    }


def series(cell, metric, now, se, shift=0.0, nights=30, changes=None, outcome="same"):
    points = []
    for index in range(nights):
        drift = (index - nights) / nights * shift
        value = now[0] + drift + R.gauss(0, se * 0.45)
        point = {"run": f"{97 + index:06d}", "date": f"2026-{10 if index < 9 else 11:02d}-{index + 23 if index < 9 else index - 8:02d}",
                 "value": value, "standard_error": se, "outcome": outcome}
        if changes and index in changes:
            point["changed"] = changes[index]
        points.append(point)
    if cell.endswith("iflytek"):
        points[17]["value"] = None
        points[17].pop("outcome")
    return {"cell": cell, "metric": metric, "points": points}


def night(chinese=False):
    tnews, cmrc = classification(), answers()
    ppl, wmt = perplexity(), generation()
    wmt["counts"].update(requested=997, failed=0)
    wmt.pop("failures")
    cells = []

    def cell(name, report, folder=True, status="done"):
        report = {k: v for k, v in report.items()
                  if k not in ("schema", "schema_version", "kind", "comparison", "flips", "history",
                               "gates", "verdict", "runtime")}
        cells.append({"cell": name, "folder": name, "status": status, "report": report})
        return report

    def small(dataset_name, results, request="log_likelihood", of=None):
        n = results[0]["n"]
        return {"identity": sha(dataset_name), "tool": TOOL, "dataset": dataset(dataset_name),
                "model": of or model("pangu_mini", "pangu", 12800000), "task": task(dataset_name, request),
                "settings": {"limit": None}, "counts": {"requested": n, "succeeded": n, "failed": 0,
                                                       "skipped": 0, "missing": 0}, "results": results}

    tnews["model"] = ppl["model"] = model("pangu_mini", "pangu", 12800000)
    specification = [
        # cell, report, [(metric, baseline, delta, se of delta, p, outcome, gate required or None)]
        ("pangu_mini--tnews", tnews, [("accuracy", None, .0073, .0041, .075, "same", True), ("macro_f1", None, .0025, .0046, .587, "same", True)]),
        ("pangu_mini--cmrc2018", cmrc, [("em", .0213, -.0003, .0021, .892, "same", True), ("f1", .2391, -.0279, .0070, .0001, "worse", True)]),
        ("pangu_mini--handbook_ppl", ppl, [("token_perplexity", 18.77, -.35, .08, .0002, "better", True), ("bits_per_byte", 1.650, -.012, .003, .0004, "better", None)]),
        ("pangu_mini--wmt_mini", wmt, [("bleu", 27.05, .26, .55, .636, "cannot tell", True), ("chrf", 53.9, .12, .30, .69, "same", None), ("rouge_l", .3361, .0027, .0035, .44, "same", None)]),
        ("pangu_mini--iflytek", small("iflytek", [result("accuracy", .5831, .0060, 2599, "share", "version:1")]), [("accuracy", .5822, .0009, .0060, .881, "same", True)]),
        ("pangu_mini--ocnli", small("ocnli", [result("accuracy", .5122, .0091, 2950, "share", "version:1")]), [("accuracy", .5102, .0020, .0040, .62, "same", True)]),
        ("pangu_mini--digits", small("digits", [result("accuracy", .9722, .0122, 180, "share", "version:1")], "image_classify"), [("accuracy", .9667, .0056, .0056, 1.0, "cannot tell", False)]),
        ("nanogpt_zh--tnews", small("tnews", [result("accuracy", .3546, .0404, 141, "share", "version:1"), result("macro_f1", .3046, .0372, 141, "share", "version:1")], of=model("nanogpt_zh")), [("accuracy", .3475, .0071, .0141, .625, "cannot tell", None), ("macro_f1", .3012, .0034, .0130, .71, "cannot tell", None)]),
        ("nanogpt_zh--debfaq", small("debfaq_cmrc", [result("em", .1020, .0212, 203, "share", "version:1"), result("f1", .2411, .0244, 203, "share", "version:1")], "generate_until", model("nanogpt_zh")), [("em", .0985, .0035, .0049, .5, "cannot tell", None), ("f1", .2377, .0034, .0061, .56, "cannot tell", None)]),
        ("nanogpt_zh--tang_ppl", small("tang_ppl", [result("token_perplexity", 250.1, 22.0, 20, "perplexity", "version:1", False), result("bits_per_byte", 3.464, .068, 20, "bits a byte", "version:1", False)], "rolling_log_likelihood", model("nanogpt_zh")), [("token_perplexity", 249.0, 1.1, 3.0, .69, "cannot tell", None), ("bits_per_byte", 3.463, .001, .004, .7, "same", None)]),
    ]
    metrics, gates, history = [], [], []
    for name, report, changes in specification:
        inner = cell(name, report, status="reused" if name.startswith("nanogpt_zh--tang") else "done")
        for metric, baseline, delta, se, p, outcome, required in changes:
            found = next(r for r in inner["results"] if r["metric"] == metric)
            baseline = found["value"] - delta if baseline is None else baseline
            metrics.append({
                "cell": name, "metric": metric, "baseline_value": baseline,
                "baseline_standard_error": found["standard_error"], "delta": delta,
                "delta_standard_error": se,
                "delta_interval": {"low": delta - 1.96 * se, "high": delta + 1.96 * se, "level": .95},
                "p": p, "p_adjusted": min(1, p * 2) if p < .01 else p, "test": "paired bootstrap 10000 seed 1",
                "n": found["n"], "verdict": outcome, "smallest_detectable_change": 2.8 * se})
            if required is not None:
                words = {"worse": "fell", "better": "improved"}.get(outcome)
                short = name.split("--")[1]
                if words:
                    sentence = (f"{short} {metric} {words} from {baseline:.4g} to {found['value']:.4g} "
                                f"(paired test on {found['n']:,} examples, p <0.001).")
                elif outcome == "same":
                    sentence = f"{short} {metric} did not change (p = {p:.3f})."
                else:
                    sentence = (f"{short} {metric}: {found['n']:,} examples cannot show a change under "
                                f"{2.8 * se:.2g} (p = {p:.3f}).")
                gates.append({
                    "name": f"{short} {metric}", "cell": name, "metric": metric, "required": required,
                    "status": "failed" if outcome == "worse" else "passed", "outcome": outcome,
                    "sentence": sentence, "test": "paired bootstrap 10000 seed 1", "alpha": .05,
                    "min_effect": round(se, 4), "value": found["value"], "delta": delta, "p": p,
                    "p_adjusted": min(1, p * 2) if p < .01 else p, "smallest_detectable_change": 2.8 * se})
            history.append(series(
                name, metric, (found["value"] - (delta if outcome == "worse" else 0),),
                found["standard_error"], shift=abs(delta),
                changes={6: ["data"], 14: ["model"], 22: ["tool"]} if "tnews" in name else {14: ["model"]}))
    for item in answers()["flips"]["rows"]:
        pass
    flips = answers()["flips"]
    flips["rows"] = [{"cell": "pangu_mini--cmrc2018", **row} for row in flips["rows"]]
    for i in range(6):
        flips["rows"].insert(3 + i, {
            "cell": "pangu_mini--tnews", "id": str(1000 + 37 * i),
            "direction": "right to wrong", "text": HEADLINES[i], "gold": TNEWS[(3 * i) % 15],
            "baseline_prediction": TNEWS[(3 * i) % 15], "prediction": TNEWS[(3 * i + 4) % 15]})
    failing = [g for g in gates if g["status"] == "failed"]
    total = sum(c["report"]["counts"]["succeeded"] for c in cells)
    report = head("night", "nightly") | {
        "recipe": {"name": "nightly-zh", "description": "all shipped tasks on two models",
                   "hash": sha("recipe")},
        "cells": cells,
        "comparison": {"baseline": {"run": "000098", "chosen": "last-green"}, "metrics": metrics},
        "flips": flips, "history": history, "gates": gates,
        "verdict": {"status": "failed", "headline": f"{len(failing)} of {len(gates)} gates failed",
                    "sentence": failing[0]["sentence"] + " 1 result is better, 5 did not change, 2 cannot be told.",
                    "exit_code": 100},
        "runtime": runtime("000127", 1122.0, total, [(c["cell"].split("--")[1], 4 if i < 5 else 2, 60 if i < 5 else 18) for i, c in enumerate(cells)]),
    }
    if chinese:
        report["recipe"] = {"name": "每夜评测", "description": "全部任务，两个模型", "hash": sha("recipe")}
        names = {"pangu_mini--tnews": "盘古--今日头条", "pangu_mini--cmrc2018": "盘古--阅读理解"}
        text = json.dumps(report, ensure_ascii=False)
        for old, new in names.items():
            text = text.replace(old, new)
        report = json.loads(text)
        report["cells"] = report["cells"][:2]
        kept = set(names.values())
        for key in ("history", "gates"):
            report[key] = [item for item in report[key] if item["cell"] in kept]
        report["comparison"]["metrics"] = [m for m in report["comparison"]["metrics"] if m["cell"] in kept]
        report["verdict"] = {"status": "failed", "headline": "4 项门限中有 1 项未通过",
                             "sentence": "阅读理解 F1 由 0.2391 降至 0.2112（3,219 个问题的配对检验，p <0.001）。", "exit_code": 100}
        for gate in report["gates"]:
            if gate["status"] == "failed":
                gate["sentence"] = report["verdict"]["sentence"]
        report["cells"][0]["report"]["dataset"]["name"] = "今日头条"
        report["cells"][1]["report"]["dataset"]["name"] = "阅读理解"
        for c in report["cells"]:
            c["report"]["model"]["name"] = "盘古"
    return report


def write(name, report):
    # The order of the schema: runtime last.
    if "runtime" in report:
        report["runtime"] = report.pop("runtime")
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def samples():
    run = classification()
    run["verdict"] = {"status": "no gates", "headline": f"All {run['counts']['succeeded']} examples scored",
                      "sentence": "No gates: nothing was compared or judged.", "exit_code": 0}
    run["runtime"] = runtime("20261121-020000-nanogpt_zh-tnews-3f2a77c1", 359.3,
                             run["counts"]["succeeded"], [("tnews", 20, 17)]) | {
        "command": "dsx eval --model models/nanogpt_zh --dataset tnews"}
    write("classification", run)
    write("perplexity", perplexity())
    write("generation", generation())
    write("answers", answers())
    write("failed", failed())
    write("night", night())
    write("night-chinese", night(chinese=True))


def nights(count, folder):
    """A folder of night runs: numbers drift, one night fails, one is incomplete, some are missing."""
    import datetime
    whole = json.loads((HERE / "night.json").read_text(encoding="utf-8"))
    for index in range(count):
        day = datetime.date(2026, 11, 21) - datetime.timedelta(days=count - 1 - index)
        if index in (7, 19):
            continue
        report = json.loads(json.dumps(whole))
        bad = index in (count - 1, count - 9)
        for cell in report["cells"]:
            for key in ("per_class", "confusion", "reliability", "distributions", "slices", "totals",
                        "examples", "data_card", "failures"):
                cell["report"].pop(key, None)
            for item in cell["report"]["results"]:
                item["value"] *= 1 + R.gauss(0, 0.004) + 0.0004 * index
            if index < 15:
                cell["report"]["model"]["fingerprint"] = sha("older model")
        for gate in report["gates"]:
            if gate["status"] == "failed" and not bad:
                gate.update(status="passed", outcome=R.choice(["same", "same", "better", "cannot tell"]))
            if index == 12:
                gate.update(status="incomplete", outcome=None)
        if not bad:
            report["verdict"] = {"status": "passed", "headline": f"All {len(report['gates'])} gates passed",
                                 "sentence": "No result is worse.", "exit_code": 0}
        if index == 12:
            report["verdict"] = {"status": "incomplete", "headline": "Night incomplete: 3 cells missing",
                                 "sentence": "", "exit_code": 5}
        report.pop("flips")
        report["history"] = []
        report["runtime"] |= {"run": f"{88 + index:06d}", "started": f"{day}T02:00:00Z", "shards": []}
        target = pathlib.Path(folder) / f"{88 + index:06d}"
        target.mkdir(parents=True, exist_ok=True)
        (target / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")


if sys.argv[1:2] == ["--nights"]:
    nights(int(sys.argv[2]), sys.argv[3])
else:
    samples()
