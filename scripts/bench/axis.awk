# A log in JSON Lines in which there are many of one thing: awk -v axis=computers -v count=1000 -f scripts/bench/axis.awk
#
#   computers   connections that stop, each to a computer of its own
#   users       refused sign-ins, each of a user of his own
#   addresses   connections with a wrong password, each from an address of its own
#   activities  connections from one client, each with an ActivityID of its own
#   channels    records, each in a channel of its own
#   pairs       connections that fail, each of a client and a host of its own, seen from both
function time(second,   day, rest) {
    day = int(second / 86400); rest = second % 86400
    return sprintf("2026-%02d-%02dT%02d:%02d:%09.6fZ", 3 + int(day / 28), 1 + day % 28, rest / 3600, rest % 3600 / 60, rest % 60)
}
function address(n) { return sprintf("10.%d.%d.%d", n / 62500, n / 250 % 250, n % 250 + 1) }
function record(provider, channel, id, number, second, computer, activity, data) {
    printf "{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"%s\"}},\"EventID\":%d,\"Level\":4,\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"%s\"}},\"EventRecordID\":%d,\"Correlation\":{\"#attributes\":{\"ActivityID\":\"%08X-1111-2222-3333-%012X\"}},\"Channel\":\"%s\",\"Computer\":\"%s\"},\"EventData\":{%s}}}\n",
        provider, id, time(second), number, activity, activity, channel, computer, data
}
function arrives(n, second, computer, client, number) {
    record(core, core "/Operational", 131, number, second, computer, n, "\"ConnType\":\"TCP\",\"ClientIP\":\"" client ":50112\"")
}
function client_says(n, id, second, value, number) {
    record("Microsoft-Windows-TerminalServices-ClientActiveXCore", "Microsoft-Windows-TerminalServices-RDPClient/Operational", id, number, second, "pc-" n, n, value)
}
BEGIN {
    core = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS"
    for (n = 0; n < count; n++) {
        at = 2 * n
        if (axis == "computers") arrives(n, at, "host-" n, address(n), n + 1)
        if (axis == "users") record("Microsoft-Windows-Security-Auditing", "Security", 4625, n + 1, at, "host", 0, "\"TargetUserName\":\"user-" n "\",\"TargetDomainName\":\"CONTOSO\",\"LogonType\":\"10\",\"IpAddress\":\"10.0.0.9\",\"Status\":\"0xc000006d\",\"SubStatus\":\"0xc000006a\"")
        if (axis == "addresses") {
            arrives(n, at, "host", address(n), 2 * n + 1)
            record(core, core "/Operational", 140, 2 * n + 2, at + 0.1, "host", n, "\"IPString\":\"" address(n) "\"")
        }
        if (axis == "activities") arrives(n, at, "host", "10.0.0.9", n + 1)
        if (axis == "channels") record("Contoso-" n, "Contoso-" n "/Operational", 7, n + 1, at, "host", 0, "\"a\":\"b\"")
        if (axis == "pairs") {
            client_says(n, 1024, at, "\"Name\":\"Server Name\",\"Value\":\"host-" n "\"", 2 * n + 1)
            client_says(n, 1026, at + 0.5, "\"Name\":\"Disconnect Reason\",\"Value\":\"516\"", 2 * n + 2)
            arrives(n + count, at + 0.1, "host-" n, address(n), n + 1)
        }
    }
}
