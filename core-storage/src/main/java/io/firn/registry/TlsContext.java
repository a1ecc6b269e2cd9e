package io.firn.registry;

import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.fs.IoMode;
import io.firn.fs.LocalFileStore;
import io.firn.fs.StoreFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes the SSL context of {@code schema.registry.ssl.*}. Thread-safe: no state. */
final class TlsContext {
    private static final int MAX_STORE_BYTES = 16 << 20;

    private TlsContext() {}

    /**
     * Reads the stores.
     *
     * @throws ConfigException when a file or text cannot be read, naming the setting and the remedy
     */
    static SSLContext of(RegistrySettings settings) {
        try {
            SSLContext context = SSLContext.getInstance(settings.text(RegistryOption.TLS_PROTOCOL));
            context.init(keys(settings), trusted(settings), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new ConfigException(
                    "Cannot set up TLS for the schema registry: " + e.getMessage()
                            + ". Check the settings schema.registry.ssl.*.",
                    e);
        }
    }

    private static KeyManager @Nullable [] keys(RegistrySettings settings) throws GeneralSecurityException {
        char[] storePassword = settings.text(RegistryOption.KEYSTORE_PASSWORD).toCharArray();
        char[] ownPassword = settings.text(RegistryOption.KEY_PASSWORD).toCharArray();
        char[] keyPassword = ownPassword.length == 0 ? storePassword : ownPassword;
        KeyStore store;
        if (!settings.text(RegistryOption.KEYSTORE_KEY).isBlank()) {
            store = PemKeys.keyStore(
                    settings.text(RegistryOption.KEYSTORE_KEY),
                    settings.text(RegistryOption.KEYSTORE_CHAIN),
                    ownPassword);
        } else if (settings.text(RegistryOption.KEYSTORE_LOCATION).isBlank()) {
            return null;
        } else {
            byte[] file = read(settings, RegistryOption.KEYSTORE_LOCATION);
            if (isPem(settings, RegistryOption.KEYSTORE_TYPE)) {
                String pem = new String(file, StandardCharsets.ISO_8859_1);
                store = PemKeys.keyStore(pem, pem, ownPassword);
            } else {
                store = load(settings, RegistryOption.KEYSTORE_LOCATION, RegistryOption.KEYSTORE_TYPE, storePassword);
            }
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PemKeys.isOurs(store) ? PemKeys.PASSWORD.toCharArray() : keyPassword);
        return factory.getKeyManagers();
    }

    private static TrustManager @Nullable [] trusted(RegistrySettings settings) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trustStore(settings));
        TrustManager[] managers = factory.getTrustManagers();
        if (settings.text(RegistryOption.ENDPOINT_IDENTIFICATION).isBlank()) {
            for (int i = 0; i < managers.length; i++) {
                if (managers[i] instanceof X509TrustManager manager) {
                    managers[i] = new AnyHost(manager);
                }
            }
        }
        return managers;
    }

    private static @Nullable KeyStore trustStore(RegistrySettings settings) throws GeneralSecurityException {
        String inline = settings.text(RegistryOption.TRUSTSTORE_CERTIFICATES);
        if (!inline.isBlank()) {
            return PemKeys.trustStore(inline);
        }
        if (settings.text(RegistryOption.TRUSTSTORE_LOCATION).isBlank()) {
            return null;
        }
        if (isPem(settings, RegistryOption.TRUSTSTORE_TYPE)) {
            byte[] file = read(settings, RegistryOption.TRUSTSTORE_LOCATION);
            return PemKeys.trustStore(new String(file, StandardCharsets.ISO_8859_1));
        }
        String password = settings.text(RegistryOption.TRUSTSTORE_PASSWORD);
        return load(
                settings,
                RegistryOption.TRUSTSTORE_LOCATION,
                RegistryOption.TRUSTSTORE_TYPE,
                password.isEmpty() ? null : password.toCharArray());
    }

    private static KeyStore load(
            RegistrySettings settings, RegistryOption location, RegistryOption type, char @Nullable [] password)
            throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance(settings.text(type).toUpperCase(Locale.ROOT));
            store.load(new ByteArrayInputStream(read(settings, location)), password);
            return store;
        } catch (IOException e) {
            throw location.invalid(
                    settings.text(location),
                    "it cannot be read as " + settings.text(type) + " (" + e.getMessage() + "); check " + type.key()
                            + " and the password");
        }
    }

    private static byte[] read(RegistrySettings settings, RegistryOption location) {
        String text = settings.text(location).strip();
        try (StoreFile file = LocalFileStore.open(IoMode.CHANNEL).openRead(Path.of(text))) {
            if (file.sizeBytes() > MAX_STORE_BYTES) {
                throw location.invalid(text, "the file is larger than any key store");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
            file.read(bytes, 0);
            return bytes.array();
        } catch (InvalidPathException e) {
            throw location.invalid(text, "it is no path");
        } catch (ConfigException e) {
            throw e;
        } catch (FirnException e) {
            throw location.invalid(text, "the file cannot be read on this host (" + e.getMessage() + ")");
        }
    }

    private static boolean isPem(RegistrySettings settings, RegistryOption type) {
        return settings.text(type).equalsIgnoreCase("PEM");
    }

    /** Trusts as another one does, but does not ask whose certificate it is. */
    private static final class AnyHost extends X509ExtendedTrustManager {
        private final X509TrustManager trust;

        AnyHost(X509TrustManager trust) {
            this.trust = trust;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            trust.checkServerTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            trust.checkServerTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            trust.checkServerTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            trust.checkClientTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            trust.checkClientTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            trust.checkClientTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trust.getAcceptedIssuers();
        }
    }
}
