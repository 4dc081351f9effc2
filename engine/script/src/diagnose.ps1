# The value of a name in a registry key; nothing if it is not there.
function Get-RegistryValue {
    param([string]$Path, [string]$Name)
    $key = Get-Item -LiteralPath $Path -ErrorAction SilentlyContinue
    if ($null -ne $key) { $key.GetValue($Name) }
}

$Counts = @{ PASS = 0; FAIL = 0; UNKNOWN = 0 }
$CurrentId = ''
$CurrentCauses = ''

function Write-Result {
    param([string]$Result, [string]$Sentence)
    $Counts[$Result] = $Counts[$Result] + 1
    Write-Output ('{0,-8} {1,-28} {2}' -f $Result, $CurrentId, $Sentence)
    if ($Result -eq 'FAIL' -and $CurrentCauses -ne '') {
        Write-Output ('{0,-8} {1,-28} points to: {2}' -f '', '', $CurrentCauses)
    }
}
function Write-Pass {
    param([string]$Sentence)
    Write-Result 'PASS' $Sentence
}

function Write-Fail {
    param([string]$Sentence)
    Write-Result 'FAIL' $Sentence
}

function Write-Unknown {
    param([string]$Sentence)
    Write-Result 'UNKNOWN' $Sentence
}

function Invoke-Check {
    param([string]$Id, [string]$Title, [string]$Causes, [scriptblock]$Block)
    $script:CurrentId = $Id
    $script:CurrentCauses = $Causes
    $said = @()
    try {
        $said = @(& $Block)
    }
    catch {
        $said = @(Write-Unknown ('could not be looked at: ' + $_.Exception.Message))
    }
    if ($said.Count -eq 0) {
        $said = @(Write-Unknown ('nothing was found out about: ' + $Title))
    }
    $said
}

Write-Output ('Machine  ' + $env:COMPUTERNAME + ', ' + (Get-Date).ToUniversalTime().ToString('yyyy-MM-dd HH:mm:ss') + ' UTC')
if (-not (Test-Elevated)) {
    Write-Output 'Note     not elevated: several checks can only say UNKNOWN'
}
Write-Output ''

