"""The payment simulator, driven by the gateways' own Python packages. `paysim.py WORDS` runs the tests whose title has the words."""

import sys

import _paysim_faults
import _paysim_paystack
import _paysim_stripe
from _paysim import Receiver, Simulator
from _suite import Suite


def main():
    only = " ".join(sys.argv[1:])
    whole = Suite("paysim")
    simulator, receiver = Simulator(), Receiver()
    try:
        for part in [_paysim_stripe, _paysim_paystack, _paysim_faults]:
            for title, function in part.suite.tests:
                arguments = [simulator, receiver][: function.__code__.co_argcount]
                if only in title:
                    whole.run(title, function, *arguments)
                    if simulator.process.poll() is None:
                        simulator.clear_faults()
    finally:
        receiver.close()
        if simulator.process.poll() is None:
            simulator.kill()
    whole.finish()


main()
