package io.firn.log;

import java.util.Map;
import java.util.TreeMap;

/**
 * Who writes a lane.
 *
 * @param writer the writer's full name; the lane's directory is {@link LaneName#encode} of it
 * @param properties what the writer says of its origin, for example cluster id, topic and partition
 */
public record LaneIdentity(String writer, Map<String, String> properties) {
    /** Property: the Hive path of the one partition that a writer writes to, so that its files can be found. */
    public static final String PARTITION = "firn.partition";

    /** Copies the map. */
    public LaneIdentity {
        properties = Map.copyOf(properties);
    }

    /** Directory name of the lane. */
    public String lane() {
        return LaneName.encode(writer);
    }

    void write(PayloadWriter out) {
        out.string(writer).unsigned(properties.size());
        new TreeMap<>(properties).forEach((name, value) -> out.string(name).string(value));
    }

    static LaneIdentity read(PayloadReader in) {
        String writer = in.string();
        Map<String, String> properties = new TreeMap<>();
        in.list(() -> properties.put(in.string(), in.string()) == null);
        return new LaneIdentity(writer, properties);
    }
}
