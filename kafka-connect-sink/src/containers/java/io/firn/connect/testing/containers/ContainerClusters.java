package io.firn.connect.testing.containers;

import io.firn.connect.testing.TestCluster;
import java.nio.file.Path;

/** What {@code firn.cluster=containers} stands for. Thread-safe. */
public final class ContainerClusters implements TestCluster.Provider {
    /** Creates the provider. */
    public ContainerClusters() {}

    @Override
    public String kind() {
        return "containers";
    }

    @Override
    public TestCluster start(Path directory) {
        return ContainerCluster.start(directory);
    }
}
