package io.firn.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenPartsTest {
    private final List<String> closed = new ArrayList<>();
    private final OpenParts parts = new OpenParts();

    private AutoCloseable part(String name) {
        return () -> closed.add(name);
    }

    private AutoCloseable failing(String name, Exception failure) {
        return () -> {
            closed.add(name);
            throw failure;
        };
    }

    @Test
    void closesWhatWasOpenedLastFirstAndOnce() {
        AutoCloseable first = part("first");
        assertThat(parts.keep(first)).isSameAs(first);
        parts.keep(part("second"));
        parts.close();
        parts.close();
        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void closesEveryPartWhateverOthersThrow() {
        parts.keep(failing("first", new IOException("disk")));
        parts.keep(part("second"));
        parts.keep(failing("third", new IllegalArgumentException("bad")));
        assertThatThrownBy(parts::close)
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .singleElement()
                        .satisfies(more -> assertThat(more).hasRootCauseMessage("disk")));
        assertThat(closed).containsExactly("third", "second", "first");
    }

    @Test
    void aFailureKeepsItsPlaceWhenClosingFailsToo() {
        parts.keep(failing("first", new IllegalStateException("late")));
        RuntimeException failed = new IllegalArgumentException("the reason");
        parts.closeAfter(failed);
        assertThat(failed.getSuppressed())
                .singleElement()
                .satisfies(more -> assertThat(more).hasMessage("late"));
        assertThat(closed).containsExactly("first");
    }
}
