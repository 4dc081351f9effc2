#!/usr/bin/env python3
"""Compare the reports of two builds byte for byte: compare-builds.py OLD NEW FORGE [PATH ...]

OLD and NEW are two builds of rdpwhy, FORGE is rdpwhy-forge. Every ticket under samples/ is forged and diagnosed by both, and so
is every file and folder directly under each PATH, in all formats, with the exit status. Prints what differs, and the count. Exit status 1 if anything differs.

The fingerprint of the rules, which every report names, is left out of the comparison. What OLD said is remembered in
target/compare/, so that a second run asks only NEW.
"""
import concurrent.futures
import hashlib
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
STORE = ROOT / "target" / "compare"
FORMATS = ["json", "text", "markdown", "html", "csv", "jsonl", "timesketch", "mermaid"]
EXTRA = [["-v"], ["--redact", "--format", "json"]]


def said(build, fingerprint, arguments):
    run = subprocess.run([build, "diagnose", *arguments], capture_output=True, cwd=STORE)
    text = run.stdout + b"\0%d" % run.returncode
    return hashlib.sha256(text.replace(fingerprint, b"FINGERPRINT")).hexdigest()


def fingerprint(build):
    report = subprocess.run([build, "diagnose", "--format", "json", STORE / "forged" / "healthy"], capture_output=True)
    return re.search(rb'"rules": "([0-9a-f]+)"', report.stdout)[1]


def asked(paths):
    names = sorted(path for path in (STORE / "forged").iterdir())
    for path in paths:
        names += sorted(pathlib.Path(path).resolve().iterdir())
    for name in names:
        options = ticket_options(name)
        for wanted in [["--format", form] for form in FORMATS] + EXTRA:
            yield [*wanted, *options, str(name.relative_to(STORE) if name.is_relative_to(STORE) else name)]


def ticket_options(name):
    """What the ticket itself asks: `options: { error: 0x904, user: anna }` of a sample, `args` of a truth.json."""
    truth = name / "truth.json"
    if truth.exists():
        return json.loads(truth.read_text()).get("args", [])
    ticket = name / "ticket.yml"
    options = re.search(r"^ *options: \{(.*)\}", ticket.read_text(), re.M) if ticket.exists() else None
    pairs = re.findall(r"(\w+): *\"?([^,}\s\"]+)", options[1]) if options else []
    pairs = [(key, value) for key, value in pairs if not value.startswith(("+", "-"))]  # relative to the ticket's start
    return [word for key, value in pairs for word in (f"--{key}", value)]


def main():
    old, new, forge, *paths = sys.argv[1:]
    (STORE / "forged").mkdir(parents=True, exist_ok=True)
    for folder in sorted(path.parent for path in (ROOT / "samples").rglob("ticket.yml")):
        name = str(folder.relative_to(ROOT / "samples")).replace("/", "-")
        if not (STORE / "forged" / name).exists():
            out = STORE / "forging"
            subprocess.run([forge, "--out", out, folder / "ticket.yml"], check=True, stdout=subprocess.DEVNULL)
            (out / folder.name / "ticket.yml").write_text((folder / "ticket.yml").read_text())
            (out / folder.name).rename(STORE / "forged" / name)
    with open(old, "rb") as file:
        key = hashlib.sha256(file.read()).hexdigest()[:16]
    store = STORE / f"{key}.json"
    known = json.loads(store.read_text()) if store.exists() else {}
    questions = list(asked(paths))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        mark = fingerprint(old)
        missing = [q for q in questions if " ".join(q) not in known]
        for question, answer in zip(missing, pool.map(lambda q: said(old, mark, q), missing)):
            known[" ".join(question)] = answer
        store.write_text(json.dumps(known))
        mark = fingerprint(new)
        answers = pool.map(lambda q: said(new, mark, q), questions)
        different = [q for q, answer in zip(questions, answers) if known[" ".join(q)] != answer]
    for question in different:
        print("differs: rdpwhy diagnose", " ".join(question))
    inputs = len({q[-1] for q in questions})
    print(f"{len(questions)} reports of {inputs} inputs compared, {len(different)} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
