"""The tour is executed, and looked at in a browser: light and dark, without errors, and no text runs as a script.

Pictures and pages stay in `dist/tour`, as artefacts of the build. Without Chromium the browser's part is skipped.
"""

import re
import shutil
import subprocess

import pytest
from conftest import EXAMPLES, ROOT

pytest.importorskip("nbclient")
pytest.importorskip("nbconvert")
for needed in ("ipykernel", "altair", "matplotlib", "vl_convert", "polars", "pandas", "pyarrow"):
    pytest.importorskip(needed)

OUT = ROOT / "dist" / "tour"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
SCRIPT = "<script>document.documentElement.dataset.ran = 1</script><img src=x onerror='document.documentElement.dataset.ran = 1'>"


@pytest.fixture(scope="module")
def notebook():
    import nbformat
    from nbclient import NotebookClient

    tour = nbformat.read(EXAMPLES / "tour.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in tour.cells), "the tour is kept without its outputs"
    NotebookClient(tour, timeout=300, resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    return tour


def page(notebook, theme):
    """The executed notebook as a page that needs no network."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(theme=theme, require_js_url="", mathjax_url="", jquery_url="", mermaid_js_url="")
    html, _ = exporter.from_notebook_node(notebook)
    # What is left of scripts loads libraries for formulas and diagrams, of which the tour has none.
    html = re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"tour-{theme}.html"
    path.write_text(html, encoding="utf-8")
    return path


def browse(path, *options):
    """What Chromium says on standard output and standard error about a page."""
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr"]
    done = subprocess.run(
        [*command, *options, path.as_uri()],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=180,
        check=True,
    )
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def test_every_cell_runs_and_every_picture_is_there(notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    kinds = [kind for output in outputs for kind in output.get("data", {})]
    assert kinds.count("image/svg+xml") == 5
    assert kinds.count("image/png") == 1
    shown = "".join(output.get("data", {}).get("text/html", "") for output in outputs)
    assert 'class="depesche"' in shown
    assert "<details><summary>why</summary>" in shown
    assert "No dated events." in "".join(output.get("data", {}).get("image/svg+xml", "") for output in outputs)


@needs_browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_tour_shows_itself_without_errors(notebook, theme):
    picture = OUT / f"tour-{theme}.png"
    path = page(notebook, theme)
    _, errors = browse(path, f"--screenshot={picture}", "--window-size=1200,9000")
    assert errors == []
    assert picture.stat().st_size > 100_000


@needs_browser
def test_no_text_runs_as_a_script(engine, tmp_path):
    doc = engine.read(
        f"Außenminister {SCRIPT} besuchte Polen.", title=SCRIPT, id=SCRIPT, date="2025-04-08", explain=True
    )
    control = tmp_path / "control.html"
    control.write_text(f"<!DOCTYPE html><meta charset=utf-8>{SCRIPT}", encoding="utf-8")
    shown = tmp_path / "shown.html"
    shown.write_text(f"<!DOCTYPE html><meta charset=utf-8>{doc._repr_html_()}", encoding="utf-8")
    assert "data-ran" in browse(control, "--dump-dom")[0]
    dom, errors = browse(shown, "--dump-dom")
    assert "data-ran" not in dom.split("<body", 1)[0]
    assert "Außenminister &lt;script&gt;" in dom
    assert errors == []
