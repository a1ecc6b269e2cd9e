package io.firn.registry;

import io.firn.error.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Reads keys (PKCS#8, also encrypted) and certificates in PEM. Thread-safe: no state. */
final class PemKeys {
    /** Password of the key in the stores that are made here, which never leave memory. */
    static final String PASSWORD = "firn";

    private static final String ALIAS = "firn-pem-key";
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519", "DSA");
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    private PemKeys() {}

    /** A store with the key and the certificates that stand in two texts, or in one. */
    static KeyStore keyStore(String keyText, String chainText, char[] password) throws GeneralSecurityException {
        KeyStore store = empty();
        Certificate[] chain = certificates(chainText).toArray(Certificate[]::new);
        store.setKeyEntry(ALIAS, key(keyText, password), PASSWORD.toCharArray(), chain);
        return store;
    }

    /** A store that trusts the certificates of a text. */
    static KeyStore trustStore(String text) throws GeneralSecurityException {
        KeyStore store = empty();
        int number = 0;
        for (Certificate certificate : certificates(text)) {
            store.setCertificateEntry("trusted-" + number++, certificate);
        }
        return store;
    }

    /** Whether a store was made here. */
    static boolean isOurs(KeyStore store) throws GeneralSecurityException {
        return store.containsAlias(ALIAS);
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException("an empty key store cannot be made", e);
        }
    }

    private static List<Certificate> certificates(String text) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).endsWith("CERTIFICATE")) {
                found.add(factory.generateCertificate(new ByteArrayInputStream(decode(block.group(2)))));
            }
        }
        if (found.isEmpty()) {
            throw new ConfigException("There is no -----BEGIN CERTIFICATE----- in the PEM given for the schema"
                    + " registry; give the certificates as PEM text.");
        }
        return found;
    }

    private static PrivateKey key(String text, char[] password) throws GeneralSecurityException {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            String kind = block.group(1);
            if (kind.equals("PRIVATE KEY")) {
                return key(new PKCS8EncodedKeySpec(decode(block.group(2))));
            }
            if (kind.equals("ENCRYPTED PRIVATE KEY")) {
                return key(decrypt(decode(block.group(2)), password));
            }
            if (kind.endsWith(" PRIVATE KEY")) {
                throw new ConfigException("The PEM key of the schema registry is a '" + kind
                        + "'; convert it with 'openssl pkcs8 -topk8 -in key.pem -out key8.pem'.");
            }
        }
        throw new ConfigException("There is no -----BEGIN PRIVATE KEY----- in the PEM given for the schema registry.");
    }

    private static PrivateKey key(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        InvalidKeySpecException last = new InvalidKeySpecException("no algorithm");
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                last = e;
            }
        }
        throw last;
    }

    private static PKCS8EncodedKeySpec decrypt(byte[] encrypted, char[] password) throws GeneralSecurityException {
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
            // for PBES2 the name stands in the parameters
            String named = info.getAlgParameters().toString();
            String algorithm = named.startsWith("PBEWith") ? named : info.getAlgName();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)),
                    info.getAlgParameters());
            return info.getKeySpec(cipher);
        } catch (IOException e) {
            throw new GeneralSecurityException("the encrypted key cannot be read", e);
        }
    }

    private static byte[] decode(String base64) {
        return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
    }
}
