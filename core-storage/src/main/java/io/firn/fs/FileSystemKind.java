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
            "pvfs2");

    private FileSystemKind() {}

    /** The mode that {@link IoMode#AUTO} stands for on a file system of this type, for example {@code ext4}. */
    static IoMode modeFor(String type) {
        String name = type.toLowerCase(Locale.ROOT);
        return REMOTE_PREFIXES.stream().anyMatch(name::startsWith) ? IoMode.CHANNEL : IoMode.MMAP;
    }
}
