//! A ticket written as YAML to real EVTX files.
