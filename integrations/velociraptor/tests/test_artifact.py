"""The artifact as far as it can be tested without a server: its form, and what its command line makes of copied logs."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
COMMAND = os.environ.get("RDPWHY_COMMAND", str(ROOT / "target" / "debug" / "rdpwhy"))
ARTIFACT = yaml.safe_load((ROOT / "integrations" / "velociraptor" / "Server.Analysis.RemoteDesktop.yaml").read_text())
QUERY = ARTIFACT["sources"][0]["query"]


def test_it_has_the_form_of_an_artifact():
    assert re.fullmatch(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)+", ARTIFACT["name"]) and ARTIFACT["type"] == "SERVER"
    assert {"EXECVE", "FILESYSTEM_READ", "FILESYSTEM_WRITE"} == set(ARTIFACT["required_permissions"])
    named = {parameter["name"] for parameter in ARTIFACT["parameters"]}
    for name in named:
        assert re.search(rf"\b{name}\b", QUERY), f"{name} is not used"
    assert QUERY.count("(") == QUERY.count(")") and QUERY.count("{") == QUERY.count("}")
    # Nothing but the copy is read: what lies in the datastore may be compressed.
    assert 'accessor="fs"' in QUERY and "file_store(" not in QUERY


def argv(logs, results):
    """The command line, with what the query would put into it."""
    words = re.search(r"argv=\[(.*?)\]", QUERY, re.S).group(1)
    values = {"Command": COMMAND, "Logs": str(logs), "Results": str(results), "str(str=Timeout)": "600"}
    for word in re.findall(r'"[^"]*"|[A-Za-z]+\([^)]*\)|\w+', words):
        yield word.strip('"') if word.startswith('"') else values[word]


def test_each_client_is_a_row_with_the_columns_that_the_query_takes(tmp_path):
    logs, results = tmp_path / "logs", tmp_path / "results"
    results.mkdir()
    for client, sample in [("C.1a2b3c", "key-inaccessible"), ("C.4d5e6f", "healthy")]:
        target = logs / client / "F.CABC"
        target.mkdir(parents=True)
        for log in (ROOT / "samples" / sample / "logs" / "host").iterdir():
            shutil.copy(log, target / log.name.replace("%", "%25"))
    done = subprocess.run(list(argv(logs, results)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in (results / "cases.jsonl").read_text().splitlines()]
    assert [(row["case"], row["cause"]) for row in rows] == [("C.1a2b3c", "rdp-key-inaccessible"), ("C.4d5e6f", None)]
    columns = re.search(r"os_info\.fqdn AS Host,\s*(.*?),\s*\{ SELECT Report", QUERY, re.S).group(1)
    for column in re.split(r",\s*", columns):
        assert column in rows[0], column
    for row in rows:
        assert (results / "reports" / f"{row['case']}.html").is_file()
    assert (results / "index.html").is_file()
