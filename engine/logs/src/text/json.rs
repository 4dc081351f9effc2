//! JSON with its members in the order in which they are, because that is the order of a record's fields.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Members of an object among which shared names are looked for: each is compared with all.
const MAX_SHARED: usize = 1024;

/// A JSON value; numbers and truth values as they are written in a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The value, if it is a single one. An element with attributes keeps its own under `#text`.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Json::Null => Some(""),
            Json::Text(text) => Some(text),
            Json::Object(_) => self.member("#text")?.text(),
            Json::List(_) => None,
        }
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Json> {
        self.members().iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn members(&self) -> &[(String, Json)] {
        match self {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    /// The members that stand for elements of XML: `#text` and `#attributes` are none, and of elements that share a
    /// name all but the first have a number behind it, as in `Data_1`.
    pub(crate) fn elements(&self) -> impl Iterator<Item = (&str, &Json)> {
        let few = self.members().len() <= MAX_SHARED;
        let shared = move |name: &str| {
            let (first, number) = name.rsplit_once('_')?;
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            (few && is_number && self.member(first).is_some()).then_some(first.len())
        };
        let elements = self.members().iter().filter(|(name, _)| !name.starts_with('#'));
        elements
            .map(move |(name, value)| (shared(name).map_or(name.as_str(), |length| &name[..length]), value))
    }

    /// What is at a path of names joined with dots. Keys may hold dots themselves: `{"a.b": 1}` is
    /// `{"a": {"b": 1}}`.
    pub(crate) fn at(&self, path: &str) -> Option<&Json> {
        self.members().iter().find_map(|(key, value)| match path.strip_prefix(key.as_str()) {
            Some("") => Some(value),
            Some(rest) => value.at(rest.strip_prefix('.')?),
            None => None,
        })
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_dots_lead_down() {
        let json: Json =
            serde_json::from_str(r#"{"z":1,"a":{"b":{"c":true}},"d.e":{"f":null},"l":[1.5,"x"]}"#).unwrap();
        let keys: Vec<&str> = json.members().iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["z", "a", "d.e", "l"]);
        assert_eq!(json.at("a.b.c").and_then(Json::text), Some("true"));
        assert_eq!(json.at("d.e.f").and_then(Json::text), Some(""));
        assert_eq!(json.at("a.x"), None);
        assert_eq!(json.at("l"), Some(&Json::List(vec![Json::Text("1.5".into()), Json::Text("x".into())])));
    }
}
