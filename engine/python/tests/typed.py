"""What a user writes, for the type checker: wrong types here are errors of the stubs."""

from typing import List, Optional

import rdpwhy


def strongest(path: str) -> Optional[str]:
    diagnosis = rdpwhy.diagnose(path, ("System.evtx", b""), error=0x904, tz="Europe/Berlin")
    names: List[str] = [cause.id for cause in diagnosis.causes if cause.probability > 0.5]
    for incident in diagnosis.incidents:
        if incident.started is not None and incident.started.year > 2000:
            names.append(incident.machine)
    for meaning in rdpwhy.explain("0x904"):
        names.extend(meaning.causes)
    return names[0] if names else None
