package io.firn.flink.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * FirnSink beside Flink's FileSink in one JVM: every contender takes the same byte arrays from a sequence, with object
 * reuse, parallelism 1 and a checkpoint each second.
 *
 * <p>Arguments: directory, rounds, seconds a cell, bytes of a value (separated by commas). FileSink writes each line in
 * one call, or bulk Avro records of a timestamp and the bytes.
 */
public final class FlinkSinkBench {
    private FlinkSinkBench() {}

    /** Runs the comparison. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0])).toAbsolutePath();
        JobRounds rounds = new JobRounds(directory, Integer.parseInt(arguments[1]), Double.parseDouble(arguments[2]));
        for (int size : BenchValues.sizes(arguments)) {
            rounds.run(
                    "sink " + size + " B",
                    List.of(
                            new Contender(
                                    "discard",
                                    3_000_000,
                                    (job, n, dir) ->
                                            BenchValues.stream(job, n, size).sinkTo(new DiscardingSink<>())),
                            new Contender(
                                    "firn", 1_000_000, (job, n, dir) -> BenchSinks.firn(job, n, size, dir, "auto")),
                            new Contender(
                                    "firn mmap",
                                    1_000_000,
                                    (job, n, dir) -> BenchSinks.firn(job, n, size, dir, "mmap")),
                            new Contender("file row", 300_000, (job, n, dir) -> BenchSinks.row(job, n, size, dir)),
                            new Contender("file avro", 500_000, (job, n, dir) -> BenchSinks.avro(job, n, size, dir)),
                            new Contender(
                                    "file avro zstd",
                                    400_000,
                                    (job, n, dir) -> BenchSinks.avroZstd(job, n, size, dir))),
                    List.of("discard", "file row", "file avro"));
        }
    }
}
