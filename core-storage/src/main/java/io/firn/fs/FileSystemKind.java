package io.firn.fs;

import java.util.List;
import java.util.Locale;

/** Tells local file systems from those where shared mappings are slow or incoherent. Thread-safe. */
final class FileSystemKind {
    /** Names as the kernel reports them; prefixes, because of nfs4, smb3, fuse.sshfs, ceph-fuse and the like. */
    private static final List<String> REMOTE_PREFIXES = List.of(
            "nfs",
            "cifs",
            "smb",
            "fuse",
            "9p",
            "afs",
            "ceph",
            "glusterfs",
            "lustre",
            "beegfs",
            "gpfs",
            "ocfs2",
            "gfs2",
            "virtiofs",
            "vboxsf",
            "webdav",
            "davfs",
            "ncpfs",
            "orangefs",
            "pvfs2",
            "panfs",
            "wekafs",
            "afpfs",
            "coda",
            "vmhgfs",
            "prl_fs");

    private FileSystemKind() {}

    /**
     * Whether other hosts may change files of a file system of this type, for example {@code nfs4}, and this one see
     * that late. What a FUSE program does is not known, so it counts as one.
     */
    static boolean isNetwork(String type) {
        String name = type.toLowerCase(Locale.ROOT);
        return REMOTE_PREFIXES.stream().anyMatch(name::startsWith);
    }

    /** The mode that {@link IoMode#AUTO} stands for on a file system of this type. */
    static IoMode modeFor(String type) {
        return isNetwork(type) ? IoMode.CHANNEL : IoMode.MMAP;
    }
}
