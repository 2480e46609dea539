package dev.kcm.embedded.pki;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "::1");

  @TempDir private Path directory;

  @Test
  void writesTheFilesOfAHandMadeCluster() throws Exception {
    Pki.in(directory, CLOCK, NAMES).writeKubeconfigs(directory, URI.create("https://127.0.0.1:1"));

    assertThat(fileNames())
        .containsExactly(
            "admin-key.pem",
            "admin.kubeconfig",
            "admin.pem",
            "apiserver-key.pem",
            "apiserver.pem",
            "ca-key.pem",
            "ca.pem",
            "front-proxy-ca-key.pem",
            "front-proxy-ca.pem",
            "kube-controller-manager-key.pem",
            "kube-controller-manager.kubeconfig",
            "kube-controller-manager.pem",
            "sa.key",
            "sa.pub");
    assertThat(Files.readString(directory.resolve("ca-key.pem")))
        .startsWith("-----BEGIN RSA PRIVATE KEY-----");
    assertThat(Files.readString(directory.resolve("sa.pub")))
        .startsWith("-----BEGIN PUBLIC KEY-----");
  }

  @Test
  void keepsKeysAndKubeconfigsToTheirOwner() throws Exception {
    Pki.in(directory, CLOCK, NAMES).writeKubeconfigs(directory, URI.create("https://127.0.0.1:1"));

    for (String name : fileNames()) {
      boolean secret = name.contains("key") || name.endsWith(".kubeconfig");
      assertThat(PosixFilePermissions.toString(permissions(name)))
          .as(name)
          .isEqualTo(secret ? "rw-------" : "rw-r--r--");
    }
  }

  @Test
  void usesTheFilesOfAnEarlierStartAgain() throws Exception {
    Pki first = Pki.in(directory, CLOCK, NAMES);
    Pki second = Pki.in(directory, CLOCK, NAMES);

    assertThat(second.ca()).isEqualTo(first.ca());
    assertThat(second.apiServer()).isEqualTo(first.apiServer());
    assertThat(second.admin()).isEqualTo(first.admin());
    assertThat(second.controllerManager()).isEqualTo(first.controllerManager());
  }

  @Test
  void replacesACertificateThatExpiresSoonButKeepsTheAuthority() {
    Pki first = Pki.in(directory, CLOCK, NAMES);
    Clock later = Clock.offset(CLOCK, CertificateAuthority.LEAF_LIFETIME.minus(Duration.ofDays(9)));
    Pki second = Pki.in(directory, later, NAMES);

    assertThat(second.ca()).isEqualTo(first.ca());
    assertThat(second.admin()).isNotEqualTo(first.admin());
  }

  @Test
  void replacesWhatDoesNotBelongTogether() throws Exception {
    Pki first = Pki.in(directory, CLOCK, NAMES);
    Files.copy(
        directory.resolve("apiserver-key.pem"),
        directory.resolve("admin-key.pem"),
        StandardCopyOption.REPLACE_EXISTING);
    Pki second = Pki.in(directory, CLOCK, NAMES);

    assertThat(second.admin()).isNotEqualTo(first.admin());
    assertThat(second.controllerManager()).isEqualTo(first.controllerManager());
  }

  @Test
  void replacesEveryCertificateWhenTheAuthorityIsNew() throws Exception {
    Pki first = Pki.in(directory, CLOCK, NAMES);
    Files.delete(directory.resolve("ca-key.pem"));
    Pki second = Pki.in(directory, CLOCK, NAMES);

    assertThat(second.ca()).isNotEqualTo(first.ca());
    assertThat(second.admin()).isNotEqualTo(first.admin());
  }

  @Test
  void servesUnderNamesThatWereAddedLater() throws Exception {
    Pki.in(directory, CLOCK, NAMES);
    Pki.in(directory, CLOCK, List.of("localhost", "10.9.8.7"));

    X509Certificate server = Pem.certificate(Files.readString(directory.resolve("apiserver.pem")));
    assertThat(server.getSubjectAlternativeNames().toString()).contains("10.9.8.7");
  }

  @Test
  void namesTheFileThatCannotBeRead() throws Exception {
    Pki.in(directory, CLOCK, NAMES);
    Files.writeString(directory.resolve("admin.pem"), "nonsense");

    assertThatThrownBy(() -> Pki.in(directory, CLOCK, NAMES))
        .isInstanceOf(PkiException.class)
        .hasMessageContaining(directory.resolve("admin.pem").toString())
        .hasMessageContaining("no PEM block CERTIFICATE")
        .hasMessageContaining("Remove the file");
  }

  @Test
  void refusesAFileInPlaceOfTheDirectory() throws Exception {
    Path file = Files.createFile(directory.resolve("x"));

    assertThatThrownBy(() -> Pki.in(file, CLOCK, NAMES))
        .isInstanceOf(PkiException.class)
        .hasMessageContaining(file + " is not a directory");
  }

  @Test
  void givesTheControllerManagerAClientAndAServerCertificate() throws Exception {
    X509Certificate certificate = Pki.inMemory(CLOCK, NAMES).controllerManager().certificate();

    assertThat(certificate.getSubjectX500Principal().getName())
        .isEqualTo("CN=system:kube-controller-manager,O=system:kube-controller-manager");
    assertThat(certificate.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getSubjectAlternativeNames().toString())
        .contains("127.0.0.1", "localhost");
  }

  @Test
  void embedsCertificatesInKubeconfigs() throws Exception {
    Pki pki = Pki.inMemory(CLOCK, NAMES);
    JsonNode config =
        new YAMLMapper()
            .readTree(pki.controllerManagerKubeconfig(URI.create("https://h:6443")).yaml());

    assertThat(config.at("/clusters/0/cluster/server").asText()).isEqualTo("https://h:6443");
    assertThat(config.path("current-context").asText()).isEqualTo("system:kube-controller-manager");
    String key = config.at("/users/0/user/client-key-data").asText();
    assertThat(new String(Base64.getDecoder().decode(key), UTF_8))
        .isEqualTo(pki.controllerManager().keyPem());
  }

  @Test
  void writesKeysThatCanBeReadBack() throws Exception {
    Credential admin = Pki.inMemory(CLOCK, NAMES).admin();

    assertThat(admin.keyPem()).startsWith("-----BEGIN EC PRIVATE KEY-----");
    assertThat(((ECPrivateKey) Pem.privateKey(admin.keyPem())).getS())
        .isEqualTo(((ECPrivateKey) admin.key()).getS());
    assertThat(Pem.certificate(admin.certificatePem())).isEqualTo(admin.certificate());
  }

  @Test
  void identifiesClientsByCommonNameAndOrganizations() {
    Pki pki = Pki.inMemory(CLOCK, NAMES);
    ClientCertificates certificates = ClientCertificates.signedBy(pki.ca().certificate());

    X509Certificate jane = pki.client("jane, the 1st", List.of("dev", "ops")).certificate();
    assertThat(certificates.identify(jane, NOW))
        .hasValueSatisfying(
            identity -> {
              assertThat(identity.user()).isEqualTo("jane, the 1st");
              assertThat(identity.groups()).containsExactly("dev", "ops");
              assertThat(identity.fingerprint()).hasSize(64);
            });
  }

  @Test
  void identifiesNobodyByAForeignExpiredOrServerCertificate() {
    Pki pki = Pki.inMemory(CLOCK, NAMES);
    Pki other = Pki.inMemory(CLOCK, NAMES);
    ClientCertificates certificates = ClientCertificates.signedBy(pki.ca().certificate());
    X509Certificate admin = pki.admin().certificate();

    assertThat(certificates.identify(other.admin().certificate(), NOW)).isEmpty();
    assertThat(certificates.identify(pki.ca().certificate(), NOW)).isEmpty();
    assertThat(certificates.identify(admin, NOW)).isPresent();
    assertThat(certificates.identify(admin, NOW.plus(Duration.ofDays(400)))).isEmpty();
    assertThat(certificates.identify(admin, NOW.minus(Duration.ofDays(1)))).isEmpty();
  }

  private Set<String> fileNames() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      Set<String> names = new TreeSet<>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    }
  }

  private Set<PosixFilePermission> permissions(String name) throws Exception {
    return Files.getPosixFilePermissions(directory.resolve(name));
  }
}
