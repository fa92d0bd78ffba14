"""Runs a script of Tests/EndToEnd with other arguments, several times over, and adds up what passed."""

import pathlib
import re
import subprocess
import sys

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "EndToEnd"


def run(script, runs):
    passed = failed = 0
    for arguments in runs:
        print(f"{script} {' '.join(arguments)}", flush=True)
        command = [sys.executable, str(SCRIPTS / script), *arguments]
        last = ""
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            for line in process.stdout:
                print(f"    {line}", end="", flush=True)
                last = line
        counted = re.fullmatch(r"(\d+) passed, (\d+) failed\n?", last)
        passed += int(counted[1]) if counted else 0
        # A run that ends without its count, or badly, is a failure even when none was counted.
        failed += max(int(counted[2]) if counted else 1, process.returncode != 0)
    print(f"{passed} passed, {failed} failed", flush=True)
    sys.exit(0 if failed == 0 else 1)
