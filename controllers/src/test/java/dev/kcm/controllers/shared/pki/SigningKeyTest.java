package dev.kcm.controllers.shared.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {

  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("sa.key");
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, RS256, SHA256withRSA",
    "EC, 256, ES256, SHA256withECDSAinP1363Format",
    "EC, 384, ES384, SHA384withECDSAinP1363Format",
    "EC, 521, ES512, SHA512withECDSAinP1363Format",
  })
  void theKeySaysHowItSigns(String type, int size, String name, String algorithm)
      throws IOException, PkiException, GeneralSecurityException {
    KeyPair keys = TestPki.keys(type, size);
    Files.writeString(file, TestPki.pkcs8(keys));
    SigningKey key = SigningKey.read(file);
    assertThat(key.algorithm()).isEqualTo(name);
    Signature check = Signature.getInstance(algorithm);
    check.initVerify(keys.getPublic());
    check.update(CONTENT);
    assertThat(check.verify(key.sign(CONTENT))).isTrue();
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(keys.getPublic().getEncoded());
    assertThat(key.id()).isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
  }

  @Test
  void theFormOfTheFileDoesNotMatter() throws IOException {
    Files.writeString(file, TestPki.pkcs8(TestPki.EC));
    String id = SigningKey.read(file).id();
    Files.writeString(file, TestPki.sec1());
    assertThat(SigningKey.read(file).id()).isEqualTo(id);
  }

  @Test
  void itsTextShowsNothingOfIt() throws IOException {
    Files.writeString(file, TestPki.pkcs8(TestPki.RSA));
    SigningKey key = SigningKey.read(file);
    assertThat(key.toString()).isEqualTo("SigningKey[RS256 " + key.id() + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nothing", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"})
  void whatIsNoKeyIsRefusedByTheNameOfTheFile(String content) throws IOException {
    Files.writeString(file, content);
    assertThatThrownBy(() -> SigningKey.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining("private key in PEM form");
  }

  @Test
  void otherKindsOfKeysAreRefused() throws IOException {
    Files.writeString(file, TestPki.pkcs8(TestPki.keys("Ed25519", 255)));
    assertThatThrownBy(() -> SigningKey.read(file))
        .hasMessage(file + ": a key of type EdDSA, allowed: RSA, EC on P-256, P-384 or P-521");
  }

  @Test
  void aMissingFileIsToldAsSuch() {
    assertThatThrownBy(() -> SigningKey.read(file)).isInstanceOf(NoSuchFileException.class);
  }
}
