package io.firn.flink.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The values that all contenders write and read: lines of JSON of one size, more of them than fit into a block. */
final class BenchValues {
    private static final int DISTINCT = 1 << 15;

    private static final int SIZES = 3;

    private BenchValues() {}

    /** The sizes of values, in bytes, that stand behind directory, rounds and seconds. */
    static int[] sizes(String[] arguments) {
        return Arrays.stream(arguments[SIZES].split(",", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    static DataStream<byte[]> stream(StreamExecutionEnvironment job, long records, int size) {
        byte[][] values = lines(size);
        return job.fromSequence(0, records - 1)
                .map(number -> values[(int) (number % DISTINCT)])
                .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }

    private static byte[][] lines(int size) {
        SplittableRandom random = new SplittableRandom(size);
        byte[][] lines = new byte[DISTINCT][];
        for (int i = 0; i < DISTINCT; i++) {
            StringBuilder line = new StringBuilder("{\"id\":").append(i);
            while (line.length() < size - 1) {
                line.append(",\"f").append(random.nextInt(30)).append("\":").append(random.nextInt(100_000));
            }
            line.setLength(size - 1);
            lines[i] = line.append('}').toString().getBytes(StandardCharsets.US_ASCII);
        }
        return lines;
    }
}
