package io.firn.bench;

/** Looks at samples that were read; confined to one thread. */
interface SampleCheck {
    /** The samples of a series follow. */
    void series(int series);

    /** A sample. */
    void sample(long timestamp, double value);

    /** Adds everything up, so that nothing can be left out. */
    final class Sum implements SampleCheck {
        private long timestamps;
        private double values;

        @Override
        public void series(int series) {
            timestamps += series;
        }

        @Override
        public void sample(long timestamp, double value) {
            timestamps += timestamp;
            values += value;
        }

        double sum() {
            return timestamps + values;
        }
    }

    /** Compares every bit. */
    final class Exact implements SampleCheck {
        private final SeriesData data;
        private int at;
        private double[] expected = new double[0];

        Exact(SeriesData data) {
            this.data = data;
        }

        @Override
        public void series(int series) {
            at = 0;
            expected = data.values()[series];
        }

        @Override
        public void sample(long timestamp, double value) {
            if (timestamp != data.timestamps()[at]
                    || Double.doubleToRawLongBits(value) != Double.doubleToRawLongBits(expected[at])) {
                throw new IllegalStateException("read " + timestamp + "=" + value + ", written were "
                        + data.timestamps()[at] + "=" + expected[at]);
            }
            at++;
        }
    }
}
