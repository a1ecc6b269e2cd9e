package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSystemKindTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ext2",
                "ext3",
                "ext4",
                "xfs",
                "btrfs",
                "zfs",
                "tmpfs",
                "ramfs",
                "overlay",
                "apfs",
                "hfs",
                "NTFS",
                "f2fs",
                "jfs",
                "reiserfs",
                "bcachefs",
                "exfat",
                "",
                "unheard-of"
            })
    void localFileSystemsAreMapped(String type) {
        assertThat(FileSystemKind.isNetwork(type)).isFalse();
        assertThat(FileSystemKind.modeFor(type)).isEqualTo(IoMode.MMAP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nfs",
                "nfs4",
                "NFS",
                "cifs",
                "smbfs",
                "smb2",
                "smb3",
                "fuse",
                "fuse.sshfs",
                "fuse.s3fs",
                "fuse.glusterfs",
                "fuse.ceph-fuse",
                "fuse.gcsfuse",
                "fuseblk",
                "9p",
                "ceph",
                "lustre",
                "glusterfs",
                "beegfs",
                "gpfs",
                "virtiofs",
                "vboxsf",
                "afs",
                "afpfs",
                "ocfs2",
                "gfs2",
                "davfs2",
                "wekafs"
            })
    void networkFileSystemsAreNot(String type) {
        assertThat(FileSystemKind.isNetwork(type)).isTrue();
        assertThat(FileSystemKind.modeFor(type)).isEqualTo(IoMode.CHANNEL);
    }
}
