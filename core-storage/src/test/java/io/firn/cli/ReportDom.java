package io.firn.cli;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The page of a report as a tree, for tests. Confined to one thread. */
final class ReportDom {
    private final Document document;

    private ReportDom(Document document) {
        this.document = document;
    }

    /** Reads well-formed XHTML; anything else is an exception. */
    static ReportDom parse(String page) throws Exception {
        return new ReportDom(DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8))));
    }

    /**
     * Reads what a browser prints of its tree: HTML, in which {@code meta} has no end and the document type no
     * address.
     */
    static ReportDom parseDump(String dump) throws Exception {
        return parse(dump.replaceAll("<!DOCTYPE[^>]*>", "").replaceAll("<meta[^>]*>", ""));
    }

    Element root() {
        return document.getDocumentElement();
    }

    int count(String tag) {
        return document.getElementsByTagName(tag).getLength();
    }

    /** The part about a table. */
    Element section(String table) {
        NodeList sections = document.getElementsByTagName("section");
        for (int i = 0; i < sections.getLength(); i++) {
            if (sections.item(i) instanceof Element section
                    && section.getAttribute("data-table").equals(table)) {
                return section;
            }
        }
        throw new AssertionError("no section of " + table);
    }

    /** The exact numbers of a table's rows by the text of their first cell; the table is found by its first column. */
    static Map<String, List<Long>> rows(Element within, String firstColumn) {
        Map<String, List<Long>> rows = new TreeMap<>();
        cells(within, firstColumn).forEach((name, cells) -> rows.put(name, numbers(cells)));
        return rows;
    }

    /** What people see in a table's rows behind their first cell. */
    static Map<String, List<String>> shown(Element within, String firstColumn) {
        Map<String, List<String>> rows = new TreeMap<>();
        cells(within, firstColumn)
                .forEach((name, cells) -> rows.put(
                        name, cells.stream().map(Element::getTextContent).toList()));
        return rows;
    }

    private static Map<String, List<Element>> cells(Element within, String firstColumn) {
        Map<String, List<Element>> rows = new TreeMap<>();
        for (Element table : elements(within, "table")) {
            if (elements(table, "th").get(0).getTextContent().equals(firstColumn)) {
                for (Element row : elements(elements(table, "tbody").get(0), "tr")) {
                    List<Element> cells = elements(row, "td");
                    rows.put(cells.get(0).getTextContent(), cells.subList(1, cells.size()));
                }
            }
        }
        return rows;
    }

    /** The elements of a name in document order. */
    static List<Element> elements(Element within, String tag) {
        NodeList found = within.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static List<Long> numbers(List<Element> cells) {
        return cells.stream()
                .map(cell -> cell.getAttribute("title"))
                .filter(exact -> !exact.isEmpty())
                .map(Long::valueOf)
                .toList();
    }
}
