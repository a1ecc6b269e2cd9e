package io.firn.connect.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * What one task replays, as the connector hands it over in the task's configuration.
 *
 * <p>Immutable; thread-safe.
 *
 * @param plannedOn the host that looked at the archive
 * @param groups the lanes by Kafka partition
 */
record TaskPlan(String plannedOn, List<LaneGroup> groups) {
    /** The option that carries the plan. */
    static final String KEY = "firn.task.plan";

    private static final ObjectMapper JSON = new ObjectMapper();

    TaskPlan {
        groups = List.copyOf(groups);
    }

    /** The plan as one line of JSON. */
    String toJson() {
        ObjectNode root = JSON.createObjectNode().put("host", plannedOn);
        ArrayNode array = root.putArray("groups");
        for (LaneGroup group : groups) {
            ArrayNode lanes = array.addObject().put("bytes", group.bytes()).putArray("lanes");
            group.lanes().forEach(lane -> write(lane, lanes.addObject()));
        }
        return root.toString();
    }

    /** Parses {@link #toJson}. */
    static TaskPlan parse(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            List<LaneGroup> groups = new ArrayList<>();
            for (JsonNode group : root.required("groups")) {
                List<ReplayLane> lanes = new ArrayList<>();
                group.required("lanes").forEach(lane -> lanes.add(read(lane)));
                groups.add(new LaneGroup(lanes, group.required("bytes").longValue()));
            }
            return new TaskPlan(root.required("host").textValue(), groups);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new ConnectException(
                    "'" + KEY + "' is not a plan of the connector: " + json
                            + ". Let the connector write it; do not set it.",
                    e);
        }
    }

    private static void write(ReplayLane lane, ObjectNode node) {
        node.put("table", lane.table())
                .put("id", lane.tableId().toString())
                .put("lane", lane.lane())
                .put("topic", lane.topic())
                .put("partition", lane.partition())
                .put("generation", lane.generation());
    }

    private static ReplayLane read(JsonNode node) {
        return new ReplayLane(
                node.required("table").textValue(),
                UUID.fromString(node.required("id").textValue()),
                node.required("lane").textValue(),
                node.required("topic").textValue(),
                node.required("partition").intValue(),
                node.required("generation").intValue());
    }
}
