"""Twenty seeds of chaos, a minute each."""

from _runs import run

run("chaos.py", [["--seed", str(seed), "--seconds", "60"] for seed in range(1, 21)])
