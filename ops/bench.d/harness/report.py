"""The table and the file that a bench leaves behind."""

import json
import os
import statistics
import time


def summary(rounds):
    """Median, least and most of every figure over the rounds of one contender."""
    figures = {}
    for name in {name for figures_of_round in rounds for name in figures_of_round}:
        values = [one[name] for one in rounds if one.get(name) is not None]
        if values:
            figures[name] = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    return figures


def medians(results):
    return {name: {figure: spread["median"] for figure, spread in figures.items()} for name, figures in results.items()}


def number(value):
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def spread_text(figures, name):
    if name not in figures:
        return "-"
    spread = figures[name]
    return f"{number(spread['median'])} ({number(spread['min'])} to {number(spread['max'])})"


def table(header, rows):
    """Columns as wide as their widest cell; the first to the left, the others to the right."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    def line(row):
        return "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))).rstrip()
    return "\n".join([line(header), "  ".join("-" * width for width in widths), *(line(row) for row in rows)])


def verdict(met):
    return {None: "not measured", True: "yes", False: "NO"}[met]


def goal_rows(measure, results):
    """ours, peer, limit, ratio, target, met: one row per goal."""
    middle = medians(results)
    for goal in measure.goals:
        own = middle.get(goal.contender, {}).get(goal.figure)
        peer = middle.get(goal.beside or measure.peers[0], {}).get(goal.figure)
        limit = middle.get(measure.limit, {}).get(goal.figure)
        if measure.limit.startswith("pgbench") and goal.figure.endswith("_ms"):
            limit = middle.get(measure.limit, {}).get("mean_ms")
        ratio = own / peer if own is not None and peer else None
        yield [measure.name, number(own), number(peer), number(limit), number(ratio), goal.text, verdict(goal.met(middle))]


def contender_rows(measure, results):
    ours = results.get(next(iter(measure.contenders)), {}).get(measure.figure, {}).get("median")
    for name, figures in results.items():
        own = figures.get(measure.figure, {}).get("median")
        ratio = ours / own if ours and own else None
        memory = figures.get("memory_mib", {}).get("max")
        servers = [f"{kind} {number(figures[kind + '_mib']['max'])}" for kind in ("broker", "database") if kind + "_mib" in figures]
        latency = ""
        if "p50_ms" in figures:
            latency = " / ".join(number(figures[key]["median"]) for key in ("p50_ms", "p99_ms", "max_ms"))
        if "mean_ms" in figures:
            latency = "mean " + number(figures["mean_ms"]["median"])
        yield ["  " + name, spread_text(figures, measure.figure), number(ratio), latency or "-", number(memory), ", ".join(servers) or "-"]


def print_measure(measure, results):
    print(f"\n{measure.title} ({measure.unit}: median, least to most)")
    header = ["  who", measure.unit, "ours to it", "p50 / p99 / max ms", "memory MiB", "servers MiB"]
    print(table(header, list(contender_rows(measure, results))), flush=True)


def print_goals(measured):
    rows = [row for measure, results in measured for row in goal_rows(measure, results)]
    print("\n" + table(["measure", "ours", "peer", "limit", "ours / peer", "target", "met"], rows))
    return [row for row in rows if row[-1] == "NO"]


def write_json(path, measured, options, began):
    content = {
        "began": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began)),
        "seconds": round(time.time() - began),
        "cores": os.cpu_count(),
        "load_before": options["load_before"],
        "options": {key: value for key, value in options.items() if key != "load_before"},
        "measures": {
            measure.name: {
                "title": measure.title,
                "unit": measure.unit,
                "contenders": results,
                "goals": [
                    {"text": goal.text, "value": goal.value(medians(results)), "bound": goal.bound, "met": goal.met(medians(results))}
                    for goal in measure.goals
                ],
            }
            for measure, results in measured
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(content, indent=2) + "\n")
    temporary.replace(path)
