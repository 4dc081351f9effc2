//! The script of the steps of a cause.

use crate::HEAD;
use crate::quote::{ascii, block, quoted, quoted_lines};
use rdpwhy_rules::placeholder::placeholders;
use rdpwhy_rules::{Cause, Pack, Step};

/// A script that goes through the steps of a cause: it shows each with side effects, risk and how to undo it, and asks
/// before it runs it. With `-WhatIf` it runs nothing; with `-Undo` it offers the ways back, the last step first.
///
/// Steps that need names or a choice are shown only.
pub fn fix(pack: &Pack, cause: &Cause) -> String {
    let mut script = format!(
        "# rdpwhy: steps against {}\n# {}\n# The fault lies with: {}. Run each step where it says; read before you agree.\n\
         #   powershell -ExecutionPolicy Bypass -File FILE -WhatIf    only shows\n\
         #   powershell -ExecutionPolicy Bypass -File FILE            asks before each step\n\
         #   powershell -ExecutionPolicy Bypass -File FILE -Undo      offers the ways back\n\
         [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]\n\
         param([switch]$Undo)\n\n{HEAD}\n{}",
        cause.id,
        ascii(&cause.verdict),
        cause.side,
        include_str!("fix.ps1")
    );
    for advice in &cause.never {
        script.push_str(&format!("Write-Host {}\n", quoted(&format!("DO NOT: {advice}"))));
    }
    let steps: Vec<String> =
        cause.fix.iter().enumerate().map(|(index, fix)| one(index + 1, pack.step(fix.step))).collect();
    script.push_str("\n$Steps = @(\n");
    script.push_str(&steps.join(",\n"));
    script.push_str("\n)\nif ($Undo) { [array]::Reverse($Steps) }\nforeach ($step in $Steps) { & $step }\n");
    script.push_str(include_str!("fix_end.ps1"));
    script
}

fn one(number: usize, step: &Step) -> String {
    let about = [
        ("Number", number.to_string()),
        ("Title", step.do_.clone()),
        ("Where", step.where_.clone()),
        ("Risk", format!("{} ({})", step.risk, step.cost.as_str())),
        ("Changes", step.changes.clone()),
        ("Notice", step.side_effects.clone()),
        ("Undo", step.undo.clone()),
        ("Verify", step.verify.clone()),
    ];
    let about: Vec<String> =
        about.iter().map(|(key, text)| format!("            {key} = {}\n", quoted(text))).collect();
    let run = step.run.as_deref().unwrap_or_default();
    let undo = step.undo_run.as_deref().unwrap_or_default();
    let mut call = format!(
        "    {{\n        Invoke-Step -About @{{\n{}        }} -Commands {} -UndoCommands {}",
        about.concat(),
        quoted_lines(run),
        quoted_lines(undo)
    );
    if step.runnable && !run.is_empty() {
        call.push_str(&format!(" -Block {{\n{}}}", block(&guarded(run))));
    }
    if step.runnable && !undo.is_empty() && placeholders(undo).is_empty() {
        call.push_str(&format!(" -UndoBlock {{\n{}}}", block(undo)));
    }
    call.push_str("\n    }");
    call
}

/// The commands, with a stop behind each that saves how to undo it, should it fail: 5.1 goes on after programs that do.
fn guarded(run: &str) -> String {
    const STOP: &str = "if ($LASTEXITCODE -ne 0) { throw 'What is needed to undo this step could not be saved, so the step was not done.' }";
    let lines = run.lines().flat_map(|line| {
        let saves = line.starts_with("reg export ");
        [Some(line), saves.then_some(STOP)].into_iter().flatten()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_stops_when_its_way_back_cannot_be_saved() {
        let guarded = guarded("reg export HKLM\\x C:\\x.reg /y\nreg delete HKLM\\x /f");
        let lines: Vec<&str> = guarded.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].starts_with("if ($LASTEXITCODE -ne 0) { throw "));
    }
}
