package io.firn.partition;

import java.util.List;

/**
 * A field that an extractor looks for.
 *
 * @param index what the sink knows it by
 * @param path the names from the outside to the inside, not empty
 */
record WantedField(int index, List<String> path) {
    WantedField {
        path = List.copyOf(path);
    }
}
