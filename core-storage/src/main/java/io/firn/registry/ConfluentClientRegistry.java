package io.firn.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.firn.error.ConfigException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's own client ({@code io.confluent:kafka-schema-registry-client}), where the user has put its jars beside
 * the plugin: for ways to log in that only it has. It is not on Maven Central, so it is called by reflection. All
 * settings of the caller go to it. Thread-safe.
 */
final class ConfluentClientRegistry implements SchemaRegistry {
    /** What {@code schema.registry.provider} calls it. */
    static final String NAME = "confluent-client";

    private static final String PACKAGE = "io.confluent.kafka.schemaregistry";
    private static final int MAX_CACHED = 10_000;

    private final Object rest;
    private final AutoCloseable client;
    private final Class<?> referenceType;
    private final Cache<Integer, SchemaText> byId =
            Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

    private ConfluentClientRegistry(Object rest, AutoCloseable client, Class<?> referenceType) {
        this.rest = rest;
        this.client = client;
        this.referenceType = referenceType;
    }

    static ConfluentClientRegistry open(Map<String, String> settings) {
        return open(settings, PACKAGE);
    }

    /** Opens the client of a package; it is another one where somebody has relocated its classes. */
    static ConfluentClientRegistry open(Map<String, String> settings, String packageName) {
        List<String> urls = RegistryUrls.parse(settings.getOrDefault(RegistryOption.URL.key(), "")).stream()
                .map(RegistryUrls.Url::withUserInfo)
                .toList();
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent(RegistryOption.BASIC_SOURCE.key(), RegistryOption.BASIC_SOURCE.defaultText());
        try {
            Class<?> service = load(packageName + ".client.rest.RestService");
            Object rest = service.getConstructor(List.class).newInstance(urls);
            // it hands its settings (who asks, TLS) to the service
            Object client = load(packageName + ".client.CachedSchemaRegistryClient")
                    .getConstructor(service, int.class, Map.class)
                    .newInstance(rest, MAX_CACHED, all);
            AutoCloseable closing = client instanceof AutoCloseable closeable ? closeable : () -> {};
            return new ConfluentClientRegistry(
                    rest, closing, load(packageName + ".client.rest.entities.SchemaReference"));
        } catch (InvocationTargetException e) {
            throw RegistryOption.PROVIDER.invalid(NAME, "Confluent's client does not start: " + e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new ConfigException(
                    "Invalid value '" + NAME + "' for '" + RegistryOption.PROVIDER.key()
                            + "': put the jars of io.confluent:kafka-schema-registry-client (7.4 or later) and what it"
                            + " needs beside the jars of this plugin, or take confluent (" + e + ").",
                    e);
        }
    }

    private static Class<?> load(String name) throws ClassNotFoundException {
        return Class.forName(name, true, ConfluentClientRegistry.class.getClassLoader());
    }

    @Override
    public Optional<SchemaText> byId(int id) {
        SchemaText known = byId.getIfPresent(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<SchemaText> found = ask("read the schema of id " + id, () -> {
            Object schema = call(rest, "getId", id);
            return schema(schema, text(schema, "getSchemaString"));
        });
        found.ifPresent(schema -> byId.put(id, schema));
        return found;
    }

    @Override
    public int register(String subject, SchemaText schema) {
        String what = "register a schema under '" + subject + "'";
        Optional<Integer> id = ask(what, () -> {
            Object answer = call(rest, "registerSchema", schema.text(), schema.type(), references(schema), subject);
            return answer instanceof Integer number ? number : (Integer) call(answer, "getId");
        });
        return id.orElseThrow(() -> new RegistryRefusedException(
                "The schema registry refused to " + what + ": something that it needs is missing.", 404, 404));
    }

    @Override
    public Optional<SchemaVersion> lookUp(String subject, SchemaText schema) {
        return ask("look up a schema under '" + subject + "'", () -> {
            Object found = call(
                    rest, "lookUpSubjectVersion", schema.text(), schema.type(), references(schema), subject, false);
            return version(found);
        });
    }

    @Override
    public List<Integer> versions(String subject) {
        List<Integer> versions = new ArrayList<>();
        ask("list the versions of '" + subject + "'", () -> call(rest, "getAllVersions", subject))
                .ifPresent(found -> ((List<?>) found).forEach(version -> versions.add((Integer) version)));
        return versions;
    }

    @Override
    public Optional<SchemaVersion> version(String subject, int version) {
        return ask(
                "read version " + version + " of '" + subject + "'",
                () -> version(call(rest, "getVersion", subject, version)));
    }

    @Override
    public List<SubjectVersion> places(int id) {
        return ask("list the subjects of schema " + id, () -> {
                    List<SubjectVersion> places = new ArrayList<>();
                    for (Object place : (List<?>) call(rest, "getAllVersionsById", id)) {
                        places.add(new SubjectVersion(text(place, "getSubject"), (Integer) call(place, "getVersion")));
                    }
                    return List.copyOf(places);
                })
                .orElse(List.of());
    }

    @Override
    public void ping() {
        ask("answer", () -> call(rest, "getSchemaTypes"));
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) {
            throw new RegistryUnavailableException("Confluent's client cannot be closed: " + e.getMessage(), e);
        }
    }

    private static SchemaVersion version(Object found) throws Exception {
        return new SchemaVersion(
                text(found, "getSubject"),
                (Integer) call(found, "getVersion"),
                (Integer) call(found, "getId"),
                schema(found, text(found, "getSchema")));
    }

    private static SchemaText schema(Object found, String text) throws Exception {
        List<SchemaReference> references = new ArrayList<>();
        for (Object reference : (List<?>) call(found, "getReferences")) {
            references.add(new SchemaReference(text(reference, "getName"), text(reference, "getSubject"), (Integer)
                    call(reference, "getVersion")));
        }
        return new SchemaText(text(found, "getSchemaType"), text, references);
    }

    private List<Object> references(SchemaText schema) throws Exception {
        List<Object> references = new ArrayList<>();
        for (SchemaReference reference : schema.references()) {
            references.add(referenceType
                    .getConstructor(String.class, String.class, Integer.class)
                    .newInstance(reference.name(), reference.subject(), reference.version()));
        }
        return references;
    }

    /** Empty when the registry says that it is not there. */
    private <T> Optional<T> ask(String what, Callable<T> question) {
        try {
            return Optional.of(question.call());
        } catch (InvocationTargetException e) {
            return failed(what, e.getCause() instanceof Exception cause ? cause : e);
        } catch (Exception e) {
            throw new RegistryRefusedException(
                    "Confluent's client cannot " + what + ": " + e + ". Take version 7.4 or later of it.", 0, 0);
        }
    }

    private static <T> Optional<T> failed(String what, Exception cause) {
        if (!cause.getClass().getSimpleName().equals("RestClientException")) {
            String reason = cause instanceof IOException io ? RegistryErrors.reason(io) : cause.toString();
            throw new RegistryUnavailableException("The schema registry is not available: " + reason + ".", cause);
        }
        int status = number(cause, "getStatus");
        int code = number(cause, "getErrorCode");
        if (RegistryErrors.isMissing(code)) {
            return Optional.empty();
        }
        if (status >= 500 || status == 429) {
            throw new RegistryUnavailableException(
                    "The schema registry is not available: " + cause.getMessage(), cause);
        }
        throw RegistryErrors.refused(what, String.valueOf(cause.getMessage()), status, code);
    }

    private static int number(Object target, String method) {
        try {
            return (Integer) call(target, method);
        } catch (Exception e) {
            throw new IllegalStateException("Confluent's client has no " + method, e);
        }
    }

    private static String text(Object target, String method) throws Exception {
        return String.valueOf(call(target, method));
    }

    /** Calls the public method of this name that takes these arguments. */
    private static Object call(Object target, String name, Object... arguments) throws Exception {
        for (Method method : target.getClass().getMethods()) {
            if (method.getName().equals(name) && takes(method.getParameterTypes(), arguments)) {
                @Nullable Object result = method.invoke(target, arguments);
                return result == null ? "" : result;
            }
        }
        throw new NoSuchMethodException(target.getClass().getName() + "." + name + Arrays.toString(arguments));
    }

    private static boolean takes(Class<?>[] types, Object[] arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            boolean primitive = (types[i] == int.class && arguments[i] instanceof Integer)
                    || (types[i] == boolean.class && arguments[i] instanceof Boolean);
            if (!primitive && !types[i].isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }
}
