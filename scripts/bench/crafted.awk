# A text made to take much of whoever reads it: awk -v kind=deep-json -v megabytes=4 -f scripts/bench/crafted.awk
#
#   tiny-xml    events without anything          deep-xml    elements that are never closed
#   machines-xml  events, each of a machine of its own
#   empty-jsonl, array-json  objects without anything        deep-json   objects that are never closed
#   keys-json   a record with ever more fields   open-csv    a quote that is never closed
#   columns-csv ever more columns                rows-csv    rows that say little
#   lines-txt   lines of one letter              pasted-txt  events without a message
function fill(text,   many, length_of) {
    length_of = length(text)
    many = text
    while (length(many) < 65536) many = many many
    while (written + length(many) < bytes) { printf "%s", many; written += length(many) }
    while (written + length_of < bytes) { printf "%s", text; written += length_of }
}
function count(before, after,   number, piece) {
    while (written < bytes) {
        piece = before number++ after
        printf "%s", piece
        written += length(piece)
    }
}
BEGIN {
    bytes = megabytes * 1000000
    if (kind == "tiny-xml") { printf "<Events>"; fill("<Event/>") }
    else if (kind == "deep-xml") { printf "<Events><Event><System>"; fill("<a>") }
    else if (kind == "machines-xml") { printf "<Events>"; count("<Event><System><Provider Name=\"P\"/><EventID>4625</EventID><Channel>Security</Channel><Computer>c", "</Computer><TimeCreated SystemTime=\"2026-03-02T08:00:00Z\"/></System></Event>"); printf "</Events>" }
    else if (kind == "empty-jsonl") fill("{}\n")
    else if (kind == "array-json") { printf "["; fill("{},") }
    else if (kind == "deep-json") fill("{\"a\":")
    else if (kind == "keys-json") { printf "{\"Event\":{"; count("\"k", "\":1,"); printf "\"k\":1}}" }
    else if (kind == "open-csv") { printf "EventID,TimeCreated\n\""; fill("a") }
    else if (kind == "columns-csv") { bytes /= 2; printf "EventID,TimeCreated,"; count("c", ","); printf "\n"; written = 0; fill("1,") }
    else if (kind == "rows-csv") { printf "EventID,TimeCreated,Channel\n"; fill("1,2,3\n") }
    else if (kind == "lines-txt") fill("a\n")
    else if (kind == "pasted-txt") fill("Log Name: Security\nSource: Microsoft-Windows-Security-Auditing\nDate: 2026-03-02 08:00:00\nEvent ID: 4625\nComputer: h\n\n")
    else { print "unknown kind: " kind >"/dev/stderr"; exit 2 }
}
