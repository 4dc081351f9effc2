//! Lists of cases: rows of CSV or of JSON Lines as columns with their values.

use serde_json::Value;
use std::collections::BTreeMap;

/// A row: by column, one or several values.
pub type ListRow = BTreeMap<String, Vec<String>>;

/// The rows of a list in CSV, each with its line; its first line names the columns.
pub fn csv_rows(text: &str) -> Vec<(u64, Result<ListRow, String>)> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => return vec![(1, Err(error.to_string()))],
    };
    let row = |record: csv::StringRecord| {
        let cells = header.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(column, cell)| (column.to_lowercase(), vec![cell.to_owned()])).collect()
    };
    let line = |error: &csv::Error| error.position().map_or(0, csv::Position::line);
    let rows = reader.records().map(|record| match record {
        Ok(record) => (record.position().map_or(0, csv::Position::line), Ok(row(record))),
        Err(error) => (line(&error), Err(error.to_string())),
    });
    rows.collect()
}

/// The rows of a list in JSON Lines, each with its line.
pub fn json_rows(text: &str) -> Vec<(u64, Result<ListRow, String>)> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines.map(|(line, number)| (number, json_row(line))).collect()
}

fn json_row(line: &str) -> Result<ListRow, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let Value::Object(map) = value else { return Err("not a JSON object".to_owned()) };
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(format!("not a text: {other}")),
    };
    let cell = |(key, value): (String, Value)| {
        let texts: Result<Vec<String>, String> = match &value {
            Value::Null => Ok(Vec::new()),
            Value::Array(values) => values.iter().map(text).collect(),
            other => text(other).map(|text| vec![text]),
        };
        Ok((key, texts?))
    };
    map.into_iter().map(cell).collect()
}
