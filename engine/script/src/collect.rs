//! The script that packs logs.

use crate::HEAD;
use crate::channels::channels;
use crate::quote::quoted;
use rdpwhy_rules::{Pack, Side};

/// A script that exports the logs which the rules read on a side, and packs them into one ZIP with a note of what was
/// there and what was not. It writes that file and nothing else.
pub fn collect(pack: &Pack, side: Side) -> String {
    let channels: Vec<String> =
        channels(pack, side).iter().map(|channel| format!("    {}", quoted(channel))).collect();
    format!(
        "# rdpwhy: packs the logs of the {side} into one ZIP. Writes that file and nothing else.\n\
         # Windows PowerShell 5.1, elevated:\n\
         #   powershell -ExecutionPolicy Bypass -File FILE -Zip C:\\case.zip\n\
         [CmdletBinding()]\n\
         param([string]$Zip = '')\n\n\
         {HEAD}\n$Side = {}\n$Channels = @(\n{}\n)\n\n{}",
        quoted(side.as_str()),
        channels.join(",\n"),
        include_str!("collect.ps1"),
        side = side.as_str()
    )
}
