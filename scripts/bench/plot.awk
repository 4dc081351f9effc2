# The results of scripts/bench.sh, sorted by kind and count, as an SVG: CPU time and peak memory at 1 thread against
# megabytes, attempts and files, both axes logarithmic, with lines of slope 1 to compare with. Colours follow the
# reader's light or dark scheme, on a ground of their own; marks differ in shape as well.
BEGIN {
    FS = "\t"
    wide = 960; high = 648
    left = 72; panel_wide = 256; gap = 46
    top = 146; panel_high = 212; below = 24
    split("megabytes attempts files", columns, " ")
    split("cpu_s peak_mb", rows, " ")
    heading["megabytes"] = "Size of a Security log"; heading["attempts"] = "Attempts of an attack"
    heading["files"] = "Files of one chunk each"
    x_label["megabytes"] = "megabytes"; x_label["attempts"] = "attempts"; x_label["files"] = "files"
    y_label["cpu_s"] = "CPU seconds, 1 thread"; y_label["peak_mb"] = "peak memory, MB"
    # Column, kind, mark, words.
    add("megabytes", "megabytes", "first", "refused sign-ins only")
    add("megabytes", "real-megabytes", "second", "as Windows wrote it")
    add("attempts", "attempts", "first", "without RdpCoreTS")
    add("attempts", "core-attempts", "second", "with RdpCoreTS")
    add("attempts", "all-attempts", "third", "without, all records held")
    add("files", "files", "first", "refused sign-ins only")
}
function add(column, kind, mark, words) {
    n_series++
    series_column[n_series] = column; series_kind[n_series] = kind
    series_mark[n_series] = mark; series_words[n_series] = words
}
NR == 1 {
    for (n = 1; n <= NF; n++) field[$n] = n
    next
}
$field["threads"] == 1 {
    kind = $field["kind"]
    n = ++points[kind]
    x[kind, n] = $field["count"]
    for (r = 1; r in rows; r++) y[kind, n, rows[r]] = $field[rows[r]]
    y[kind, n, "dump_cpu_s"] = $field["dump_cpu_s"] == "-" ? 0 : $field["dump_cpu_s"]
}

function log10(number) { return log(number) / log(10) }
function floor(number,   whole) { whole = int(number); return whole > number ? whole - 1 : whole }
function ceiling(number) { return -floor(-number) }
function include(axis, number) {
    if (number <= 0) return
    if (!(axis in low) || number < low[axis]) low[axis] = number
    if (!(axis in upper) || number > upper[axis]) upper[axis] = number
}
# The whole decades that an axis shows.
function decades(axis) {
    from[axis] = floor(log10(low[axis]) + 0.001)
    to[axis] = ceiling(log10(upper[axis]) - 0.001)
    if (to[axis] == from[axis]) to[axis]++
}
function place_x(number) { return panel_x + (log10(number) - from[column]) / (to[column] - from[column]) * panel_wide }
function place_y(number) { return panel_y + panel_high - (log10(number) - from[row]) / (to[row] - from[row]) * panel_high }
function words(at_x, at_y, class, text) { printf "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>\n", at_x, at_y, class, text }
function line(x1, y1, x2, y2, class) { printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n", x1, y1, x2, y2, class }
function mark(kind, at_x, at_y) {
    if (kind == "first") printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" class=\"first solid\"/>\n", at_x, at_y
    if (kind == "second") printf "<rect x=\"%.1f\" y=\"%.1f\" width=\"7\" height=\"7\" class=\"second solid\"/>\n", at_x - 3.5, at_y - 3.5
    if (kind == "third") printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5.5\" class=\"first ring\"/>\n", at_x, at_y
    if (kind == "dump") printf "<path d=\"M%.1f %.1fl4 7h-8z\" class=\"dump solid\"/>\n", at_x, at_y - 4.5
}
function number_label(decade,   text) {
    if (decade < 0) return sprintf("%." (-decade) "f", 10 ^ decade)
    text = sprintf("%.0f", 10 ^ decade)
    return decade >= 6 ? substr(text, 1, length(text) - 6) ",000,000" : decade >= 3 ? substr(text, 1, length(text) - 3) ",000" : text
}
# Spelled out for each scheme, for not every viewer knows variables.
function scheme(ground, ink, quiet, grid, first, second, dump) {
    printf ".ground { fill: %s } text { fill: %s } .tick { fill: %s } .slope { stroke: %s } .grid { stroke: %s }\n", ground, ink, quiet, quiet, grid
    printf ".first { stroke: %s } .second { stroke: %s } .dump { stroke: %s }\n", first, second, dump
    printf ".first.solid { fill: %s } .second.solid { fill: %s } .dump.solid { fill: %s }\n", first, second, dump
}
# A line through the points of a kind that are above zero, with marks.
function curve(kind, measure, class,   n, path) {
    for (n = 1; n <= points[kind]; n++)
        if (y[kind, n, measure] > 0)
            path = path sprintf("%s%.1f %.1f", path == "" ? "M" : "L", place_x(x[kind, n]), place_y(y[kind, n, measure]))
    if (class != "third") printf "<path d=\"%s\" class=\"%s\"/>\n", path, class
    for (n = 1; n <= points[kind]; n++)
        if (y[kind, n, measure] > 0) mark(class, place_x(x[kind, n]), place_y(y[kind, n, measure]))
}
# Slope 1 through the last point of a kind, from one side of the panel to the other.
function linear(kind, measure,   n, ratio, first, last) {
    n = points[kind]
    if (n == 0 || y[kind, n, measure] <= 0) return
    ratio = y[kind, n, measure] / x[kind, n]
    first = 10 ^ from[column]; last = 10 ^ to[column]
    if (first * ratio < 10 ^ from[row]) first = 10 ^ from[row] / ratio
    if (last * ratio > 10 ^ to[row]) last = 10 ^ to[row] / ratio
    line(place_x(first), place_y(first * ratio), place_x(last), place_y(last * ratio), "slope")
}
function panel(   decade, s) {
    for (decade = from[row]; decade <= to[row]; decade++) {
        line(panel_x, place_y(10 ^ decade), panel_x + panel_wide, place_y(10 ^ decade), "grid")
        if (c == 1) words(panel_x - 8, place_y(10 ^ decade) + 4, "tick right", number_label(decade))
    }
    for (decade = from[column]; decade <= to[column]; decade++) {
        line(place_x(10 ^ decade), panel_y, place_x(10 ^ decade), panel_y + panel_high, "grid")
        # Where decades are many, every second one is named, the last among them.
        if (!(r + 1 in rows) && (to[column] - from[column] < 5 || (to[column] - decade) % 2 == 0)) words(place_x(10 ^ decade), panel_y + panel_high + 18, "tick middle", number_label(decade))
    }
    linear(column, row)
    if (row == "cpu_s") curve(column, "dump_cpu_s", "dump")
    for (s = 1; s <= n_series; s++)
        if (series_column[s] == column && points[series_kind[s]] > 0) curve(series_kind[s], row, series_mark[s])
}

END {
    for (s = 1; s <= n_series; s++) {
        kind = series_kind[s]
        for (n = 1; n <= points[kind]; n++) {
            include(series_column[s], x[kind, n])
            for (r = 1; r in rows; r++) include(rows[r], y[kind, n, rows[r]])
            if (kind == series_column[s]) include("cpu_s", y[kind, n, "dump_cpu_s"])
        }
    }
    for (axis in low) decades(axis)

    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-labelledby=\"title\">\n", wide, high, wide, high
    print "<title id=\"title\">CPU time and peak memory of a diagnosis against megabytes, attempts and files, on logarithmic axes</title>"
    print "<style>"
    print "text { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif }"
    print ".title { font-size: 16px; font-weight: 600 } .heading { font-size: 13px; font-weight: 600 } .tick { font-size: 11px }"
    print ".middle { text-anchor: middle } .right { text-anchor: end }"
    print "path, .ring { fill: none; stroke-width: 2 } .slope { stroke-dasharray: 5 4 }"
    scheme("#ffffff", "#1f2328", "#59636e", "#dde2e8", "#0969da", "#bc4c00", "#7d8590")
    print "@media (prefers-color-scheme: dark) {"
    scheme("#0d1117", "#e6edf3", "#9198a1", "#2b3138", "#58a6ff", "#f0883e", "#8b949e")
    print "}"
    print "</style>"
    printf "<rect width=\"%d\" height=\"%d\" class=\"ground\"/>\n", wide, high
    words(left, 28, "title", "How a diagnosis grows")
    line(left, 47, left + 26, 47, "slope"); words(left + 34, 51, "", "slope 1: linear")
    line(left + 160, 47, left + 186, 47, "dump"); mark("dump", left + 173, 47)
    words(left + 194, 51, "", "evtx_dump, printing the records of the first kind")

    for (c = 1; c in columns; c++) {
        column = columns[c]
        panel_x = left + (c - 1) * (panel_wide + gap)
        words(panel_x, 78, "heading", heading[column])
        at = 0
        for (s = 1; s <= n_series; s++) {
            if (series_column[s] != column || !points[series_kind[s]]) continue
            legend_y = 98 + 17 * at++
            mark(series_mark[s], panel_x + 5, legend_y - 4)
            words(panel_x + 16, legend_y, "", series_words[s])
        }
        for (r = 1; r in rows; r++) {
            row = rows[r]
            panel_y = top + (r - 1) * (panel_high + below)
            if (column in from) panel()
        }
        words(panel_x + panel_wide / 2, panel_y + panel_high + 40, "middle", x_label[column])
    }
    for (r = 1; r in rows; r++) {
        panel_y = top + (r - 1) * (panel_high + below)
        printf "<text transform=\"translate(20 %.1f) rotate(-90)\" class=\"middle\">%s</text>\n", panel_y + panel_high / 2, y_label[rows[r]]
    }
    print "</svg>"
}
