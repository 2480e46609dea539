package dev.kcm.controllers.shared.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorityFilesTest {

  private static final Instant EARLIER = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir private Path directory;
  private Path certificate;
  private Path key;

  @BeforeEach
  void write() {
    TestPki.files(directory);
    certificate = directory.resolve("ca.crt");
    key = directory.resolve("ca.key");
  }

  @Test
  void aChangeIsTakenOverWithTheNextLook() throws IOException {
    AuthorityFiles files = AuthorityFiles.read(certificate, key);
    CertificateAuthority first = files.current();
    assertThat(files.current()).isSameAs(first);
    TestPki.files(directory, EARLIER);
    assertThat(files.current().notAfter()).isEqualTo(EARLIER);
  }

  @Test
  void aChangeThatCannotBeUsedChangesNothing() throws IOException {
    AuthorityFiles files = AuthorityFiles.read(certificate, key);
    CertificateAuthority first = files.current();
    Files.writeString(key, TestPki.pkcs8(TestPki.EC));
    assertThat(files.current()).isSameAs(first);
    Files.writeString(key, "");
    assertThat(files.current()).isSameAs(first);
    Files.delete(key);
    assertThat(files.current()).isSameAs(first);
    TestPki.files(directory, EARLIER);
    assertThat(files.current().notAfter()).isEqualTo(EARLIER);
  }

  @Test
  void takesKeysInAllUsualForms() throws IOException {
    Files.writeString(certificate, TestPki.pem(TestPki.certificate(TestPki.EC, null, EARLIER)));
    for (String form : List.of(TestPki.sec1(), TestPki.pkcs8(TestPki.EC))) {
      Files.writeString(key, form);
      assertThat(AuthorityFiles.read(certificate, key).current().notAfter()).isEqualTo(EARLIER);
    }
  }

  @Test
  void wantsExactlyOneCertificate() throws IOException {
    String one = Files.readString(certificate);
    Files.writeString(certificate, one + one);
    assertThatThrownBy(() -> AuthorityFiles.read(certificate, key))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "error reading CA cert file " + certificate + ": expected 1 certificate, found 2");
    Files.writeString(certificate, "nothing");
    assertThatThrownBy(() -> AuthorityFiles.read(certificate, key))
        .hasMessageEndingWith("expected 1 certificate, found 0");
  }

  @Test
  void saysWhatIsWrongWithTheKeyButShowsNothingOfIt() throws IOException {
    Files.writeString(
        key, "-----BEGIN RSA PRIVATE KEY-----\nsecret\n-----END RSA PRIVATE KEY-----\n");
    assertThatThrownBy(() -> AuthorityFiles.read(certificate, key))
        .hasMessage("error reading CA key file " + key + ": not a private key in PEM form")
        .hasNoCause();
    Files.writeString(key, "secret");
    assertThatThrownBy(() -> AuthorityFiles.read(certificate, key))
        .hasMessage(
            "error reading CA key file " + key + ": no unencrypted private key in PEM form");
    Files.writeString(key, TestPki.pkcs8(TestPki.EC));
    assertThatThrownBy(() -> AuthorityFiles.read(certificate, key))
        .hasMessage(
            key + " and " + certificate + ": the private key does not belong to the certificate");
    Files.writeString(key, "");
    assertThatThrownBy(() -> AuthorityFiles.read(certificate, key))
        .hasMessage("error reading CA key file " + key + ": it is empty");
    Files.delete(key);
    assertThatThrownBy(() -> AuthorityFiles.read(certificate, key))
        .hasMessage("error reading CA key file " + key + ": there is no such file");
  }

  @ParameterizedTest
  @CsvSource({
    "rw-------, false",
    "rw-r-----, false",
    "rw-rw----, true",
    "rw-r--r--, true",
    "rw-----w-, true",
  })
  void warnsOfAKeyThatOthersMayUse(String permissions, boolean warned) throws IOException {
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(permissions));
    assertThat(KeyFilePermissions.problem(key).isPresent()).isEqualTo(warned);
    assertThat(KeyFilePermissions.problem(key).orElse(permissions)).contains(permissions);
  }
}
