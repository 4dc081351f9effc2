
Write-Output ''
Write-Output ('{0} passed, {1} failed, {2} unknown' -f $Counts['PASS'], $Counts['FAIL'], $Counts['UNKNOWN'])
