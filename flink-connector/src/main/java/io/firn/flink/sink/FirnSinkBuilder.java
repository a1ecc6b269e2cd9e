package io.firn.flink.sink;

import io.firn.error.ConfigException;
import io.firn.flink.TableLocation;
import io.firn.table.TableOption;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link FirnSink}. Confined to one thread.
 *
 * @param <T> type of the elements
 */
public final class FirnSinkBuilder<T> {
    private final Map<String, String> options = new HashMap<>();
    private String path = "";
    private String table = "";
    private String sinkId = "";
    private String archiveId = "";
    private String ioMode = "auto";
    private String sharedFs = "";
    private DeliveryGuarantee guarantee = DeliveryGuarantee.EXACTLY_ONCE;
    private RestoreOlder restoreOlder = RestoreOlder.APPEND;
    private @Nullable String scheme;
    private @Nullable FirnPartitioner<T> partitioner;
    private @Nullable FirnRecordSerializer<T> serializer;
    private @Nullable LifecycleSettings lifecycle;

    FirnSinkBuilder() {}

    /** The archive's root: an absolute path, or a {@code file:} URI, the same on every host. Required. */
    public FirnSinkBuilder<T> path(String value) {
        this.path = value;
        return this;
    }

    /** Name of the table; it is made when there is none. Required. */
    public FirnSinkBuilder<T> table(String value) {
        this.table = value;
        return this;
    }

    /**
     * Names this sink: the same whenever the job is started again, and used by no other job. Of two jobs with one id
     * the later one takes over, and the commits of the earlier one fail. Required.
     */
    public FirnSinkBuilder<T> sinkId(String value) {
        this.sinkId = value;
        return this;
    }

    /** Makes records of elements. Required. */
    public FirnSinkBuilder<T> serializer(FirnRecordSerializer<T> value) {
        this.serializer = value;
        return this;
    }

    /** Partitions by fields of the stored record, as option {@code partition.fields}; default one partition. */
    public FirnSinkBuilder<T> partitionFields(String value) {
        return option(TableOption.PARTITION_FIELDS.key(), value);
    }

    /**
     * Partitions by a function of the element instead.
     *
     * @param fields the scheme, for example {@code dt:date,origin:string}
     */
    public FirnSinkBuilder<T> partitioner(String fields, FirnPartitioner<T> function) {
        this.scheme = fields;
        this.partitioner = function;
        return this;
    }

    /**
     * What is promised of every element; default exactly-once. At-least-once commits at every checkpoint without
     * waiting for it to be complete; none promises nothing after a failure.
     */
    public FirnSinkBuilder<T> deliveryGuarantee(DeliveryGuarantee value) {
        this.guarantee = value;
        return this;
    }

    /** What happens after a restore from an older checkpoint than the latest; default {@link RestoreOlder#APPEND}. */
    public FirnSinkBuilder<T> restoreOlder(RestoreOlder value) {
        this.restoreOlder = value;
        return this;
    }

    /** The archive must have this id, so that a host with an empty disk fails; default any. */
    public FirnSinkBuilder<T> archiveId(String value) {
        this.archiveId = value;
        return this;
    }

    /** Sets an option of the table, of {@code io.mode} or of {@code shared.fs}, under its name in the documentation. */
    public FirnSinkBuilder<T> option(String key, String value) {
        switch (key) {
            case "io.mode" -> ioMode = value;
            case "shared.fs" -> sharedFs = value;
            default -> {
                if (TableOption.find(key).isEmpty()) {
                    throw new ConfigException(
                            "Unknown option '" + key + "'; docs/options-table.md lists the options of tables");
                }
                options.put(key, value);
            }
        }
        return this;
    }

    /** Settles and compresses after completed checkpoints, in an operator of its own; default off. */
    public FirnSinkBuilder<T> lifecycle(LifecycleSettings value) {
        this.lifecycle = value;
        return this;
    }

    /**
     * Builds the sink.
     *
     * @throws ConfigException when something required is missing, or options contradict each other
     */
    public FirnSink<T> build() {
        if (serializer == null) {
            throw new ConfigException("The sink has no serializer; give one, for example"
                    + " FirnRecordSerializer.valueOnly(new SimpleStringSchema())");
        }
        TableLocation location = new TableLocation(path, table, archiveId, ioMode, sharedFs);
        SinkSettings settings = new SinkSettings(location, sinkId, guarantee, restoreOlder, scheme, options);
        return lifecycle == null
                ? new FirnSink<>(settings, serializer, partitioner)
                : new FirnSinkWithLifecycle<>(settings, serializer, partitioner, lifecycle);
    }
}
