"""Reads every .evtx file below a folder with pyevtx and python-evtx; see check-forged-logs.sh."""

import os
import struct
import sys
import xml.etree.ElementTree as ElementTree

import pyevtx
from Evtx.Evtx import Evtx

NAMESPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"


def stored_records(path):
    """How many records the chunks' own headers say there are."""
    with open(path, "rb") as file:
        data = file.read()
    count = 0
    for chunk in range(4096, len(data), 65536):
        first, last = struct.unpack_from("<QQ", data, chunk + 8)
        count += 0 if last == 2**64 - 1 else last - first + 1
    return count


def event_id(xml):
    """Record id and event id of a record's XML, which must parse."""
    event = ElementTree.fromstring(xml)
    system = event.find(NAMESPACE + "System")
    return system.find(NAMESPACE + "EventRecordID").text, system.find(NAMESPACE + "EventID").text


def with_libyal(path):
    """Ids as libyal reads them; complains of corruption and of recovered records."""
    log = pyevtx.file()
    log.open(path)
    try:
        if log.is_corrupted():
            raise ValueError("libyal calls the file corrupted")
        if log.number_of_recovered_records:
            raise ValueError(f"libyal had to recover {log.number_of_recovered_records} records")
        return [event_id(log.get_record(i).xml_string) for i in range(log.number_of_records)]
    finally:
        log.close()


def with_python_evtx(path):
    """Ids as python-evtx reads them; checks its checksums of headers and data."""
    ids = []
    with Evtx(path) as log:
        if not log.get_file_header().verify():
            raise ValueError("python-evtx refuses the file header")
        for chunk in log.chunks():
            # A log without records is one chunk whose numbers are no numbers.
            if chunk.log_last_record_number() == 2**64 - 1:
                continue
            if not chunk.verify():
                raise ValueError(f"python-evtx refuses the chunk at {chunk.offset():#x}")
            for record in chunk.records():
                if not record.verify():
                    raise ValueError(f"python-evtx refuses record {record.record_num()}")
                ids.append(event_id(record.xml()))
    return ids


def check(path):
    """Raises with what is wrong with the file; returns how many records it holds."""
    stored = stored_records(path)
    libyal, python = with_libyal(path), with_python_evtx(path)
    for name, ids in (("libyal", libyal), ("python-evtx", python)):
        if len(ids) != stored:
            raise ValueError(f"{name} reads {len(ids)} of {stored} records")
    if libyal != python:
        raise ValueError("the readers disagree on record ids or event ids")
    return stored


def main(folder):
    paths = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name.endswith(".evtx")]
    faults, records = 0, 0
    for path in sorted(paths):
        try:
            records += check(path)
        except Exception as fault:  # every complaint of a reader counts, whatever its type
            faults += 1
            print(f"{path}: {fault}", file=sys.stderr)
    print(f"{len(paths)} logs, {records} records, {faults} with faults")
    if not paths:
        print(f"no .evtx file below {folder}", file=sys.stderr)
        return 2
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
