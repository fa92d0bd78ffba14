"""Chaos for ten minutes with one seed."""

from _runs import run

run("chaos.py", [["--seed", "2023", "--seconds", "600"]])
