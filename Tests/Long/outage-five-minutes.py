"""The database away for five minutes, and what else outage.py does."""

from _runs import run

run("outage.py", [["--away", "300"]])
