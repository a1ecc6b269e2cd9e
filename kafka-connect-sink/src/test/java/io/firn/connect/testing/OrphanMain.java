package io.firn.connect.testing;

import java.nio.file.Path;
import java.util.List;

/** Started by {@link TestKitIT} in its own JVM: starts a child, stops it by a signal and waits to be killed. */
final class OrphanMain {
    private OrphanMain() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        ChildProcess child = ChildProcess.start(List.of("sleep", "300"), directory, directory.resolve("child.log"));
        child.suspend();
        System.out.println(child.pid());
        System.out.flush();
        System.in.read();
    }
}
