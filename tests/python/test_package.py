"""The package as such: types for users, oldest Python, quick import, what an archive of its source holds."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import depesche
import pytest
from conftest import ROOT

PACKAGE = ROOT / "python" / "depesche"


def test_a_users_script_passes_strict_mypy(tmp_path):
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path)]
    script = Path(__file__).with_name("user_script.py")
    done = subprocess.run([*command, str(script)], capture_output=True, encoding="utf-8", check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_every_public_name_has_a_docstring():
    for name in depesche.__all__:
        thing = getattr(depesche, name)
        assert name == "__version__" or (thing.__doc__ or "").strip(), name
        for member, value in (
            vars(thing).items() if isinstance(thing, type) and thing.__module__.startswith("depesche") else ()
        ):
            if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                assert (getattr(value, "__doc__", None) or "").strip(), f"{name}.{member}"


def test_importing_is_quick_and_needs_nothing_else():
    code = (
        "import sys, time; t = time.process_time(); import depesche; t = time.process_time() - t;"
        "print(t, *[m for m in ('pandas', 'polars', 'pyarrow', 'altair', 'matplotlib', 'tqdm', 'IPython') if m in sys.modules])"
    )
    run = lambda: subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    ).stdout.split()
    runs = [run() for _ in range(3)]
    assert [words[1:] for words in runs] == [[], [], []]
    assert min(float(words[0]) for words in runs) < 0.15


def test_the_source_needs_no_newer_python_than_it_says():
    pytest.importorskip("vermin")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("vermin")), "-t=3.9-", "--no-tips", "--violations", "--eval-annotations", "--no-parse-comments", str(PACKAGE)],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    # Annotations are never evaluated: every module says `from __future__ import annotations`.
    assert all(
        "from __future__ import annotations" in path.read_text(encoding="utf-8") for path in PACKAGE.glob("_[a-z]*.py")
    )
    assert done.returncode == 0, done.stdout


def test_the_extension_serves_every_python_from_3_9_on():
    spec = importlib.util.find_spec("depesche._depesche")
    assert re.search(r"\.abi3\.so$|\.pyd$", spec.origin)


def test_versions_agree():
    cargo = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    assert f'version = "{depesche.__version__}"' in cargo
