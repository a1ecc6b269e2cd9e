package io.firn.registry;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;

/** Says in words what went wrong with a registry. Thread-safe: no state. */
final class RegistryErrors {
    private static final int NO_SUBJECT = 40401;
    private static final int NO_VERSION = 40402;
    private static final int NO_SCHEMA = 40403;
    private static final int SUBJECT_DELETED = 40404;
    private static final int SUBJECT_DELETED_FIRST = 40405;

    private RegistryErrors() {}

    /** Why there was no answer. */
    static String reason(IOException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException
                    || cause instanceof java.nio.channels.UnresolvedAddressException) {
                return "unknown host";
            }
        }
        if (error instanceof HttpConnectTimeoutException) {
            return "no connection in time";
        }
        if (error instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        if (error instanceof ConnectException) {
            return "connection refused";
        }
        return error.getClass().getSimpleName() + ": " + error.getMessage();
    }

    /** Whether an answer says that what was asked for is not there. */
    static boolean isMissing(RegistryHttp.Answer answer) {
        return isMissing(answer.errorCode());
    }

    /** The same for a code. */
    static boolean isMissing(int errorCode) {
        return switch (errorCode) {
            case NO_SUBJECT, NO_VERSION, NO_SCHEMA, SUBJECT_DELETED, SUBJECT_DELETED_FIRST -> true;
            default -> false;
        };
    }

    /** The exception for any other answer that is no success. */
    static RegistryRefusedException refused(String what, RegistryHttp.Answer answer) {
        return refused(what, answer.message() + " to " + answer.request(), answer.status(), answer.errorCode());
    }

    /** The same for what another client was told. */
    static RegistryRefusedException refused(String what, String said, int status, int errorCode) {
        return new RegistryRefusedException(
                "The schema registry refused to " + what + ": " + said + ". " + remedy(status, errorCode),
                status,
                errorCode);
    }

    private static String remedy(int status, int errorCode) {
        if (status == 401) {
            return "Set " + RegistryOption.BASIC_USER_INFO.key() + " with " + RegistryOption.BASIC_SOURCE.key()
                    + "=USER_INFO, or " + RegistryOption.BEARER_TOKEN.key() + ", to valid credentials.";
        }
        if (status == 403) {
            return "Give this user the right to read schemas, and to register them where a replay has to.";
        }
        if (status == 404) {
            return "There seems to be no registry at this URL: correct " + RegistryOption.URL.key()
                    + " (a path such as /apis/ccompat/v7 may be missing).";
        }
        if (status == 409) {
            return "The schema is not compatible with the subject's earlier versions: take another subject, or set the"
                    + " subject's compatibility to NONE.";
        }
        if (errorCode == 42201 || errorCode == 422) {
            return "The registry does not understand the schema, or what it refers to is not registered.";
        }
        if (errorCode == 42205 || errorCode == 42207) {
            return "The registry takes no new schemas here at present: set the mode of the subject to READWRITE.";
        }
        return "See the registry's log.";
    }
}
