"""``python -m depesche`` is the program ``depesche``."""

import signal
import sys

from . import _depesche


def main() -> int:
    """Run the command line in ``sys.argv`` and return the exit status."""
    # The program runs outside the interpreter: let Ctrl-C end it at once, as it ends the native one.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _depesche.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
