package io.firn.fs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSystemKindTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "NTFS", "f2fs", "", "unheard-of"})
    void localFileSystemsAreMapped(String type) {
        assertThat(FileSystemKind.modeFor(type)).isEqualTo(IoMode.MMAP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nfs", "nfs4", "cifs", "smbfs", "smb3", "fuse", "fuse.sshfs", "fuseblk", "9p", "ceph", "NFS"})
    void networkFileSystemsAreNot(String type) {
        assertThat(FileSystemKind.modeFor(type)).isEqualTo(IoMode.CHANNEL);
    }
}
