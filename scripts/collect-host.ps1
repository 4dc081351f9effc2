# rdpwhy: packs the logs of the host into one ZIP. Writes that file and nothing else.
# Windows PowerShell 5.1, elevated:
#   powershell -ExecutionPolicy Bypass -File FILE -Zip C:\case.zip
[CmdletBinding()]
param([string]$Zip = '')

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Test-Elevated {
    $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
    $principal = New-Object System.Security.Principal.WindowsPrincipal($identity)
    $principal.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
}

$Side = 'host'
$Channels = @(
    'Application',
    'Linux-Sysmon/Operational',
    'Microsoft-AzureMfa-AuthZ/AuthZAdminCh',
    'Microsoft-FSLogix-Apps/Admin',
    'Microsoft-FSLogix-Apps/Operational',
    'Microsoft-Windows-AAD/Operational',
    'Microsoft-Windows-AppLocker/EXE and DLL',
    'Microsoft-Windows-AppLocker/MSI and Script',
    'Microsoft-Windows-AppLocker/Packaged app-Deployment',
    'Microsoft-Windows-AppLocker/Packaged app-Execution',
    'Microsoft-Windows-CAPI2/Operational',
    'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
    'Microsoft-Windows-GroupPolicy/Operational',
    'Microsoft-Windows-LAPS/Operational',
    'Microsoft-Windows-NTLM/Operational',
    'Microsoft-Windows-NetworkProfile/Operational',
    'Microsoft-Windows-PowerShell/Operational',
    'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Admin',
    'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational',
    'Microsoft-Windows-Security-Kerberos/Operational',
    'Microsoft-Windows-Sysmon/Operational',
    'Microsoft-Windows-TerminalServices-Gateway/Admin',
    'Microsoft-Windows-TerminalServices-LocalSessionManager/Admin',
    'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational',
    'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Admin',
    'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational',
    'Microsoft-Windows-TerminalServices-SessionBroker-Client/Operational',
    'Microsoft-Windows-Windows Defender/Operational',
    'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall',
    'Microsoft-Windows-Wired-AutoConfig/Operational',
    'PowerShellCore/Operational',
    'Security',
    'Setup',
    'System'
)

$stamp = (Get-Date).ToUniversalTime().ToString('yyyyMMdd-HHmmss')
if ($Zip -eq '') {
    $Zip = Join-Path (Get-Location).ProviderPath ('rdpwhy-' + $Side + '-' + $env:COMPUTERNAME + '-' + $stamp + '.zip')
}
if (Test-Path -LiteralPath $Zip) {
    throw ('There is a file ' + $Zip + ' already. Name another one with -Zip.')
}
if (-not (Test-Elevated)) {
    Write-Warning 'Not elevated: the Security log and some others cannot be read. Run this from an elevated PowerShell.'
}

$folder = Join-Path ([System.IO.Path]::GetTempPath()) ('rdpwhy-' + $stamp + '-' + $PID)
New-Item -ItemType Directory -Path $folder | Out-Null
$notes = New-Object System.Collections.Generic.List[string]
$notes.Add('computer: ' + $env:COMPUTERNAME)
$notes.Add('side: ' + $Side)
$notes.Add('collected: ' + (Get-Date).ToUniversalTime().ToString('o'))
$notes.Add('time zone: ' + [System.TimeZoneInfo]::Local.Id)
$notes.Add('windows: ' + [System.Environment]::OSVersion.VersionString)

try {
    foreach ($channel in $Channels) {
        $log = Get-WinEvent -ListLog $channel -ErrorAction SilentlyContinue
        if ($null -eq $log) {
            $notes.Add('not there: ' + $channel)
            continue
        }
        $file = Join-Path $folder (($channel -replace '[\\/]', '%4') + '.evtx')
        $said = ''
        try {
            & wevtutil.exe epl $channel $file
            if ($LASTEXITCODE -ne 0) { $said = 'wevtutil ended with ' + $LASTEXITCODE }
        }
        catch {
            $said = $_.Exception.Message
        }
        if ((Test-Path -LiteralPath $file) -and $said -eq '') {
            $hash = (Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash.ToLowerInvariant()
            $notes.Add('collected: ' + $channel + ', ' + $log.RecordCount + ' records, enabled ' + $log.IsEnabled + ', sha256 ' + $hash)
            Write-Output ('collected  ' + $channel)
        }
        else {
            $notes.Add('failed: ' + $channel + ', ' + $said)
            Write-Output ('FAILED     ' + $channel + '  ' + $said)
        }
    }
    [System.IO.File]::WriteAllLines((Join-Path $folder 'collected.txt'), $notes)
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    [System.IO.Compression.ZipFile]::CreateFromDirectory($folder, $Zip)
}
finally {
    Remove-Item -LiteralPath $folder -Recurse -Force
}
Write-Output ''
Write-Output ('Written to ' + $Zip + ', ' + (Get-Item -LiteralPath $Zip).Length + ' bytes')
Write-Output 'It holds names of people and machines, and addresses: treat it as personal data.'
