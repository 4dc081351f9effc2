
Write-Host ''
Write-Host ('{0} step(s) done{1}' -f $script:StepsDone.Count, $(if ($script:StepsDone.Count -gt 0) { '. Run this with -Undo to take back what can be taken back.' } else { '.' }))
