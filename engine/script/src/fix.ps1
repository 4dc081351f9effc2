$script:StepsDone = New-Object System.Collections.Generic.List[string]

function Write-About {
    param([string]$What, [string]$Text)
    if ($Text -ne '') { Write-Host ('  {0,-14}{1}' -f ($What + ':'), $Text) }
}

function Write-Commands {
    param([string]$Text)
    foreach ($line in ($Text -split "`n")) { Write-Host ('      ' + $line) }
}

# Shows a step, and runs its commands once you agree; with -WhatIf it only shows them.
function Invoke-Step {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    param([hashtable]$About, [string]$Commands, [string]$UndoCommands, [scriptblock]$Block, [scriptblock]$UndoBlock)
    Write-Host ''
    Write-Host ($About.Number + '  ' + $About.Title)
    Write-About 'where' $About.Where
    Write-About 'risk' $About.Risk
    Write-About 'changes' $About.Changes
    Write-About 'users notice' $About.Notice
    if ($Commands -ne '') { Write-Commands $Commands }
    if ($Undo -and $null -eq $UndoBlock) {
        Write-About 'undo by hand' $About.Undo
        if ($UndoCommands -ne '') { Write-Commands $UndoCommands }
        return
    }
    if ($Undo) {
        Write-About 'undo' $About.Undo
        Write-Commands $UndoCommands
        if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, 'UNDO ' + $About.Title)) { & $UndoBlock }
        return
    }
    Write-About 'undo' $About.Undo
    Write-About 'check' $About.Verify
    if ($null -eq $Block) {
        Write-Host '  By hand: the commands need your names or your choice, or run on another machine.'
        return
    }
    if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, $About.Title)) {
        try {
            & $Block
            $script:StepsDone.Add($About.Title)
            Write-Host '  done. To undo it:'
        }
        catch {
            Write-Warning ('Stopped: ' + $_.Exception.Message + ' What was done before stays. To undo it:')
        }
        Write-About 'undo' $About.Undo
    }
}

if (-not (Test-Elevated)) {
    Write-Warning 'Not elevated: most steps will fail. Run this from an elevated PowerShell.'
}
