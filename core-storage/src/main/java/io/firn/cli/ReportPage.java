package io.firn.cli;

import io.firn.lifecycle.verify.VerifyReport;
import io.firn.log.SegmentEntry;
import io.firn.table.KafkaOrigin;
import io.firn.table.PartitionInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The page of a report: well-formed XHTML with its style and charts in it, without scripts and addresses.
 *
 * @param path the archive
 * @param id its id
 * @param at when the figures were read
 */
record ReportPage(Path path, Optional<UUID> id, Instant at) {
    private static final int MAX_PARTITIONS = 500;
    private static final String STYLE = """
            body{font:14px/1.4 system-ui,sans-serif;margin:2em auto;max-width:1100px;padding:0 1em;color:#222;
            background:#fff}
            h1,h2,h3,h4{font-weight:600;overflow-wrap:anywhere}h2{margin-top:2em}h4{margin:.6em 0 .2em}
            p{overflow-wrap:anywhere}
            .wide{overflow-x:auto;margin:.5em 0 1.5em}
            table{border-collapse:collapse;width:100%}
            th,td{padding:.25em .6em;text-align:left;border-bottom:1px solid #ddd;white-space:nowrap}
            th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}
            svg{display:block;width:100%;height:auto;background:#f4f4f4}
            .mark{display:inline-block;width:.7em;height:.7em;margin-right:.5em}
            .cold{fill:#3b7dd8;background:#3b7dd8}.hot{fill:#e08a2e;background:#e08a2e}
            .unsettled{fill:#999;background:#999}.records{fill:#5a9a8b}
            .bad{color:#b00020;font-weight:600}.good{color:#1b7f3b}.axis,.note{color:#666}.axis{margin:.2em 0}
            h4 span{font-weight:400;color:#666}
            @media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}svg{background:#222}
            th,td{border-color:#333}.axis,.note,h4 span{color:#999}.bad{color:#ff6b7d}.good{color:#5fce82}}
            """;

    /** The page about some tables, and what was found wrong with those that were verified. */
    String render(List<TableFigures> tables, Map<String, VerifyReport> verified) {
        HtmlText page = new HtmlText();
        page.raw("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head>"
                        + "<meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width\"/>")
                .element("title", "Firn: " + path)
                .raw("<style>" + STYLE + "</style></head><body>\n");
        page.element("h1", "Archive " + path)
                .raw("<p>")
                .escaped("Figures of " + at.truncatedTo(ChronoUnit.SECONDS) + ", id "
                        + id.map(UUID::toString).orElse("none") + ".")
                .raw("</p>\n");
        overview(page, tables);
        for (TableFigures table : tables) {
            page.raw("<section data-table=\"" + HtmlText.escape(table.name()) + "\">");
            page.element("h2", "Table " + table.name());
            page.note("id " + table.id() + ", partitions by [" + table.scheme() + "]");
            tiers(page, table);
            time(page, table);
            lanes(page, table);
            partitions(page, table);
            rewrites(page, table);
            damage(page, Optional.ofNullable(verified.get(table.name())));
            page.raw("</section>\n");
        }
        return page.raw("</body></html>\n").toString();
    }

    private static void overview(HtmlText page, List<TableFigures> tables) {
        page.element("h2", "Tables")
                .tableHead(
                        "Table",
                        HtmlText.number("Partitions"),
                        HtmlText.number("Writers"),
                        HtmlText.number("Records"),
                        HtmlText.number("Size"),
                        HtmlText.number("Uncompressed"),
                        HtmlText.number("Ratio"));
        for (TableFigures table : tables) {
            long size = table.tiers().stream().mapToLong(TierTotals::sizeBytes).sum();
            long raw = table.tiers().stream().mapToLong(TierTotals::rawBytes).sum();
            page.row(
                    table.name(),
                    HtmlText.count("partitions", table.partitions().size()),
                    HtmlText.count("writers", table.lanes().size()),
                    HtmlText.count(
                            "records",
                            table.tiers().stream()
                                    .mapToLong(TierTotals::records)
                                    .sum()),
                    HtmlText.bytes("size", size),
                    HtmlText.bytes("raw", raw),
                    HtmlText.ratio(raw, size));
        }
        page.tableEnd();
    }

    private static void tiers(HtmlText page, TableFigures table) {
        page.element("h3", "Tiers").raw(ReportCharts.tiers(table.tiers()));
        page.tableHead(
                "Tier",
                HtmlText.number("Segments"),
                HtmlText.number("Records"),
                HtmlText.number("Size"),
                HtmlText.number("Uncompressed"),
                HtmlText.number("Ratio"));
        for (TierTotals tier : table.tiers()) {
            page.row(
                    new HtmlText.Marked(tier.name(), tier.name()),
                    HtmlText.count("segments", tier.segments()),
                    HtmlText.count("records", tier.records()),
                    HtmlText.bytes("size", tier.sizeBytes()),
                    HtmlText.bytes("raw", tier.rawBytes()),
                    HtmlText.ratio(tier.rawBytes(), tier.sizeBytes()));
        }
        page.tableEnd();
        if (table.unsettled().records() > 0) {
            page.note(HtmlText.grouped(table.unsettled().records())
                    + " records are committed and wait in the segments of their writers to be settled into partitions;"
                    + " they are in no figure by day or partition.");
        }
    }

    private static void time(HtmlText page, TableFigures table) {
        page.element("h3", "By day");
        if (table.days().isEmpty()) {
            page.note("Nothing is settled yet.");
            return;
        }
        page.raw(ReportCharts.days(table.days()));
        page.note("Settled files, each at the day (UTC) of its first record.");
    }

    private void lanes(HtmlText page, TableFigures table) {
        page.element("h3", "Writers")
                .tableHead(
                        "Writer",
                        "Topic-partition",
                        HtmlText.number("Records"),
                        HtmlText.number("Committed position"),
                        HtmlText.number("Gaps"),
                        "Last commit");
        for (TableFigures.Lane lane : table.lanes()) {
            page.row(
                    lane.info().writer(),
                    KafkaOrigin.of(lane.info().properties())
                            .map(origin -> origin.topic() + "-" + origin.partition())
                            .orElse("-"),
                    HtmlText.count("records", lane.info().records()),
                    HtmlText.count("position", lane.info().position()),
                    HtmlText.count("gaps", lane.info().gapCount()),
                    age(lane.lastCommitMs()));
        }
        page.tableEnd().note("The last commit is when the writer's log was changed last.");
    }

    private String age(OptionalLong ms) {
        if (ms.isEmpty()) {
            return "-";
        }
        Duration age = Duration.between(Instant.ofEpochMilli(ms.getAsLong()), at);
        return Instant.ofEpochMilli(ms.getAsLong()).truncatedTo(ChronoUnit.SECONDS) + " (" + text(age) + " ago)";
    }

    private static String text(Duration age) {
        if (age.toDays() > 1) {
            return age.toDays() + " days";
        }
        if (age.toHours() > 1) {
            return age.toHours() + " hours";
        }
        return age.toMinutes() > 1 ? age.toMinutes() + " minutes" : Math.max(0, age.toSeconds()) + " seconds";
    }

    private static void partitions(HtmlText page, TableFigures table) {
        page.element("h3", "Partitions");
        if (table.partitions().isEmpty()) {
            page.note("None yet.");
            return;
        }
        page.tableHead(
                "Partition",
                HtmlText.number("Hot"),
                HtmlText.number("Cold"),
                HtmlText.number("Records"),
                HtmlText.number("Size"),
                HtmlText.number("Uncompressed"),
                HtmlText.number("Ratio"),
                "From",
                "To");
        table.partitions().stream()
                .sorted(Comparator.comparingLong(PartitionInfo::sizeBytes).reversed())
                .limit(MAX_PARTITIONS)
                .sorted(Comparator.comparing(PartitionInfo::path))
                .forEach(partition -> partition(page, partition));
        page.tableEnd();
        int left = table.partitions().size() - MAX_PARTITIONS;
        if (left > 0) {
            page.note(HtmlText.grouped(left) + " smaller partitions are not listed; firn ls lists all.");
        }
    }

    private static void partition(HtmlText page, PartitionInfo partition) {
        boolean timed = partition.minTimestampNs() <= partition.maxTimestampNs();
        page.row(
                partition.path().isEmpty() ? "(whole table)" : partition.path(),
                HtmlText.count("hot", partition.hotSegments()),
                HtmlText.count("cold", partition.coldSegments()),
                HtmlText.count("records", partition.records()),
                HtmlText.bytes("size", partition.sizeBytes()),
                HtmlText.bytes("raw", partition.rawBytes()),
                HtmlText.ratio(partition.rawBytes(), partition.sizeBytes()),
                timed ? TimeText.format(partition.minTimestampNs()) : "-",
                timed ? TimeText.format(partition.maxTimestampNs()) : "-");
    }

    private static void rewrites(HtmlText page, TableFigures table) {
        page.element("h3", "Files that were made last");
        if (table.recent().isEmpty()) {
            page.note("None yet.");
            return;
        }
        page.tableHead(
                "Made", "File", "Tier", HtmlText.number("Records"), HtmlText.number("Size"), HtmlText.number("Ratio"));
        for (SegmentEntry file : table.recent()) {
            page.row(
                    Instant.ofEpochMilli(file.createdMs()).truncatedTo(ChronoUnit.SECONDS),
                    file.path(),
                    file.cold() ? "cold" : "hot",
                    HtmlText.count("records", file.records()),
                    HtmlText.bytes("size", file.sizeBytes()),
                    HtmlText.ratio(file.rawBytes(), file.sizeBytes()));
        }
        page.tableEnd();
    }

    private static void damage(HtmlText page, Optional<VerifyReport> report) {
        page.element("h3", "Damage");
        if (report.isEmpty()) {
            page.note("Not looked for: results of firn verify are not recorded anywhere. firn report --verify reads and"
                    + " checks everything first.");
            return;
        }
        VerifyReport found = report.get();
        String read = found.records() + " records in " + found.files() + " files were read.";
        if (found.isSound()) {
            page.raw("<p class=\"good\">").escaped("None. " + read).raw("</p>\n");
            return;
        }
        page.raw("<p class=\"bad\">")
                .escaped(VerifyCommand.verdict(found) + ". " + read)
                .raw("</p>\n");
        page.tableHead("File", "Offset", "Reason");
        found.damages().forEach(each -> page.row(each.path(), each.offset(), each.reason()));
        page.tableEnd();
    }
}
