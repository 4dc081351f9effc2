"""Makes many different cases out of the tickets in samples/: `many_cases.py WORK COUNT FORGE` writes WORK/tickets/CASE.

Each round takes all tickets once, with other times and another title, from which everything that is made up is seeded. One
case in a hundred is broken instead, in one of seven ways.
"""

import re
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path


def moved(ticket, round_):
    """The text of a ticket, so many weeks later."""
    text = ticket.read_text(encoding="utf-8")
    # What it rests on stays where it is.
    text = re.sub(r"^base: (.*)$", lambda found: f"base: {(ticket.parent / found.group(1)).resolve()}", text, flags=re.M)

    def later(found):
        when = datetime.fromisoformat(found.group(2)) + timedelta(weeks=round_, minutes=13 * round_)
        return found.group(1) + when.isoformat()

    text = re.sub(r"^(start:\s*)(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)", later, text, flags=re.M)
    return re.sub(r"^title: (['\"]?)", rf"title: \g<1>{round_} ", text, count=1, flags=re.M)


def broken(folder, number, whole):
    """A case that cannot be read, or not completely."""
    folder.mkdir(parents=True)
    log = folder / "System.evtx"
    kind = number % 7
    if kind == 0:
        log.write_text("not a log")
    elif kind == 1:
        log.write_bytes(b"")
    elif kind == 2:
        log.write_bytes(whole[:100])
    elif kind == 3:
        log.write_bytes(whole[: len(whole) // 2])
    elif kind == 4:
        log.write_bytes(whole[:4096] + bytes(65536))
    elif kind == 5:
        (folder / "logs.zip").write_bytes(b"PK\3\4" + bytes(1000))
    else:
        with zipfile.ZipFile(folder / "logs.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("System.evtx", bytes(200 << 20))


def main(work, count, forge):
    work, count = Path(work), int(count)
    tickets = sorted(Path("samples").rglob("ticket.yml"))
    wanted, number = [], 0
    for at in range(count):
        if at % 100 != 99:
            wanted.append((at, tickets[number % len(tickets)], number // len(tickets)))
            number += 1
    for at, ticket, round_ in wanted:
        target = work / "made" / f"INC-{at:05}"
        target.mkdir(parents=True)
        target.joinpath("ticket.yml").write_text(moved(ticket, round_), encoding="utf-8")
    done = subprocess.run([forge, str(work / "made"), "--out", str(work / "tickets")], stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 1):
        sys.exit("the tickets could not be forged")
    shutil.rmtree(work / "made")
    first = next((work / "tickets").rglob("System.evtx")).read_bytes()
    for at in range(99, count, 100):
        broken(work / "tickets" / f"INC-{at:05}", at // 100, first)
    made = len(list((work / "tickets").iterdir()))
    if made != count:
        sys.exit(f"{made} cases instead of {count}")


main(*sys.argv[1:])
