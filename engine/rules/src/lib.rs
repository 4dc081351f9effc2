//! Rules in YAML to a checked, compiled pack.
