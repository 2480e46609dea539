package dev.kcm.controllers.shared.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestList;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CertificateAuthorityTest {

  private static final KeyPair LONG = TestPki.keys("RSA", 2048);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123Z");

  static Stream<CertificateSigningRequest> issuedByTheOriginal() throws IOException {
    try (InputStream in = CertificateAuthorityTest.class.getResourceAsStream("issued.json")) {
      return Serialization.unmarshal(in, CertificateSigningRequestList.class).getItems().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("issuedByTheOriginal")
  @DisplayName("The signed part of a certificate is byte for byte that of the original")
  void issuesWhatTheOriginalIssues(CertificateSigningRequest recorded) throws Exception {
    X509CertificateHolder theirs = holder(decoded(recorded.getStatus().getCertificate()));
    byte[] keyId =
        AuthorityKeyIdentifier.fromExtensions(theirs.getExtensions()).getKeyIdentifierOctets();
    CertificateAuthority authority =
        CertificateAuthority.of(TestPki.certificate(LONG, keyId, TestPki.END), LONG.getPrivate());
    Instant issued = Instant.parse(recorded.getMetadata().getCreationTimestamp());
    String ours =
        authority.issue(
            new CertificateOrder(
                CertificateRequest.parse(recorded.getSpec().getRequest()),
                CertificateUsages.of(recorded.getSpec().getUsages()),
                Validity.Rule.SIGNERS.of(issued, Duration.ofDays(365), TestPki.END),
                theirs.getSerialNumber()));
    assertThat(holder(ours).toASN1Structure().getTBSCertificate().getEncoded())
        .isEqualTo(theirs.toASN1Structure().getTBSCertificate().getEncoded());
    assertThat(ours.lines().toList())
        .hasSameSizeAs(decoded(recorded.getStatus().getCertificate()).lines().toList())
        .startsWith("-----BEGIN CERTIFICATE-----")
        .endsWith("-----END CERTIFICATE-----");
  }

  @Test
  @DisplayName("URI SAN kept; names in the order DNS, e-mail, IP, URI")
  void namesAreCopiedInOrder() throws Exception {
    X509CertificateHolder issued =
        issue(
            TestPki.RSA,
            TestPki.request("CN=x")
                .uri("spiffe://a/b")
                .ip("10.0.0.1")
                .email("a@b.c")
                .dns("n1")
                .dns("n2"));
    Extension names = issued.getExtension(Extension.subjectAlternativeName);
    assertThat(names.isCritical()).isFalse();
    assertThat(GeneralNames.getInstance(names.getParsedValue()).getNames())
        .extracting(Object::toString)
        .containsExactly("2: n1", "2: n2", "1: a@b.c", "7: #0a000001", "6: spiffe://a/b");
    assertThat(oids(issued))
        .doesNotContain(Extension.subjectKeyIdentifier, Extension.authorityKeyIdentifier)
        .hasSize(4);
  }

  @Test
  void namesOfACertificateWithoutSubjectAreCritical() throws Exception {
    X509CertificateHolder issued = issue(TestPki.RSA, TestPki.request("").dns("n"));
    assertThat(issued.getExtension(Extension.subjectAlternativeName).isCritical()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CN=a,O=x,CN=b,O=y | O=x+O=y,CN=b",
        "CN=n,C=DE,OU=u,L=l,ST=s,STREET=r,PostalCode=1,SERIALNUMBER=7,E=a@b |"
            + " C=DE,OU=u,L=l,ST=s,STREET=r,PostalCode=1,CN=n,SERIALNUMBER=7",
      })
  void theSubjectIsWrittenAnew(String asked, String written) throws Exception {
    assertThat(issue(TestPki.RSA, TestPki.request(asked)).getSubject()).hasToString(written);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, 1.2.840.113549.1.1.11",
    "EC, 256, 1.2.840.10045.4.3.2",
    "EC, 384, 1.2.840.10045.4.3.3",
    "EC, 521, 1.2.840.10045.4.3.4",
    "Ed25519, 0, 1.3.101.112",
  })
  void theAlgorithmFollowsFromTheKey(String type, int size, String oid) throws Exception {
    KeyPair keys = TestPki.keys(type, size);
    X509CertificateHolder issued = issue(keys, TestPki.request("CN=x"));
    assertThat(issued.getSignatureAlgorithm().getAlgorithm().getId()).isEqualTo(oid);
    assertThat(
            issued.isSignatureValid(
                new JcaContentVerifierProviderBuilder().build(keys.getPublic())))
        .isTrue();
  }

  @Test
  void timesBeyond2049HaveFourDigitsOfTheYear() throws Exception {
    CertificateAuthority authority = authority(TestPki.RSA);
    Validity validity = new Validity(NOW, Instant.parse("2055-06-07T08:09:10Z"));
    X509CertificateHolder issued =
        holder(
            authority.issue(
                new CertificateOrder(
                    TestPki.request("CN=x").parsed(),
                    CertificateUsages.of(List.of()),
                    validity,
                    BigInteger.TEN)));
    assertThat(issued.toASN1Structure().getStartDate().toString()).contains("260101000000");
    assertThat(issued.toASN1Structure().getEndDate().toString()).contains("20550607080910");
    assertThat(oids(issued)).containsExactly(Extension.basicConstraints);
  }

  @Test
  void refusesARequestThatIsNotSignedWithItsOwnKey() {
    assertThatThrownBy(
            () -> issue(TestPki.RSA, TestPki.request("CN=x").signedWith(TestPki.keys("EC", 256))))
        .isInstanceOf(PkiException.class)
        .hasMessageStartingWith("unable to verify certificate request signature: ");
  }

  @Test
  void refusesAKeyOfAnother() {
    assertThatThrownBy(
            () ->
                CertificateAuthority.of(
                    TestPki.certificate(TestPki.RSA, null, TestPki.END), TestPki.EC.getPrivate()))
        .hasMessage("the private key does not belong to the certificate");
  }

  @ParameterizedTest
  @CsvSource({
    "'', PEM block type must be CERTIFICATE REQUEST",
    "-----BEGIN CERTIFICATE-----|AAAA|-----END CERTIFICATE-----,"
        + " PEM block type must be CERTIFICATE REQUEST",
    "-----BEGIN CERTIFICATE REQUEST-----|AAAA|-----END CERTIFICATE REQUEST-----,"
        + " malformed certificate request",
  })
  void saysWhatIsNoRequest(String pem, String problem) {
    String text =
        Base64.getEncoder()
            .encodeToString(pem.replace('|', '\n').getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> CertificateRequest.parse(text)).hasMessage(problem);
  }

  private static X509CertificateHolder issue(KeyPair keys, TestPki.Request request)
      throws Exception {
    return holder(
        authority(keys)
            .issue(
                new CertificateOrder(
                    request.parsed(),
                    CertificateUsages.of(List.of("client auth", "digital signature")),
                    new Validity(NOW, NOW.plusSeconds(60)),
                    BigInteger.TWO)));
  }

  private static CertificateAuthority authority(KeyPair keys) throws PkiException {
    return CertificateAuthority.of(TestPki.certificate(keys, null, TestPki.END), keys.getPrivate());
  }

  private static List<ASN1ObjectIdentifier> oids(X509CertificateHolder issued) {
    return List.of(issued.getExtensions().getExtensionOIDs());
  }

  private static X509CertificateHolder holder(String pem) throws IOException {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      return (X509CertificateHolder) parser.readObject();
    }
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }
}
