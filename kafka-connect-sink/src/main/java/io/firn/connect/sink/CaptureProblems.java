package io.firn.connect.sink;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns once of everything that is not captured, until it has worked again. Used by one thread. */
final class CaptureProblems {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureProblems.class);

    private final String what;
    private final String rights;
    private final String option;
    private final Set<String> warned = new TreeSet<>();

    /**
     * Nothing is wrong yet.
     *
     * @param what what a problem means
     * @param rights what the client needs
     * @param option the option that ends the attempts
     */
    CaptureProblems(String what, String rights, String option) {
        this.what = what;
        this.rights = rights;
        this.option = option;
    }

    /** Tells what is wrong now, by what it is wrong with. */
    void report(Map<String, String> problems) {
        warned.retainAll(problems.keySet());
        Map<String, String> news = new TreeMap<>(problems);
        news.keySet().removeAll(warned);
        if (!news.isEmpty()) {
            LOG.warn(
                    "{}: names={} causes={}. The client {}* needs {}; the option {} ends the attempts",
                    what,
                    news.keySet(),
                    Set.copyOf(news.values()),
                    FirnSinkConfig.SOURCE_PREFIX,
                    rights,
                    option);
        }
        warned.addAll(news.keySet());
    }
}
