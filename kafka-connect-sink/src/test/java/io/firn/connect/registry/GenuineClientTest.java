package io.firn.connect.registry;

import io.firn.testing.StubRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Confluent's own client and ours understand each other over the stub; so the stub answers as a registry does. */
class GenuineClientTest {
    private final StubRegistry stub = StubRegistry.start(7);

    @AfterEach
    void stop() {
        stub.close();
    }

    @Test
    void readsWhatOursHasRegistered() throws Exception {
        GenuineClient.readsWhatOursHasRegistered(stub.url());
    }

    @Test
    void registersWhatOursReads() throws Exception {
        GenuineClient.registersWhatOursReads(stub.url());
    }
}
