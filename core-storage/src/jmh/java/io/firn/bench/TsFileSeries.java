package io.firn.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.exception.write.WriteProcessException;
import org.apache.tsfile.file.metadata.IChunkMetadata;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.read.TsFileSequenceReader;
import org.apache.tsfile.read.common.BatchData;
import org.apache.tsfile.read.controller.CachedChunkLoaderImpl;
import org.apache.tsfile.read.controller.MetadataQuerierByFileImpl;
import org.apache.tsfile.read.reader.series.FileSeriesReader;
import org.apache.tsfile.write.TsFileWriter;
import org.apache.tsfile.write.record.Tablet;
import org.apache.tsfile.write.schema.IMeasurementSchema;
import org.apache.tsfile.write.schema.MeasurementSchema;

/**
 * Apache TsFile: each series is a device with one measurement, written in tablets, timestamps in TS_2DIFF, its default,
 * which gives every one back. Encodings that round doubles (TS_2DIFF, RLE) are not in the list.
 *
 * @param encoding of the values
 * @param compression of the pages
 */
record TsFileSeries(TSEncoding encoding, CompressionType compression) {
    static final TsFileSeries DEFAULT = new TsFileSeries(TSEncoding.GORILLA, CompressionType.LZ4);
    static final String FILE = "series.tsfile";

    private static final List<TSEncoding> LOSSLESS = List.of(
            TSEncoding.GORILLA,
            TSEncoding.CHIMP,
            TSEncoding.SPRINTZ,
            TSEncoding.RLBE,
            TSEncoding.CAMEL,
            TSEncoding.PLAIN);
    private static final List<CompressionType> COMPRESSIONS = List.of(
            CompressionType.UNCOMPRESSED,
            CompressionType.SNAPPY,
            CompressionType.LZ4,
            CompressionType.GZIP,
            CompressionType.ZSTD,
            CompressionType.LZMA2);
    private static final String MEASUREMENT = "v";

    /** Everything that can be combined. */
    static List<TsFileSeries> all() {
        return LOSSLESS.stream()
                .flatMap(encoding -> COMPRESSIONS.stream().map(compression -> new TsFileSeries(encoding, compression)))
                .toList();
    }

    @Override
    public String toString() {
        return encoding + "+" + compression;
    }

    private static String device(int series) {
        return String.format("root.m.s%04d", series);
    }

    /** Writes the file, so many samples of a series at a time, and forces it. */
    void write(Path directory, SeriesData data, int rows) {
        Path file = directory.resolve(FILE);
        List<IMeasurementSchema> schema =
                List.of(new MeasurementSchema(MEASUREMENT, TSDataType.DOUBLE, encoding, compression));
        try {
            try (TsFileWriter writer = new TsFileWriter(new File(file.toString()))) {
                for (int series = 0; series < data.series(); series++) {
                    writer.registerTimeseries(device(series), schema.get(0));
                }
                int count = data.timestamps().length;
                for (int from = 0; from < count; from += rows) {
                    long[] timestamps = new long[Math.min(rows, count - from)];
                    double[] values = new double[timestamps.length];
                    for (int series = 0; series < data.series(); series++) {
                        data.copy(series, from, timestamps, values);
                        writer.writeTree(new Tablet(
                                device(series), schema, timestamps, new Object[] {values}, null, timestamps.length));
                    }
                }
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (WriteProcessException refused) {
            throw new IllegalStateException(refused);
        }
    }

    /** Reads all samples of all series and looks at each; returns their number. */
    static long read(Path directory, SeriesData data, SampleCheck check) throws IOException {
        long found = 0;
        try (TsFileSequenceReader reader =
                new TsFileSequenceReader(directory.resolve(FILE).toString())) {
            MetadataQuerierByFileImpl metadata = new MetadataQuerierByFileImpl(reader);
            CachedChunkLoaderImpl loader = new CachedChunkLoaderImpl(reader);
            for (int series = 0; series < data.series(); series++) {
                List<IChunkMetadata> chunks = new ArrayList<>(metadata.getChunkMetaDataList(
                        new org.apache.tsfile.read.common.Path(device(series), MEASUREMENT, true)));
                FileSeriesReader samples = new FileSeriesReader(loader, chunks, null);
                check.series(series);
                while (samples.hasNextBatch()) {
                    BatchData batch = samples.nextBatch();
                    while (batch.hasCurrent()) {
                        check.sample(batch.currentTime(), batch.getDouble());
                        batch.next();
                        found++;
                    }
                }
            }
        }
        return found;
    }
}
