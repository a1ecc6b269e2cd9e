package io.firn.flink.table;

import io.firn.flink.TableLocation;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.factories.CatalogFactory;
import org.apache.flink.table.factories.FactoryUtil;

/** Makes the catalog of {@code CREATE CATALOG ... WITH ('type'='firn', 'path'='...')}. Thread-safe; no state. */
public final class FirnCatalogFactory implements CatalogFactory {
    /** A location has a table; the catalog puts the names of its own in the place of this one. */
    private static final String ANY_TABLE = "any";

    @Override
    public String factoryIdentifier() {
        return FirnTableFactory.IDENTIFIER;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(FirnTableOptions.PATH);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of(FirnTableOptions.ARCHIVE_ID, FirnTableOptions.IO_MODE, FirnTableOptions.SHARED_FS);
    }

    @Override
    public Catalog createCatalog(Context context) {
        FactoryUtil.CatalogFactoryHelper helper = FactoryUtil.createCatalogFactoryHelper(this, context);
        helper.validate();
        ReadableConfig options = helper.getOptions();
        return new FirnCatalog(
                context.getName(),
                new TableLocation(
                        options.get(FirnTableOptions.PATH),
                        ANY_TABLE,
                        options.get(FirnTableOptions.ARCHIVE_ID),
                        options.get(FirnTableOptions.IO_MODE),
                        options.get(FirnTableOptions.SHARED_FS)));
    }
}
