"""The speed table in Markdown, and putting it between its marks in a document."""

import re

BEGIN = "<!-- benchmarks: begin (written by Benchmarks/run.py, changes by hand are lost) -->"
END = "<!-- benchmarks: end -->"
HEAD = "# Performance\n\nHow fast dsx is beside the tools that people use for the same work.\n"


def figure(value):
    """Three significant digits, thousands separated."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def seconds(spread):
    return f"{figure(spread['median'])} ({figure(spread['min'])}–{figure(spread['max'])})"


def line(result):
    """One line for the terminal."""
    pair = result["pair_ratio"]
    return (
        f"{result['name']}: {figure(result['rate_ours'])} against {figure(result['rate_peer'])}"
        f" {result['unit']}/s, {result['ratio']:.2f}x"
        f" (pairs {pair['median']:.2f}, {pair['min']:.2f}–{pair['max']:.2f})"
    )


HEADLINE = [
    "work",
    "peer",
    "dsx",
    "peer",
    "ratio of medians",
    "ratio of pairs: median (min–max)",
    "floor",
]
DETAIL = [
    "benchmark",
    "dsx s: median (min–max)",
    "peer s: median (min–max)",
    "whole process s, dsx / peer",
    "CPU s, dsx / peer (ratio)",
    "peak MB, dsx / peer",
]


def headline(result, benchmark):
    pair = result["pair_ratio"]
    return [
        f"{benchmark['title']} (`{result['name']}`)",
        benchmark["peer_name"],
        f"{figure(result['rate_ours'])} {result['unit']}/s",
        f"{figure(result['rate_peer'])} {result['unit']}/s",
        f"**{result['ratio']:.2f}x**",
        f"{pair['median']:.2f}x ({pair['min']:.2f}–{pair['max']:.2f})",
        f"{benchmark['floor']}x" if "floor" in benchmark else "",
    ]


def detail(result):
    ours, peer, quoted = result["ours"], result["peer"], result["quoted"]
    median = {
        key: (ours[key]["median"], peer[key]["median"]) for key in ("process", "cpu", "peak_mb")
    }
    return [
        f"`{result['name']}`",
        seconds(ours[quoted]),
        seconds(peer[quoted]),
        " / ".join(map(figure, median["process"])),
        " / ".join(map(figure, median["cpu"])) + f" ({result['cpu_ratio']['median']:.1f}x)",
        " / ".join(f"{size:.0f}" for size in median["peak_mb"]),
    ]


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines] + [""]


def fragment(results, suite):
    """The tables and, below them, how each line was measured."""
    known = {benchmark["name"]: benchmark for benchmark in suite["benchmarks"]}
    lines = [
        *table(HEADLINE, [headline(result, known[name]) for name, result in results.items()]),
        "dsx and peer ran in alternation after a warm-up round. A ratio is the peer's time over"
        " dsx's. The time is that of the whole process for preparation; for records and perplexity"
        " it is that of the region which each program times itself, without start-up, imports and"
        " loading. `OPENBLAS_CORETYPE` and `OPENBLAS_L2_SIZE` were removed from the environment of"
        " both programs.",
        "",
        *table(DETAIL, [detail(result) for result in results.values()]),
    ]
    for name, result in results.items():
        benchmark = known[name]
        compared = ", ".join(result["compared"])
        lines += [
            f"`{name}`: rounds: {result['rounds']}, on {result['measured']}, {result['machine']},"
            f" load of {result['load']} before it began; a run does {figure(result['work'])}"
            f" {result['unit']};"
            + (f" OpenBLAS core {result['core']};" if "core" in result else "")
            + (f" equal in both programs: {compared}." if compared else " no result was compared."),
            "",
            "```",
            *(shown(command, suite) for command in benchmark.get("setup", [])),
            shown(benchmark["ours"], suite),
            shown(benchmark["peer"], suite),
            "```",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def shown(command, suite):
    """A command as a reader would type it; the folders that differ between machines as `$NAME`."""
    plain = {name: text for name, text in suite["variables"].items() if "$" not in text}
    places = {"python": "$PYTHON", "tmp": "$TMP", "corpus": "$CORPUS", "cache": "$CACHE"}
    for name in re.findall(r"{(\w+)}", command):
        places.setdefault(name, "$" + name.upper())
    return command.format(**{**plain, **places, "dsx": "dsx", "bench": "dsx-bench"})


def refresh(document, text):
    """Puts the text between the marks; a document without marks gets them at its end."""
    document.parent.mkdir(parents=True, exist_ok=True)
    old = document.read_text(encoding="utf-8") if document.exists() else HEAD
    if BEGIN in old and END in old:
        before, rest = old.split(BEGIN, 1)
        after = rest.split(END, 1)[1]
    else:
        before, after = old.rstrip() + "\n\n", "\n"
    document.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")
