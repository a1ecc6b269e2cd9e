package io.firn.table;

import io.firn.partition.PartitionScheme;
import java.util.UUID;

/**
 * What never changes of a table, and its configuration.
 *
 * @param id the table's identity
 * @param scheme how records are divided into directories
 * @param config the options that it was created with
 */
record TableMetadata(UUID id, PartitionScheme scheme, TableConfig config) {}
