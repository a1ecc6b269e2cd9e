package io.firn.lifecycle;

import io.firn.log.ExpiredRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Records that stood in the inputs of a rewrite and stand nowhere after it. Confined to one thread. */
interface RemovedForEver {
    /** Nothing: the outputs hold all records of the inputs. */
    RemovedForEver NOTHING = List::of;

    /** The records, as a marker names them. */
    List<ExpiredRange> ranges();

    /** How many they are, by lane. */
    default Map<String, Long> byLane() {
        Map<String, Long> byLane = new HashMap<>();
        ranges().forEach(range -> byLane.merge(range.lane(), range.records(), Long::sum));
        return byLane;
    }
}
