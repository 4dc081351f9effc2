//! Arguments of `rdpwhy explain`.

use clap::{Args, ValueEnum};
use rdpwhy_rules::CodeValue;
use std::convert::Infallible;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Codes, decimal or hex, such as 0x904, 2308, -1073741715 or %%2313.
    #[arg(required = true, num_args = 1..=2, value_name = "CODE", value_parser = any_code, allow_negative_numbers = true)]
    pub(crate) codes: Vec<TypedCode>,
    /// Look only in this table.
    #[arg(long, value_name = "ID", value_parser = shown)]
    pub(crate) table: Option<String>,
    /// The format of the answer.
    #[arg(long, value_enum, default_value_t = Output::Text)]
    pub(crate) format: Output,
    /// Add the rules in this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
}

/// A code as typed.
#[derive(Debug, Clone)]
pub(crate) struct TypedCode {
    pub(crate) value: CodeValue,
    /// Typed in decimal: it may also be the number of a message.
    pub(crate) decimal: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For the terminal.
    Text,
    /// For programs.
    Json,
}

fn any_code(text: &str) -> Result<TypedCode, String> {
    let decimal = text.bytes().all(|letter| letter.is_ascii_digit());
    let value = CodeValue::parse(text).ok_or_else(|| {
        "not a valid code: expected decimal (2308, -1073741715), hex (0x904) or %%2313".to_owned()
    })?;
    Ok(TypedCode { value, decimal })
}

/// A name as messages show it; no table has hidden characters in its name.
fn shown(text: &str) -> Result<String, Infallible> {
    Ok(rdpwhy_report::visible(text))
}
