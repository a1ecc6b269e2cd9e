package io.firn.connect.testing.containers;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/**
 * Looks for a Docker engine before anything else of a test class: where none answers, the class fails, or is skipped if
 * {@code -Dcontainers.optional=true} says so. Thread-safe.
 */
public final class DockerCondition implements ExecutionCondition {
    private static final String MESSAGE = "-Pcontainers runs these tests on containers, and no Docker engine answers. "
            + "Start one, or set DOCKER_HOST to where it listens; without -Pcontainers the same tests run on a broker "
            + "in the test's JVM; with -Dcontainers.optional=true they are skipped (docs/testing.md).";

    /** Creates the condition. */
    public DockerCondition() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (DockerClientFactory.instance().isDockerAvailable()) {
            return ConditionEvaluationResult.enabled("a Docker engine answers");
        }
        if (Boolean.getBoolean("firn.containers.optional")) {
            return ConditionEvaluationResult.disabled(MESSAGE);
        }
        throw new IllegalStateException(MESSAGE);
    }
}
