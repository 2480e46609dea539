package dev.kcm.daemon.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.embedded.pki.Pki;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingCertificateTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir Path directory;

  @Test
  void readsAPairOfFiles() throws IOException {
    Pki pki = Pki.in(directory, Clock.systemUTC(), List.of("127.0.0.1"));

    ServingCertificate pair =
        ServingCertificate.fromFiles(
            directory.resolve("kube-controller-manager.pem"),
            directory.resolve("kube-controller-manager-key.pem"));

    assertThat(pair.chain().get(0)).isEqualTo(pki.controllerManager().certificate());
    assertThat(pair.keyManagers()).hasSize(1);
  }

  @Test
  void refusesAKeyOfAnotherCertificate() {
    Pki.in(directory, Clock.systemUTC(), List.of("127.0.0.1"));
    Path certificate = directory.resolve("kube-controller-manager.pem");
    Path key = directory.resolve("admin-key.pem");

    assertThatThrownBy(() -> ServingCertificate.fromFiles(certificate, key))
        .isInstanceOf(IOException.class)
        .hasMessage("the private key " + key + " does not belong to " + certificate);
  }

  @Test
  void namesTheFileThatHoldsNoCertificate() throws IOException {
    Path file = Files.writeString(directory.resolve("empty.pem"), "hello\n");

    assertThatThrownBy(() -> PemFiles.certificates(file)).hasMessageContaining(file.toString());
    assertThatThrownBy(() -> PemFiles.privateKey(file))
        .hasMessage(file + " holds no unencrypted private key in PEM form");
  }

  @Test
  void selfSignedNamesAndValidityAreThoseOfTheOriginal() throws Exception {
    ServingCertificate made =
        ServingCertificate.selfSigned(InetAddress.getByName("10.1.2.3"), NOW, new Random(1));

    X509Certificate leaf = made.chain().get(0);
    long seconds = NOW.getEpochSecond();
    assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=localhost@" + seconds);
    assertThat(leaf.getIssuerX500Principal().getName()).isEqualTo("CN=localhost-ca@" + seconds);
    assertThat(leaf.getSubjectAlternativeNames())
        .extracting(name -> (Object) name.get(1))
        .containsExactlyInAnyOrder("localhost", "127.0.0.1", "10.1.2.3");
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(Instant.parse("2026-11-21T09:00:00Z"));
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(Instant.parse("2027-11-21T09:00:00Z"));
    leaf.verify(made.chain().get(1).getPublicKey());
  }
}
