//! What a detection looks at: named values, each name with none, one or several.

use rdpwhy_event::Event;

/// A record whose fields hold texts. The fields' names are the record's own affair, also whether case counts in them.
///
/// `EventID` and `Provider_Name` have one value each: those the record was written under.
pub trait Record {
    /// Calls `visit` with every value of `field`, in record order, until it returns true.
    ///
    /// Returns whether `visit` did; false where the record has no such field.
    fn each_value(&self, field: &str, visit: &mut dyn FnMut(&str) -> bool) -> bool;

    /// Calls `visit` with every value that a keyword may be in until it returns true; returns whether it did.
    fn any_value(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool;

    /// The channel the record was written to, whatever fields of that name it has; empty where unknown.
    fn channel(&self) -> &str;
}

/// Fields as [`Event::values`] names them. Keywords are looked for in the payload and in the texts of `System`; not in
/// its numbers, which they would fit by accident.
///
/// Payloads may have fields of their own called `EventID`, `Provider_Name` or `Channel`. The first two never hide
/// what the record was written under. `Channel` has both values: the record that says that a log was cleared is
/// in one channel and names another.
impl Record for Event {
    fn each_value(&self, field: &str, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        match field {
            "EventID" => visit(&self.event_id.to_string()),
            "Provider_Name" => visit(&self.provider),
            "Channel" if visit(&self.channel) => true,
            _ => self.values(field).any(|value| visit(&value)),
        }
    }

    fn any_value(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        if self.fields.iter().any(|field| visit(field.value)) {
            return true;
        }
        let named = [&self.provider, &self.channel, &self.computer];
        let optional = [&self.event_source, &self.user_sid];
        named.into_iter().chain(optional.into_iter().flatten()).any(|text| visit(text))
    }

    fn channel(&self) -> &str {
        &self.channel
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(event: &Event, field: &str) -> Vec<String> {
        let mut values = Vec::new();
        event.each_value(field, &mut |value| {
            values.push(value.to_owned());
            false
        });
        values
    }

    #[test]
    fn an_event_shows_its_fields() {
        let xml = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
                   <Provider Name='Microsoft-Windows-Eventlog'/><EventID>104</EventID><Level>4</Level>\
                   <TimeCreated SystemTime='2026-01-02T03:04:05.1234567Z'/><EventRecordID>7</EventRecordID>\
                   <Channel>System</Channel><Computer>H</Computer></System>\
                   <UserData><LogFileCleared><SubjectUserName>bob</SubjectUserName><Channel>Setup</Channel>\
                   <EventID>9</EventID></LogFileCleared></UserData></Event>";
        let (event, _) = rdpwhy_logs::parse_event_xml(xml, &mut rdpwhy_event::Names::default()).unwrap();
        assert_eq!(values(&event, "EventID"), ["104"]);
        assert_eq!(values(&event, "Provider_Name"), ["Microsoft-Windows-Eventlog"]);
        assert_eq!(values(&event, "Channel"), ["System", "Setup"]);
        assert_eq!(values(&event, "SubjectUserName"), ["bob"]);
        assert_eq!(values(&event, "Level"), ["4"]);
        assert!(values(&event, "Missing").is_empty());
        assert!(event.any_value(&mut |value| value == "bob"));
        assert!(event.any_value(&mut |value| value == "H"));
        assert!(!event.any_value(&mut |value| value == "104"));
        assert_eq!(Record::channel(&event), "System");
    }
}
