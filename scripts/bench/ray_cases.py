"""`ray_cases.py TICKETS OUT`: the cases through rdpwhy.ray, on all cores of this machine."""

import sys

import ray
import rdpwhy.ray

ray.init(include_dashboard=False, log_to_driver=False, logging_level="ERROR")
ended = rdpwhy.ray.diagnose_all(sys.argv[1], sys.argv[2])
print(f"{ended.cases} cases, {ended.failed} failed")
