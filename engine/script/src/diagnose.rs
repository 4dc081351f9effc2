//! The script of live checks.

use crate::HEAD;
use crate::quote::{block, quoted};
use rdpwhy_rules::{Check, Pack, Side};

/// A script that runs the live checks of a side and says PASS, FAIL or UNKNOWN for each, with a sentence. It changes
/// nothing.
pub fn diagnose(pack: &Pack, side: Side) -> String {
    let mut script = format!(
        "# rdpwhy: live checks on the {side}. Changes nothing. Windows PowerShell 5.1, elevated.\n\
         #   powershell -ExecutionPolicy Bypass -File FILE\n\
         [CmdletBinding()]\n\
         param([string]$ComputerName = '')\n\n\
         {HEAD}\n{}",
        include_str!("diagnose.ps1"),
        side = side.as_str()
    );
    let checks: Vec<String> =
        pack.checks().iter().filter(|check| check.on.contains(&side)).map(|check| one(pack, check)).collect();
    script.push_str(&checks.join("\n"));
    script.push_str(include_str!("diagnose_end.ps1"));
    script
}

fn one(pack: &Pack, check: &Check) -> String {
    let causes: Vec<&str> = check.causes.iter().map(|cause| pack.cause(*cause).id.as_str()).collect();
    format!(
        "Invoke-Check {} {} {} {{\n{}}}\n",
        quoted(&check.id),
        quoted(&check.title),
        quoted(&causes.join(", ")),
        block(&check.run)
    )
}
