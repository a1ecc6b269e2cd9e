package io.firn.partition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The names on the way to wanted fields, and which of those were found already. Confined to one thread. */
final class WantedFields {
    private final Node root = new Node("");
    private final boolean[] found;
    private final int wanted;
    private int remaining;

    WantedFields(List<WantedField> fields) {
        int highest = 0;
        for (WantedField field : fields) {
            Node node = root;
            for (String name : field.path()) {
                node = node.childOrNew(name);
            }
            node.fields = Arrays.copyOf(node.fields, node.fields.length + 1);
            node.fields[node.fields.length - 1] = field.index();
            highest = Math.max(highest, field.index());
        }
        this.found = new boolean[highest + 1];
        this.wanted = fields.size();
    }

    /** Begins with another record. */
    void begin() {
        Arrays.fill(found, false);
        remaining = wanted;
    }

    /** Whether every field was found. */
    boolean isComplete() {
        return remaining == 0;
    }

    Node root() {
        return root;
    }

    /** Notes that a field was found; false when it was found before, so that this one does not count. */
    boolean take(int field) {
        if (found[field]) {
            return false;
        }
        found[field] = true;
        remaining--;
        return true;
    }

    /** Reports the fields of a name, each for its first value only. */
    void find(Node node, IntConsumer report) {
        for (int field : node.fields) {
            if (take(field)) {
                report.accept(field);
            }
        }
    }

    /** One name. */
    static final class Node {
        private final String name;
        private final List<Node> children = new ArrayList<>(2);
        private int[] fields = new int[0];

        private Node(String name) {
            this.name = name;
        }

        /** The fields of this name; not to be changed. */
        int[] fields() {
            return fields;
        }

        boolean hasChildren() {
            return !children.isEmpty();
        }

        @Nullable
        Node child(String childName) {
            for (int i = 0; i < children.size(); i++) {
                Node child = children.get(i);
                if (child.name.equals(childName)) {
                    return child;
                }
            }
            return null;
        }

        private Node childOrNew(String childName) {
            Node child = child(childName);
            if (child == null) {
                child = new Node(childName);
                children.add(child);
            }
            return child;
        }
    }
}
