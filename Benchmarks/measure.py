"""One run of a command, measured from outside, and the summary of many."""

import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

# Presets on some machines that make OpenBLAS take slower kernels than it would choose itself; the
# programs are measured as their users run them.
PRESETS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


class Failure(Exception):
    """A command failed, or two programs disagree about the result."""


def last_json(text):
    """The JSON object that ends a program's output: on one line, or over several."""
    text = text.strip()
    for start in (text.rfind("\n") + 1, text.find("{")):
        try:
            found = json.loads(text[start:]) if start >= 0 else None
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return {}


def run(command, folder):
    """Wall time, CPU time and peak memory of the whole process, and the JSON that it printed."""
    environment = {key: value for key, value in os.environ.items() if key not in PRESETS}
    # MindSpore's and the tokenizers' messages are not part of the work.
    environment.update(GLOG_v="3", TOKENIZERS_PARALLELISM="false", HF_HUB_OFFLINE="1")
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as messages:
        start = time.perf_counter()
        try:
            process = subprocess.Popen(
                shlex.split(command), cwd=folder, env=environment, stdout=output, stderr=messages
            )
        except OSError as error:
            raise Failure(f"cannot run {shlex.split(command)[0]}: {error.strerror}") from error
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        messages.seek(0)
        text = output.read().decode(errors="replace")
        words = messages.read().decode(errors="replace")
    if process.returncode:
        raise Failure(f"status {process.returncode} from: {command}\n{words.strip()[-600:]}")
    printed = last_json(text)
    return {
        "process": wall,
        "region": printed.get("seconds"),
        "cpu": usage.ru_utime + usage.ru_stime,
        # Linux counts in KiB; a program's children that have ended are in it.
        "peak_mb": usage.ru_maxrss / 1024,
        "json": printed,
    }


def spread(numbers):
    return {
        "median": round(statistics.median(numbers), 4),
        "min": round(min(numbers), 4),
        "max": round(max(numbers), 4),
    }


def side(runs):
    timed = [run["region"] for run in runs]
    return {
        "process": spread([run["process"] for run in runs]),
        "region": spread(timed) if None not in timed else None,
        "cpu": spread([run["cpu"] for run in runs]),
        "peak_mb": spread([run["peak_mb"] for run in runs]),
    }


def machine():
    """What a reader needs to judge the figures: processor, cores, system."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    model = line.split(":", 1)[1].strip()
                    break
        with open("/etc/os-release") as file:
            system = dict(line.strip().split("=", 1) for line in file if "=" in line)
    except OSError:
        system = {}
    name = system.get("PRETTY_NAME", platform.system()).strip('"')
    return f"{model}, {os.cpu_count()} cores, {name}"


def summary(benchmark, pairs, work, compared, load):
    """Medians and spreads; the ratio is peer over dsx, so that 10 means ten times as fast."""
    ours, peer = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    quoted = benchmark["quoted"]
    if any(run[quoted] is None for run in (*ours, *peer)):
        print(f"{benchmark['name']}: no \"seconds\" printed, whole process quoted", file=sys.stderr)
        quoted = "process"
    ratios = [b[quoted] / a[quoted] for a, b in pairs]
    cpu = [b["cpu"] / a["cpu"] for a, b in pairs]
    medians = [statistics.median(run[quoted] for run in runs) for runs in (ours, peer)]
    core = ours[-1]["json"].get("core") if ours[-1]["json"] else None
    return {
        **({"core": core} if core else {}),
        "name": benchmark["name"],
        "rounds": len(pairs),
        "quoted": quoted,
        "unit": benchmark["unit"],
        "work": round(work, 3),
        "ours": side(ours),
        "peer": side(peer),
        "rate_ours": round(work / medians[0], 2),
        "rate_peer": round(work / medians[1], 2),
        "ratio": round(medians[1] / medians[0], 3),
        "pair_ratio": spread(ratios),
        "cpu_ratio": spread(cpu),
        "compared": compared,
        "load": round(load, 2),
        "measured": time.strftime("%Y-%m-%d"),
        "machine": machine(),
    }
