//! Exported Windows event logs to events.
