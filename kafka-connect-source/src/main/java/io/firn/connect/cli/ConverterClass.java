package io.firn.connect.cli;

import io.firn.cli.UsageException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Finds converters on the class path of the command line, named as for Connect: by their class, or by its simple name
 * with or without {@code Converter} at its end. Thread-safe: no state.
 */
final class ConverterClass {
    private static final String SUFFIX = "Converter";

    private ConverterClass() {}

    /**
     * Makes a converter; it is not configured yet.
     *
     * @throws UsageException when there is none of the name, or what it needs is missing
     */
    static <T> T create(Class<T> type, String name) {
        try {
            return find(type, name).getConstructor().newInstance();
        } catch (ClassCastException other) {
            throw new UsageException("the class is no " + type.getName(), other);
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException closed) {
            throw new UsageException("the class has no public constructor without arguments", closed);
        } catch (InvocationTargetException failed) {
            throw new UsageException(
                    failed.getCause() instanceof LinkageError missing
                            ? missing(missing)
                            : "the class cannot be used: " + failed.getCause(),
                    failed);
        } catch (LinkageError missing) {
            throw new UsageException(missing(missing), missing);
        }
    }

    /** What to do about a class that cannot be linked. */
    static String missing(LinkageError error) {
        return "a class is missing or of another version (" + error
                + "); put all jars that the converter needs into FIRN_CLASSPATH";
    }

    private static <T> Class<? extends T> find(Class<T> type, String name) {
        try {
            return Class.forName(name, true, loader()).asSubclass(type);
        } catch (ClassNotFoundException noClass) {
            List<Class<? extends T>> known = known(type);
            return known.stream()
                    .filter(each -> each.getSimpleName().equals(name)
                            || each.getSimpleName().equals(name + SUFFIX))
                    .findFirst()
                    .orElseThrow(() -> new UsageException(
                            "there is no such class on the class path of the command"
                                    + " line; put its jar and those that it needs into FIRN_CLASSPATH, for example"
                                    + " FIRN_CLASSPATH='/opt/converters/*'. Found are "
                                    + known.stream()
                                            .map(Class::getName)
                                            .sorted()
                                            .toList(),
                            noClass));
        }
    }

    private static <T> List<Class<? extends T>> known(Class<T> type) {
        try {
            return ServiceLoader.load(type, loader()).stream()
                    .<Class<? extends T>>map(ServiceLoader.Provider::type)
                    .toList();
        } catch (ServiceConfigurationError broken) {
            throw new UsageException(
                    "there is no such class, and not all converters of the class path can be listed: "
                            + broken.getMessage(),
                    broken);
        }
    }

    private static ClassLoader loader() {
        return ConverterClass.class.getClassLoader();
    }
}
