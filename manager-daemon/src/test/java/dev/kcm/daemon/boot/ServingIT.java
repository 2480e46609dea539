package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.embedded.pki.Credential;
import dev.kcm.embedded.pki.Pki;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of the HTTPS port see. */
class ServingIT {

  @TempDir Path directory;

  private TestBed bed;

  @BeforeEach
  void startCluster() throws Exception {
    bed = TestBed.in(directory, cluster -> cluster);
  }

  @AfterEach
  void stopCluster() throws Exception {
    bed.close();
  }

  @Test
  @DisplayName("B2, B3 shows the certificate of its files, and a renewed one without a restart")
  void showsCertificatesOfFiles() throws Exception {
    Path certificate = directory.resolve("serving.pem");
    Path key = directory.resolve("serving-key.pem");
    write(issued(1), certificate, key);
    TestBed.Running daemon =
        bed.start("--tls-cert-file=" + certificate, "--tls-private-key-file=" + key);

    assertThat(shown(daemon)).isEqualTo(BigInteger.ONE);
    write(issued(2), certificate, key);

    TestBed.await().untilAsserted(() -> assertThat(shown(daemon)).isEqualTo(BigInteger.TWO));
  }

  @Test
  @DisplayName("D1, D2, D4 metrics are for administrators, and for paths that are always allowed")
  void metricsAreForAdministrators() throws Exception {
    TestBed.Running daemon = bed.start("--controllers=ttl");
    HttpResponse<String> answer = daemon.get("/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith("# HELP ").contains("\n# TYPE ");
    assertThat(answer.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
    Credential joe = bed.cluster().pki().client("joe", List.of());
    assertThat(daemon.get("/metrics", joe).statusCode()).isEqualTo(403);
    HttpResponse<String> refused = daemon.getAnonymously("/metrics");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body())
        .isEqualTo(
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                + "\"message\":\"forbidden: User \\\"system:anonymous\\\" cannot get path"
                + " \\\"/metrics\\\"\",\"reason\":\"Forbidden\",\"details\":{},\"code\":403}\n");
  }

  @Test
  @DisplayName("D2, D4 without any authority even administrators are strangers")
  void withoutAuthorityEverybodyIsAStranger() throws Exception {
    int port = TestBed.freePort();
    TestBed.Running daemon =
        bed.start(
            port,
            List.of(
                "--kubeconfig=" + bed.kubeconfig(),
                "--secure-port=" + port,
                "--controllers=ttl",
                "--authorization-always-allow-paths=/healthz,/metrics"));

    assertThat(daemon.get("/configz").statusCode()).isEqualTo(403);
    assertThat(daemon.getAnonymously("/metrics").statusCode())
        .as("the call of an old installation works again")
        .isEqualTo(200);
  }

  @Test
  @DisplayName(
      "D6 tells what kubectl get cs will say when it serves elsewhere than API servers ask")
  void hintsOfComponentStatuses() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    assertThat(Serving.hintOfComponentStatuses(loopback, 10257)).isEmpty();
    assertThat(Serving.hintOfComponentStatuses(InetAddress.getByName("0.0.0.0"), 10257)).isEmpty();
    assertThat(Serving.hintOfComponentStatuses(InetAddress.getByName("10.0.0.1"), 10257))
        .isNotEmpty();
    assertThat(Serving.hintOfComponentStatuses(loopback, 10357).orElseThrow())
        .contains("https://127.0.0.1:10257/healthz");
  }

  /** Serial number of the certificate that a client sees which checks it as curl --cacert does. */
  private BigInteger shown(TestBed.Running daemon) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newBuilder()
            .sslContext(bed.cluster().pki().anonymousContext())
            .build()
            .send(
                HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + daemon.port() + "/healthz"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).isEqualTo("ok");
    return ((X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0])
        .getSerialNumber();
  }

  private Credential issued(long serial) throws Exception {
    Credential ca = bed.cluster().pki().ca();
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    Instant now = Instant.now();
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        ca.certificate().getSubjectX500Principal(),
                        BigInteger.valueOf(serial),
                        Date.from(now.minus(Duration.ofMinutes(1))),
                        Date.from(now.plus(Duration.ofHours(1))),
                        new X500Principal("CN=" + Pki.CONTROLLER_MANAGER),
                        keys.getPublic())
                    .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(
                            new GeneralName[] {
                              new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                              new GeneralName(GeneralName.iPAddress, "192.168.1.1")
                            }))
                    .build(
                        new JcaContentSignerBuilder(
                                ca.key().getAlgorithm().equals("RSA")
                                    ? "SHA256withRSA"
                                    : "SHA256withECDSA")
                            .build(ca.key())));
    return new Credential(certificate, keys.getPrivate());
  }

  private static void write(Credential pair, Path certificate, Path key) throws Exception {
    Files.writeString(key, pair.keyPem());
    Files.writeString(certificate, pair.certificatePem());
  }
}
