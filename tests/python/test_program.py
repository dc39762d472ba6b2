"""``python -m depesche`` is the program."""

import json
import subprocess
import sys


def run(*arguments, **options):
    command = [sys.executable, "-m", "depesche", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, **options)


def test_extract_reads_standard_input():
    done = run("extract", "-", "--layers", "times", input="Bonn.")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["text"] == "Bonn."


def test_exit_status_and_message_are_the_programs():
    done = run("extract", "missing.txt")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["kind"] == "io"
    assert done.stderr.startswith("depesche: missing.txt: ")
    assert run("extract").returncode == 2
