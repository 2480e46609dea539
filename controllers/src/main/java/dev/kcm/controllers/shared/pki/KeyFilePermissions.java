package dev.kcm.controllers.shared.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who may use the file of a private key. A group may read it, as it does where secrets are mounted
 * for a process that is not root.
 *
 * <p>Immutable.
 */
final class KeyFilePermissions {

  private static final Set<PosixFilePermission> TOO_MUCH =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private KeyFilePermissions() {}

  /** What is wrong; empty where nothing is, and where files have no such permissions. */
  static Optional<String> problem(Path file) {
    Set<PosixFilePermission> permissions;
    try {
      permissions = Files.getPosixFilePermissions(file);
    } catch (IOException | UnsupportedOperationException unknown) {
      return Optional.empty();
    }
    return permissions.stream().anyMatch(TOO_MUCH::contains)
        ? Optional.of(
            "The key file %s has permissions %s, which let others use the key; allow at most"
                    .formatted(file, PosixFilePermissions.toString(permissions))
                + " rw-r-----")
        : Optional.empty();
  }
}
