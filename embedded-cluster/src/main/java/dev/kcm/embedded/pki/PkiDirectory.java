package dev.kcm.embedded.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;

/** PEM files of one directory. Not thread-safe: one process prepares a directory once. */
final class PkiDirectory {

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> PUBLIC =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path directory;

  private PkiDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens a directory, making it and its parents when they are missing.
   *
   * @throws PkiException when the path is not a directory or cannot be made
   */
  static PkiDirectory open(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (FileAlreadyExistsException e) {
      throw new PkiException(directory + " is not a directory", e);
    } catch (IOException e) {
      throw new PkiException("Cannot make the directory " + directory + ": " + e.getMessage(), e);
    }
    return new PkiDirectory(directory);
  }

  /** The pair {@code <name>.pem} and {@code <name>-key.pem}, empty when one of them is missing. */
  Optional<Credential> credential(String name) {
    Path certificateFile = directory.resolve(name + ".pem");
    Path keyFile = directory.resolve(name + "-key.pem");
    if (!Files.exists(certificateFile) || !Files.exists(keyFile)) {
      return Optional.empty();
    }
    X509Certificate certificate = read(certificateFile, Pem::certificate);
    PrivateKey key = read(keyFile, Pem::privateKey);
    return Optional.of(new Credential(certificate, key));
  }

  /** The key pair of a private key file, empty when it is missing. */
  Optional<KeyPair> keyPair(String fileName) {
    Path file = directory.resolve(fileName);
    return Files.exists(file) ? Optional.of(read(file, Pem::keyPair)) : Optional.empty();
  }

  void write(String name, Credential credential) {
    writePrivate(name + "-key.pem", credential.keyPem());
    writePublic(name + ".pem", credential.certificatePem());
  }

  /** Writes a file that only its owner may read. */
  void writePrivate(String fileName, String text) {
    write(fileName, text, PRIVATE);
  }

  void writePublic(String fileName, String text) {
    write(fileName, text, PUBLIC);
  }

  private void write(String fileName, String text, Set<PosixFilePermission> permissions) {
    Path target = directory.resolve(fileName);
    try {
      boolean posix = Files.getFileStore(directory).supportsFileAttributeView("posix");
      FileAttribute<?>[] attributes =
          posix
              ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PRIVATE)}
              : new FileAttribute<?>[0];
      Path temporary = Files.createTempFile(directory, fileName, ".tmp", attributes);
      Files.writeString(temporary, text);
      if (posix) {
        Files.setPosixFilePermissions(temporary, permissions);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new PkiException("Cannot write " + target + ": " + e.getMessage(), e);
    }
  }

  private static <T> T read(Path file, PemReader<T> reader) {
    try {
      return reader.read(Files.readString(file));
    } catch (IOException | UncheckedIOException e) {
      throw new PkiException(
          "Cannot use %s: %s. Remove the file to have it made anew."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  @FunctionalInterface
  private interface PemReader<T> {
    T read(String pem) throws IOException;
  }
}
