package dev.kcm.controllers.shared.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An authority in a pair of PEM files.
 *
 * <p>The files are read whenever the authority is asked for, so that the next certificate is signed
 * with what they say then, however they were replaced, and so that waiting costs nothing. A change
 * that cannot be used is logged once, and the authority stays what it was. A key file that others
 * than its owner may use is warned of.
 *
 * <p>Thread-safe: one volatile field, written by whoever sees a change, publishes what was read.
 */
public final class AuthorityFiles {

  private static final Logger log = LoggerFactory.getLogger(AuthorityFiles.class);

  private final Path certificateFile;
  private final Path keyFile;
  private volatile Known known;

  /**
   * What was read.
   *
   * @param fingerprint of the content that was looked at last
   * @param authority of the content that could be used last
   */
  private record Known(String fingerprint, CertificateAuthority authority) {}

  private AuthorityFiles(Path certificateFile, Path keyFile, Known known) {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    this.known = known;
  }

  /**
   * Reads the files for the first time.
   *
   * @param certificateFile holds one certificate
   * @param keyFile holds its key, not encrypted: PKCS #8, PKCS #1 or SEC 1
   * @throws IOException when they cannot be read or do not belong together; the message names the
   *     file and nothing of its content
   */
  public static AuthorityFiles read(Path certificateFile, Path keyFile) throws IOException {
    byte[] certificate = content("cert", certificateFile);
    byte[] key = content("key", keyFile);
    CertificateAuthority authority = authority(certificateFile, certificate, keyFile, key);
    KeyFilePermissions.problem(keyFile).ifPresent(log::warn);
    return new AuthorityFiles(
        certificateFile, keyFile, new Known(fingerprint(certificate, key), authority));
  }

  /** The authority as the files have it now, or as they had it when they could last be used. */
  public CertificateAuthority current() {
    Known before = known;
    try {
      byte[] certificate = content("cert", certificateFile);
      byte[] key = content("key", keyFile);
      String fingerprint = fingerprint(certificate, key);
      return fingerprint.equals(before.fingerprint())
          ? before.authority()
          : changed(before, fingerprint, certificate, key);
    } catch (IOException e) {
      log.warn("The authority stays what it was: {}", e.getMessage());
      return before.authority();
    }
  }

  private CertificateAuthority changed(
      Known before, String fingerprint, byte[] certificate, byte[] key) {
    Known now = new Known(fingerprint, before.authority());
    try {
      now = new Known(fingerprint, authority(certificateFile, certificate, keyFile, key));
      log.info("Read again after a change: {} and {}", certificateFile, keyFile);
      KeyFilePermissions.problem(keyFile).ifPresent(log::warn);
    } catch (IOException e) {
      log.error("A change cannot be used, the authority stays what it was: {}", e.getMessage());
    }
    // Of two threads that see one change, either may be the last: they read the same.
    known = now;
    return now.authority();
  }

  private static CertificateAuthority authority(
      Path certificateFile, byte[] certificate, Path keyFile, byte[] key) throws IOException {
    X509CertificateHolder holder = certificate(certificateFile, certificate);
    PrivateKey privateKey = privateKey(keyFile, key);
    try {
      return CertificateAuthority.of(holder, privateKey);
    } catch (PkiException e) {
      throw new IOException(keyFile + " and " + certificateFile + ": " + e.getMessage(), e);
    }
  }

  private static X509CertificateHolder certificate(Path file, byte[] content) throws IOException {
    List<X509CertificateHolder> found = new ArrayList<>();
    try {
      for (Object block : PemBlocks.in(content)) {
        if (block instanceof X509CertificateHolder holder) {
          found.add(holder);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new IOException("error reading CA cert file " + file + ": not PEM", e);
    }
    if (found.size() != 1) {
      throw new IOException(
          "error reading CA cert file " + file + ": expected 1 certificate, found " + found.size());
    }
    return found.get(0);
  }

  /** Causes are left out: a parser may show in its message what it could not parse. */
  private static PrivateKey privateKey(Path file, byte[] content) throws IOException {
    try {
      Optional<PrivateKeyInfo> key = PemBlocks.privateKey(content);
      if (key.isPresent()) {
        return EncodedKeys.decode(key.get());
      }
    } catch (IOException | PkiException | RuntimeException malformed) {
      throw new IOException(
          "error reading CA key file " + file + ": not a private key in PEM form");
    }
    throw new IOException(
        "error reading CA key file " + file + ": no unencrypted private key in PEM form");
  }

  private static byte[] content(String what, Path file) throws IOException {
    String problem = "error reading CA " + what + " file " + file + ": ";
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException(problem + "there is no such file", e);
    } catch (IOException e) {
      throw new IOException(problem + "it cannot be read", e);
    }
    if (content.length == 0) {
      throw new IOException(problem + "it is empty");
    }
    return content;
  }

  private static String fingerprint(byte[] certificate, byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(certificate);
      return HexFormat.of().formatHex(digest.digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }
}
