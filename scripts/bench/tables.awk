# The results of scripts/bench.sh, sorted by kind and count, as the Markdown tables of docs/performance.md.
#
# Of two figures in a cell the first is at 1 thread, the second at 2. The slope of a step is that between the logarithms
# of size and CPU time: 1 is linear, 2 quadratic. It says little where starting the program is most of the time.
BEGIN {
    FS = "\t"
    split("forged-security forged-security-zip forged-security-rules forged-system forged-core quiet-system real-security real-system real-core tickets html-100000", logs, " ")
    split("megabytes real-megabytes attempts all-attempts core-attempts files computers users addresses activities channels pairs " \
        "crafted-tiny-xml crafted-deep-xml crafted-machines-xml crafted-empty-jsonl crafted-array-json crafted-deep-json " \
        "crafted-keys-json crafted-open-csv crafted-columns-csv crafted-rows-csv crafted-lines-txt crafted-pasted-txt", kinds, " ")
    title["forged-security"] = "Security, forged: refused sign-ins, all kept"
    title["forged-security-zip"] = "the same in a ZIP, packed bytes"
    title["forged-security-rules"] = "the same with 3,000 rules more"
    title["forged-system"] = "System, forged: most kept"
    title["forged-core"] = "RdpCoreTS, forged: nearly all kept"
    title["quiet-system"] = "System, forged: services that start and stop, 1 % kept"
    title["tickets"] = "the logs of each sample ticket, a run for each"
    title["html-100000"] = "100,000 attempts, without RdpCoreTS, as HTML"
    title["real-security"] = "Security, as Windows wrote it: few kept"
    title["real-system"] = "System, as Windows wrote it (updates, clock, links, name lookups): half kept"
    title["real-core"] = "RdpCoreTS, as Windows wrote it: nearly all kept"
    title["megabytes"] = "megabytes of refused sign-ins"
    title["real-megabytes"] = "megabytes of a Security log that Windows wrote"
    title["attempts"] = "attempts, without RdpCoreTS"
    title["all-attempts"] = "attempts, without RdpCoreTS, `--max-events` 10 million"
    title["core-attempts"] = "attempts, with RdpCoreTS"
    title["computers"] = "computers, each with one connection"
    title["users"] = "users, each with one refused sign-in"
    title["addresses"] = "client addresses, each with one wrong password"
    title["activities"] = "ActivityIDs of one client\047s connections"
    title["channels"] = "channels with one record each"
    title["pairs"] = "clients and hosts, each pair with one failure seen from both"
    title["crafted-tiny-xml"] = "megabytes of XML, events without anything"
    title["crafted-deep-xml"] = "megabytes of XML, elements that are never closed"
    title["crafted-machines-xml"] = "megabytes of XML, events that are each of a machine of its own"
    title["crafted-empty-jsonl"] = "megabytes of JSON Lines, objects without anything"
    title["crafted-array-json"] = "megabytes of JSON, an array of objects without anything"
    title["crafted-deep-json"] = "megabytes of JSON, objects that are never closed"
    title["crafted-keys-json"] = "megabytes of JSON, one event with ever more fields"
    title["crafted-open-csv"] = "megabytes of CSV, a quote that is never closed"
    title["crafted-columns-csv"] = "megabytes of CSV, ever more columns"
    title["crafted-rows-csv"] = "megabytes of CSV, rows that say little"
    title["crafted-lines-txt"] = "megabytes of text, lines of one letter"
    title["crafted-pasted-txt"] = "megabytes of pasted text, events without a message"
    title["files"] = "files of one chunk each, refused sign-ins"
}
NR == 1 {
    for (n = 1; n <= NF; n++) column[$n] = n
    next
}
{
    input = $column["input"]
    kind = $column["kind"]
    if (!((kind, "last") in order) || order[kind, order[kind, "last"]] != input) order[kind, ++order[kind, "last"]] = input
    for (name in column) value[input, $column["threads"], name] = $column[name]
    binaries[$column["binary"]] = 1
}

function commas(number,   text) {
    text = sprintf("%.0f", number)
    while (match(text, /[0-9][0-9][0-9][0-9]+(,|$)/)) {
        # Three digits from the right, again and again.
        number = match(text, /,/) ? RSTART : length(text) + 1
        text = substr(text, 1, number - 4) "," substr(text, number - 3)
    }
    return text
}
function short(number) {
    if (number == "-" || number == "") return "–"
    if (number >= 999.5) return commas(number)
    return sprintf(number >= 100 ? "%.0f" : number >= 10 ? "%.1f" : "%.2f", number)
}
function both(input, name) { return short(value[input, 1, name]) " / " short(value[input, 2, name]) }
function cells(input) {
    return sprintf("%s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |", short(value[input, 1, "bytes"] / 1e6),
        both(input, "cpu_s"), both(input, "wall_s"), both(input, "peak_mb"), both(input, "mb_per_s"),
        both(input, "records_per_s"), both(input, "cpu_s_per_gb"),
        short(value[input, 1, "hash_cpu_s"]), short(value[input, 1, "hash_ratio"]), short(value[input, 1, "dump_cpu_s"]),
        short(value[input, 1, "cpu_ratio"]))
}
function heading(first) {
    first = first " | MB | CPU s | wall s | peak MB | MB/s | records/s | CPU s per GB | openssl CPU s | ratio | evtx_dump CPU s | ratio"
    print "| " first " |"
    gsub(/[^|]+/, "---", first)
    print "|" first "|"
}

END {
    for (binary in binaries) if (n_binaries++) mixed = 1
    if (mixed) print "These are the results of several versions; measure them all again.\n"
    print "Two figures in a cell are those at 1 and at 2 threads.\n"
    heading("log")
    for (n = 1; n in logs; n++) if ((logs[n], 1, "cpu_s") in value) print "| " title[logs[n]] " | " cells(logs[n])
    for (k = 1; k in kinds; k++) {
        kind = kinds[k]
        if (!((kind, "last") in order)) continue
        print "\nGrowth: " title[kind] "\n"
        heading("count | slope")
        for (n = 1; n <= order[kind, "last"]; n++) {
            input = order[kind, n]
            slope = "–"
            if (n > 1 && value[before, 1, "cpu_s"] > 0)
                slope = sprintf("%.2f", log(value[input, 1, "cpu_s"] / value[before, 1, "cpu_s"]) / log(value[input, 1, "count"] / value[before, 1, "count"]))
            # Below half a second it is the start of the program that is measured.
            if (slope + 0 > 1.2 && value[before, 1, "cpu_s"] >= 0.5) slope = "**" slope "**"
            print "| " commas(value[input, 1, "count"]) " | " slope " | " cells(input)
            before = input
        }
    }
}
