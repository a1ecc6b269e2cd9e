package io.firn.series;

/**
 * A block with its index in memory.
 *
 * @param info what the manifest says
 * @param content labels and chunk directory
 */
record LoadedBlock(BlockInfo info, BlockContent content) {}
