"""Runs the tests of a script one after the other, says what failed and why, and ends with the line that ops/test counts."""

import sys
import time
import traceback


class Failed(AssertionError):
    """A test's expectation that did not hold."""


class TimedOut(Failed):
    """What was waited for did not come about in time."""


def expect(condition, words):
    if not condition:
        raise Failed(words() if callable(words) else words)


def equal(found, wanted, what):
    if found != wanted:
        raise Failed(f"{what}: found {found!r}, wanted {wanted!r}")


def wait_for(what, condition, seconds=15, every=0.02):
    """Asks until the condition holds and returns what it answered. What is waited for stands in the failure's words."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimedOut(f"not within {seconds} s: {what}")
        time.sleep(every)


class Suite:
    def __init__(self, name):
        self.name, self.tests, self.passed, self.failed = name, [], 0, 0

    def test(self, title):
        def keep(function):
            self.tests.append((title, function))
            return function

        return keep

    def run(self, title, function, *arguments):
        """One test. Returns whether it passed."""
        begun = time.monotonic()
        try:
            function(*arguments)
        except Exception as error:  # whatever goes wrong in a test is that test's failure, and the others go on
            self.failed += 1
            print(f"failed: {title} ({time.monotonic() - begun:.1f} s): {error}", flush=True)
            if not isinstance(error, Failed):
                traceback.print_exc(file=sys.stdout)
            else:
                place = traceback.extract_tb(error.__traceback__)
                inside = [frame for frame in place if "_suite.py" not in frame.filename]
                print(f"    at {inside[-1].filename}:{inside[-1].lineno}", flush=True)
            return False
        self.passed += 1
        print(f"passed: {title} ({time.monotonic() - begun:.1f} s)", flush=True)
        return True

    def run_all(self, *arguments, only=""):
        for title, function in self.tests:
            if only in title:
                self.run(title, function, *arguments)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        sys.exit(0 if self.failed == 0 and self.passed > 0 else 1)
