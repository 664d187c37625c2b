"""Labels, scores, entities, answers, numbers, ranked lists and images: 2,000 random inputs a family, each
scored by dsx and by scikit-learn 1.9.1, seqeval 1.2.2, torchmetrics 1.9.0, scipy 1.17.1 or nltk 3.10.4.

All inputs of a family go to dsx as one file; `--by case` scores each of them. Numbers agree within the golden
tolerances: 1e-9 (relative above 1), and 1e-5 or 2e-6 where the peer works in single precision.
"""

import json
import math
import pathlib
import random
import re
import tempfile
import warnings

from checks import check, dsx, expect, need

CASES = 2_000
warnings.simplefilter("ignore")


def scores(rows, metrics, settings=()):
    """`{case: {key: {name: score}}}` of rows with a `case`; the metric's main score is under ''."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "rows.jsonl"
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        path.write_text("".join(lines), encoding="utf-8")
        options = [word for setting in settings for word in ("--set", setting)]
        text = dsx(
            "score", "--metrics", ",".join(metrics), *options, "--input", path, "--by", "case",
            "--interval", "none", "--format", "json",
        )
    found = {}
    for part in json.loads(text)["slices"]:
        lines = {line["key"]: line for line in part["metrics"]}
        found[int(part["value"])] = {
            key: {"": line["score"], **line.get("scores", {})} for key, line in lines.items()
        }
    return found


def same(ours, theirs, where, tolerance=1e-9):
    """None of ours is a peer's NaN."""
    theirs = float(theirs)
    if ours is None or math.isnan(theirs):
        expect(ours is None and math.isnan(theirs), f"{where}: {ours} instead of {theirs}")
        return
    if isinstance(ours, str):
        ours = float(ours)
    close = ours == theirs or abs(ours - theirs) <= tolerance * max(1, abs(theirs))
    expect(close, f"{where}: {ours!r} instead of {theirs!r}")


def labels(note):
    from sklearn import metrics

    source, cases, rows = random.Random(1), [], []
    for case in range(CASES):
        names = source.sample(["a", "b", "中", "d e", "Z", "体育"], source.randint(1, 6))
        count = source.choice([1, 2, 5, 20, 60])
        gold = [source.choice(names) for _ in range(count)]
        wrong = source.random()
        said = [source.choice(names) if source.random() < wrong else one for one in gold]
        cases.append((gold, said))
        rows += [{"case": case, "label": a, "prediction": b} for a, b in zip(gold, said)]
    averages = ["micro", "macro", "weighted"]
    keys = [f"{a}_{z}=f1" for a in averages for z in "01"]
    settings = [f"{a}_{z}.average={a}" for a in averages for z in "01"]
    settings += [f"{a}_{z}.zero-division={z}" for a in averages for z in "01"]
    more = ["accuracy", "balanced-accuracy", "mcc", "kappa", "j=jaccard", "beta=f1"]
    settings += ["beta.beta=2", "j.average=weighted"]
    ours = scores(rows, keys + more, settings)
    for case, (gold, said) in enumerate(cases):
        found, where = ours[case], f"case {case}"
        for average in averages:
            for zero in (0, 1):
                theirs = metrics.precision_recall_fscore_support(
                    gold, said, average=average, zero_division=zero
                )
                mine = found[f"{average}_{zero}"]
                for name, value in zip(("precision", "recall", "f"), theirs):
                    same(mine[name], value, f"{where} {average} {zero} {name}")
        same(found["accuracy"][""], metrics.accuracy_score(gold, said), where)
        same(found["balanced-accuracy"][""], metrics.balanced_accuracy_score(gold, said), where)
        same(found["mcc"][""], metrics.matthews_corrcoef(gold, said), where + " mcc")
        same(found["kappa"][""], metrics.cohen_kappa_score(gold, said), where + " kappa")
        jaccard = metrics.jaccard_score(gold, said, average="weighted", zero_division=0)
        same(found["j"][""], jaccard, where + " jaccard")
        beta = metrics.fbeta_score(gold, said, beta=2, average="macro", zero_division=0)
        same(found["beta"][""], beta, where + " f2")
    note(f"{CASES} cases, {len(rows)} examples, scikit-learn")


def rankings(note):
    from sklearn import metrics

    source, cases, rows = random.Random(2), [], []
    for case in range(CASES):
        count = source.choice([2, 3, 10, 50])
        places = source.choice([1, 2, 6])
        score = [round(source.random(), places) for _ in range(count)]
        truth = [source.randint(0, 1) for _ in range(count)]
        truth[:2] = [0, 1]
        cases.append((truth, score))
        rows += [{"case": case, "label": a, "score": b} for a, b in zip(truth, score)]
    keys = ["auroc", "average-precision", "part=auroc"]
    ours = scores(rows, keys, ["part.max-fpr=0.3"])
    for case, (truth, score) in enumerate(cases):
        found, where = ours[case], f"case {case}"
        same(found["auroc"][""], metrics.roc_auc_score(truth, score), where + " auroc")
        part = metrics.roc_auc_score(truth, score, max_fpr=0.3)
        same(found["part"][""], part, where + " partial")
        precision = metrics.average_precision_score(truth, score)
        same(found["average-precision"][""], precision, where + " ap")
    note(f"{CASES} cases, {len(rows)} examples, scikit-learn")


def probabilities(note):
    import numpy
    import torch
    from sklearn import metrics
    from torchmetrics.functional.classification import multiclass_calibration_error

    source, cases, rows = numpy.random.default_rng(3), [], []
    for case in range(CASES):
        count = int(source.integers(4, 30))
        shares = source.dirichlet(numpy.ones(4) * 0.7, count)
        truth = source.integers(0, 4, count)
        truth[:4] = range(4)
        cases.append((truth, shares))
        rows += [
            {"case": case, "label": int(a), "scores": b.tolist()} for a, b in zip(truth, shares)
        ]
    both = [(kind, mean) for kind in ("ovr", "ovo") for mean in ("macro", "weighted")]
    keys = ["log-loss", "brier", "ece", "top=top-k-accuracy"]
    settings = ["ece.bins=10", "top.k=2"]
    for kind, mean in both:
        keys.append(f"{kind}_{mean}=auroc-{kind}")
        settings += [f"{kind}_{mean}.classes=4", f"{kind}_{mean}.average={mean}"]
    ours = scores(rows, keys, settings)
    for case, (truth, shares) in enumerate(cases):
        found, where = ours[case], f"case {case}"
        same(found["log-loss"][""], metrics.log_loss(truth, shares), where + " log loss")
        brier = ((shares - numpy.eye(4)[truth]) ** 2).sum(1).mean()
        same(found["brier"][""], brier, where + " brier")
        top = metrics.top_k_accuracy_score(truth, shares, k=2, labels=range(4))
        same(found["top"][""], top, where + " top 2")
        for kind, mean in both:
            area = metrics.roc_auc_score(truth, shares, multi_class=kind, average=mean)
            same(found[f"{kind}_{mean}"][""], area, f"{where} {kind} {mean}")
        # Single precision puts values at a border into another bin: only far ones are compared.
        best = shares.max(1) * 10
        if abs(best - best.round()).min() > 1e-4:
            error = multiclass_calibration_error(
                torch.from_numpy(shares), torch.from_numpy(truth), 4, n_bins=10
            )
            same(found["ece"][""], error.item(), where + " ece", 2e-6)
    note(f"{CASES} cases, {len(rows)} examples, scikit-learn and torchmetrics")


def several_labels(note):
    import numpy
    from sklearn import metrics

    source, cases, rows = numpy.random.default_rng(4), [], []
    names = numpy.array(["a", "b", "c", "d"])
    for case in range(CASES):
        count = int(source.integers(2, 20))
        truth = source.integers(0, 2, (count, 4))
        truth[0], truth[1] = 0, 1
        said = numpy.where(source.random((count, 4)) < 0.3, 1 - truth, truth)
        score = source.random((count, 4)).round(2)
        cases.append((truth, said, score))
        for a, b, c in zip(truth, said, score):
            rows.append(
                {
                    "case": case,
                    "label": names[a == 1].tolist(),
                    "prediction": names[b == 1].tolist(),
                    "scores": c.tolist(),
                }
            )
    averages = ["micro", "macro", "weighted", "samples"]
    keys = ["subset-accuracy", "hamming-loss", "lrap", "coverage-error", "ranking-loss"]
    keys += ["multilabel-auroc", "multilabel-average-precision", "jaccard=multilabel-jaccard"]
    settings = ["jaccard.average=samples"]
    for average in averages:
        for name in ("f1", "precision", "recall"):
            keys.append(f"{average}_{name}=multilabel-{name}")
            settings.append(f"{average}_{name}.average={average}")
    settings += [f"{key.split('=')[0]}.labels=a,b,c,d" for key in keys]
    ours = scores(rows, keys, settings)
    for case, (truth, said, score) in enumerate(cases):
        found, where = ours[case], f"case {case}"
        for average in averages:
            theirs = metrics.precision_recall_fscore_support(
                truth, said, average=average, zero_division=0
            )
            for name, value in zip(("precision", "recall", "f1"), theirs):
                same(found[f"{average}_{name}"][""], value, f"{where} {average} {name}")
        for name, value in (
            ("subset-accuracy", metrics.accuracy_score(truth, said)),
            ("hamming-loss", metrics.hamming_loss(truth, said)),
            ("lrap", metrics.label_ranking_average_precision_score(truth, score)),
            ("coverage-error", metrics.coverage_error(truth, score)),
            ("ranking-loss", metrics.label_ranking_loss(truth, score)),
            ("multilabel-auroc", metrics.roc_auc_score(truth, score)),
            ("multilabel-average-precision", metrics.average_precision_score(truth, score)),
            ("jaccard", metrics.jaccard_score(truth, said, average="samples", zero_division=0)),
        ):
            same(found[name][""], value, f"{where} {name}")
    note(f"{CASES} cases, {len(rows)} examples, scikit-learn")


def entities(note):
    from seqeval import scheme
    from seqeval.metrics import accuracy_score, classification_report

    letters = {"IOB1": "IB", "IOB2": "IB", "IOE1": "IE", "IOE2": "IE", "IOBES": "IBES", "BILOU": "BILU"}
    total = 0
    for name, prefixes in letters.items():
        source, cases, rows = random.Random(name), [], []
        for case in range(CASES):
            tags = ["O"] + [f"{p}-{t}" for p in prefixes for t in ("PER", "LOC", "a-b")]
            gold, said = [], []
            for _ in range(source.randint(1, 4)):
                sequence = source.choices(tags, k=source.choice([1, 2, 5, 12]))
                wrong = source.random() * 0.5
                gold.append(sequence)
                said.append([source.choice(tags) if source.random() < wrong else t for t in sequence])
            cases.append((gold, said))
            rows += [{"case": case, "label": a, "prediction": b} for a, b in zip(gold, said)]
        total += len(rows)
        averages = ["micro", "macro", "weighted"]
        keys = [f"{mode}_{a}=entity-f1" for mode in ("default", "strict") for a in averages]
        settings = [f"{m}_{a}.mode={m}" for m in ("default", "strict") for a in averages]
        settings += [f"{m}_{a}.average={a}" for m in ("default", "strict") for a in averages]
        settings += [f"strict_{a}.scheme={name}" for a in averages]
        ours = scores(rows, keys, settings)
        for case, (gold, said) in enumerate(cases):
            for mode in ("default", "strict"):
                options = {"mode": "strict", "scheme": getattr(scheme, name)} if mode == "strict" else {}
                try:
                    report = classification_report(
                        gold, said, output_dict=True, zero_division=0, **options
                    )
                except (ValueError, ZeroDivisionError):
                    continue
                where = f"{name} {mode} case {case}"
                for average in averages:
                    mine, theirs = ours[case][f"{mode}_{average}"], report[f"{average} avg"]
                    for key in ("precision", "recall"):
                        same(mine[key], theirs[key], f"{where} {average} {key}")
                    same(mine["f1"], theirs["f1-score"], f"{where} {average} f1")
                for kind in set(report) - {f"{average} avg" for average in averages}:
                    same(mine["f1:" + kind], report[kind]["f1-score"], f"{where} {kind}")
            same(ours[case]["default_micro"]["tag-accuracy"], accuracy_score(gold, said), name)
    note(f"{CASES} cases of each of {len(letters)} schemes, {total} sequences, seqeval")


def answers(note):
    from torchmetrics.functional.text import squad
    from torchmetrics.functional.text.squad import _normalize_text

    words = "The a an cat, sat. on; the mat U.S. 3.14 (x) don't 中文，答案 É école \u201cq\u201d".split(" ")
    source, cases, rows = random.Random(6), [], []
    for case in range(CASES):
        texts = [" ".join(source.choices(words, k=source.randint(0, 6))) for _ in range(3)]
        said = source.choice(texts + [" ".join(source.choices(words, k=4))])
        cases.append((said, texts))
        rows.append({"case": case, "prediction": said, "answers": texts})
    ours = scores(rows, ["squad-em", "squad-f1"])
    for case, (said, texts) in enumerate(cases):
        theirs = squad(
            {"prediction_text": said, "id": "0"},
            {"answers": {"answer_start": [0] * 3, "text": texts}, "id": "0"},
        )
        for name, key in (("squad-em", "exact_match"), ("squad-f1", "f1")):
            # For two empty answers torchmetrics has version 2.0's F1 of 1, version 1.1 has 0.
            if name == "squad-f1" and not _normalize_text(said):
                continue
            same(ours[case][name][""], theirs[key].item(), f"case {case} {name} {said!r}", 1e-5)
    note(f"{CASES} questions, torchmetrics")


MARKS = set("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")


def segments(text, cut):
    """The segments of CMRC2018's script, version 6, with the words of `cut` between Chinese characters."""
    parts, other = [], ""
    for character in text.lower().strip():
        if character in MARKS:
            continue
        if re.search("[\u4e00-\u9fa5]", character):
            parts += cut(other) if other else []
            parts.append(character)
            other = ""
        else:
            other += character
    return parts + (cut(other) if other else [])


def longest_run(left, right):
    longest, row = 0, [0] * (len(right) + 1)
    for token in left:
        before = 0
        for place, other in enumerate(right):
            row[place + 1], before = (before + 1 if token == other else 0), row[place + 1]
            longest = max(longest, row[place + 1])
    return longest


def chinese_answers(note):
    from nltk.tokenize import word_tokenize

    def cut(text):
        return word_tokenize(text, preserve_line=True)

    pieces = ["中国", "郑州市", "U.S.", "can't", "cannot", "3.14", "1,000", "a.", "...", "--", '"x"', "'s", "he's"]
    pieces += ["gonna", "'tis", "(y)", "？", "，", " ", "  ", "\n", "don't", "$5", "a:b", "a: b", "“引”", "`", "``"]
    pieces += ["''", "x'", "‘q’", "é", "Σ", "ſ", "[z]", "<t>", "!", "?", "@", "%", "#;", "—", "wanna go", "d'ye"]
    source, cases, rows = random.Random(7), [], []
    for case in range(CASES):
        gold = ["".join(source.choices(pieces, k=source.randint(1, 7))) for _ in range(2)]
        said = "".join(source.choices(pieces, k=source.randint(0, 7)))
        said = source.choice([said, gold[0] + said, said + gold[1]])
        cases.append((said, gold))
        rows.append({"case": case, "prediction": said, "answers": gold})
    ours = scores(rows, ["cmrc-em", "cmrc-f1"])
    for case, (said, gold) in enumerate(cases):
        best, exact = 0, 0
        for answer in gold:
            left, right = segments(answer, cut), segments(said, cut)
            run = longest_run(left, right)
            if run:
                precision, recall = run / len(right), run / len(left)
                best = max(best, 2 * precision * recall / (precision + recall))
            bare = ["".join(c for c in t.lower().strip() if c not in MARKS) for t in (answer, said)]
            exact |= bare[0] == bare[1]
        where = f"case {case} {said!r} {gold!r}"
        same(ours[case]["cmrc-f1"][""], 100 * best, where)
        same(ours[case]["cmrc-em"][""], 100 * exact, where)
    note(f"{CASES} questions, nltk")


def numbers(note):
    import numpy
    from scipy import stats
    from sklearn import metrics

    source, cases, rows = numpy.random.default_rng(8), [], []
    for case in range(CASES):
        count = int(source.integers(2, 50))
        shift = float(source.choice([0, 0, 1, 1e6]))
        gold = (source.normal(size=count) + shift).round(int(source.choice([1, 3, 12])))
        said = (gold + source.normal(size=count) * float(source.choice([0.01, 1, 10]))).round(3)
        cases.append((gold, said))
        rows += [{"case": case, "label": float(a), "prediction": float(b)} for a, b in zip(gold, said)]
    theirs = {
        "mse": metrics.mean_squared_error,
        "rmse": metrics.root_mean_squared_error,
        "mae": metrics.mean_absolute_error,
        "mape": metrics.mean_absolute_percentage_error,
        "median-absolute-error": metrics.median_absolute_error,
        "max-error": metrics.max_error,
        "r2": metrics.r2_score,
        "explained-variance": metrics.explained_variance_score,
        "pearson": lambda a, b: stats.pearsonr(a, b)[0],
        "spearman": lambda a, b: stats.spearmanr(a, b)[0],
        "kendall": lambda a, b: stats.kendalltau(a, b)[0],
    }
    ours = scores(rows, list(theirs))
    for case, (gold, said) in enumerate(cases):
        # With a large mean the peers cancel digits that exact sums keep.
        tolerance = 1e-9 if abs(gold.mean()) < 1e3 else 1e-6
        for name, function in theirs.items():
            same(ours[case][name][""], function(gold, said), f"case {case} {name}", tolerance)
        for name, function in (("pearson", stats.pearsonr), ("spearman", stats.spearmanr)):
            p = function(gold, said)[1]
            same(ours[case][name].get("p"), p, f"case {case} {name} p", 1e-7)
    note(f"{CASES} cases, {len(rows)} pairs, scikit-learn and scipy")


def ranked_lists(note):
    import numpy
    import torch
    from sklearn import metrics
    from torchmetrics.functional import retrieval

    source, cases, rows = numpy.random.default_rng(9), [], []
    for case in range(CASES):
        count = int(source.integers(2, 25))
        # torchmetrics takes candidates with a score of 0 or less for irrelevant; dsx does not.
        score = source.permutation(count) + 1.0
        tied = source.integers(0, 4, count).astype(float)
        gain = source.integers(0, 4, count)
        cases.append((score, tied, gain))
        rows.append(
            {
                "case": case,
                "scores": score.tolist(),
                "tied": tied.tolist(),
                "relevance": (gain > 1).astype(int).tolist(),
                "gain": gain.tolist(),
            }
        )
    keys = ["map", "mrr", "p=precision-at-k", "r=recall-at-k", "h=hit-at-k", "r-precision"]
    ours = scores(rows, keys, ["p.k=2", "r.k=2", "h.k=2"])
    gains = [{"case": r["case"], "scores": r["tied"], "relevance": r["gain"]} for r in rows]
    other = scores(gains, ["ndcg", "three=ndcg", "dcg"], ["three.k=3"])
    for case, (score, tied, gain) in enumerate(cases):
        where, found = f"case {case}", ours[case]
        scored, relevant = torch.from_numpy(score), torch.from_numpy((gain > 1).astype(int))
        for name, value in (
            ("map", retrieval.retrieval_average_precision(scored, relevant)),
            ("mrr", retrieval.retrieval_reciprocal_rank(scored, relevant)),
            ("p", retrieval.retrieval_precision(scored, relevant, top_k=2)),
            ("r", retrieval.retrieval_recall(scored, relevant, top_k=2)),
            ("h", retrieval.retrieval_hit_rate(scored, relevant, top_k=2)),
            ("r-precision", retrieval.retrieval_r_precision(scored, relevant)),
        ):
            same(found[name][""], value.item(), f"{where} {name}", 1e-6)
        for name, value in (
            ("ndcg", metrics.ndcg_score([gain], [tied])),
            ("three", metrics.ndcg_score([gain], [tied], k=3)),
            ("dcg", metrics.dcg_score([gain], [tied])),
        ):
            same(other[case][name][""], value, f"{where} {name}")
    note(f"{CASES} queries, torchmetrics and scikit-learn")


def images(note):
    import numpy
    import torch
    from sklearn import metrics
    from torchmetrics.functional.image import (
        peak_signal_noise_ratio,
        structural_similarity_index_measure,
    )

    source, cases, rows = numpy.random.default_rng(10), [], []
    for case in range(CASES):
        size = (int(source.integers(1, 4)), int(source.integers(6, 14)), int(source.integers(6, 14)))
        gold = source.integers(0, 256, size)
        noise = int(source.choice([1, 20, 200]))
        said = numpy.clip(gold + source.integers(-noise, noise + 1, size), 0, 255)
        cases.append((gold, said))
        rows.append({"case": case, "target": gold.tolist(), "prediction": said.tolist()})
    ours = scores(rows, ["psnr", "ssim"])
    masks = [
        {"case": c, "target": (a // 64).tolist(), "prediction": (b // 64).tolist()}
        for c, (a, b) in enumerate(cases)
    ]
    other = scores(masks, ["miou"], ["miou.classes=4"])
    for case, (gold, said) in enumerate(cases):
        a, b = (torch.from_numpy(image.astype(float))[None] for image in (gold, said))
        psnr = peak_signal_noise_ratio(b, a, data_range=255.0).item()
        same(ours[case]["psnr"][""], psnr, f"case {case} psnr", 1e-5)
        ssim = structural_similarity_index_measure(b, a, data_range=255.0).item()
        same(ours[case]["ssim"][""], ssim, f"case {case} ssim", 1e-5)
        flat = [(image // 64).ravel() for image in (gold, said)]
        miou = metrics.jaccard_score(*flat, labels=range(4), average="macro", zero_division=0)
        same(other[case]["miou"][""], miou, f"case {case} miou")
    note(f"{CASES} images, torchmetrics and scikit-learn")


FAMILIES = {
    "labels": (labels, ["sklearn"]),
    "binary-rankings": (rankings, ["sklearn"]),
    "probabilities": (probabilities, ["sklearn", "torchmetrics"]),
    "several-labels": (several_labels, ["sklearn"]),
    "entities": (entities, ["seqeval"]),
    "answers": (answers, ["torchmetrics"]),
    "chinese-answers": (chinese_answers, ["nltk"]),
    "numbers": (numbers, ["sklearn", "scipy"]),
    "ranked-lists": (ranked_lists, ["torchmetrics", "sklearn"]),
    "images": (images, ["torchmetrics", "sklearn"]),
}


def main():
    for name, (family, peers) in FAMILIES.items():
        with check("metrics-" + name) as note:
            # A peer that cannot be imported is a failure here, not a skip.
            try:
                need(*peers)
            except Exception as error:
                raise AssertionError(str(error)) from error
            family(note)


if __name__ == "__main__":
    main()
