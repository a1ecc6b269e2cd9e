package io.firn.flink.series;

import io.firn.flink.TableLocation;
import io.firn.flink.table.FirnTableOptions;
import java.time.ZoneId;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/** Makes the source of {@code CREATE TABLE ... WITH ('connector'='firn-series', ...)}. Thread-safe; no state. */
public final class SeriesTableFactory implements DynamicTableSourceFactory {
    /** The connector's name. */
    public static final String IDENTIFIER = "firn-series";

    /** Size of a split. */
    public static final ConfigOption<Long> SPLIT_SAMPLES = ConfigOptions.key("scan.split.samples")
            .longType()
            .defaultValue(4_000_000L)
            .withDescription("About how many samples one reader takes at a time.");

    @Override
    public String factoryIdentifier() {
        return IDENTIFIER;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(FirnTableOptions.PATH);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of(
                FirnTableOptions.TABLE,
                FirnTableOptions.ARCHIVE_ID,
                FirnTableOptions.IO_MODE,
                FirnTableOptions.SHARED_FS,
                SPLIT_SAMPLES,
                FactoryUtil.SOURCE_PARALLELISM);
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validate();
        ReadableConfig options = helper.getOptions();
        TableLocation location = new TableLocation(
                options.get(FirnTableOptions.PATH),
                options.getOptional(FirnTableOptions.TABLE)
                        .orElse(context.getObjectIdentifier().getObjectName()),
                options.get(FirnTableOptions.ARCHIVE_ID),
                options.get(FirnTableOptions.IO_MODE),
                options.get(FirnTableOptions.SHARED_FS));
        return new SeriesTableSource(new SeriesTableSource.Declaration(
                location,
                options.get(SPLIT_SAMPLES),
                options.getOptional(FactoryUtil.SOURCE_PARALLELISM),
                zone(context.getConfiguration()),
                context.getPhysicalRowDataType()));
    }

    private static ZoneId zone(ReadableConfig session) {
        String zone = session.get(TableConfigOptions.LOCAL_TIME_ZONE);
        return TableConfigOptions.LOCAL_TIME_ZONE.defaultValue().equals(zone)
                ? ZoneId.systemDefault()
                : ZoneId.of(zone);
    }
}
