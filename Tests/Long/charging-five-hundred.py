"""Five hundred combinations of deaths and faults around a charge, calls without an answer among them, from a printed seed."""

import os

from _runs import run

os.environ["PURSER_TEST_ROUNDS"] = "500"
run("charging.py", [[]])
