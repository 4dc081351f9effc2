"""Tells why a Remote Desktop connection failed, from exported Windows event logs.

    import rdpwhy

    diagnosis = rdpwhy.diagnose("case.zip", error=0x904, extended=0x7)
    print(diagnosis.summary)
    for cause in diagnosis.causes:
        print(f"{cause.probability:.0%} {cause.headline}")
"""

from ._diagnosis import (
    Attempt,
    Cause,
    Diagnosis,
    Evidence,
    Field,
    Incident,
    Record,
    Step,
    diagnose,
)
from ._errors import NoLogsError, OptionError, RdpwhyError, RedactionError, RulesError
from ._explain import Meaning, explain
from ._rdpwhy import VERSION as __version__

__all__ = [
    "Attempt",
    "Cause",
    "Diagnosis",
    "Evidence",
    "Field",
    "Incident",
    "Meaning",
    "NoLogsError",
    "OptionError",
    "RdpwhyError",
    "Record",
    "RedactionError",
    "RulesError",
    "Step",
    "__version__",
    "diagnose",
    "explain",
]
