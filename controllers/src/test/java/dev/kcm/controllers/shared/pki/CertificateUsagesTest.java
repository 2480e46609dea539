package dev.kcm.controllers.shared.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateUsagesTest {

  @ParameterizedTest
  @CsvSource({
    "signing, 128, ''",
    "digital signature, 128, ''",
    "content commitment, 64, ''",
    "key encipherment, 32, ''",
    "data encipherment, 16, ''",
    "key agreement, 8, ''",
    "cert sign, 4, ''",
    "crl sign, 2, ''",
    "encipher only, 1, ''",
    "decipher only, 32768, ''",
    "any, 0, 2.5.29.37.0",
    "server auth, 0, 1.3.6.1.5.5.7.3.1",
    "client auth, 0, 1.3.6.1.5.5.7.3.2",
    "code signing, 0, 1.3.6.1.5.5.7.3.3",
    "email protection, 0, 1.3.6.1.5.5.7.3.4",
    "s/mime, 0, 1.3.6.1.5.5.7.3.4",
    "ipsec end system, 0, 1.3.6.1.5.5.7.3.5",
    "ipsec tunnel, 0, 1.3.6.1.5.5.7.3.6",
    "ipsec user, 0, 1.3.6.1.5.5.7.3.7",
    "timestamping, 0, 1.3.6.1.5.5.7.3.8",
    "ocsp signing, 0, 1.3.6.1.5.5.7.3.9",
    "microsoft sgc, 0, 1.3.6.1.4.1.311.10.3.3",
    "netscape sgc, 0, 2.16.840.1.113730.4.1",
  })
  @DisplayName("Usage table: each mapped")
  void eachUsageIsKnown(String usage, int bits, String purpose) throws PkiException {
    CertificateUsages usages = CertificateUsages.of(List.of(usage));
    assertThat(usages.keyUsage()).isEqualTo(bits);
    assertThat(usages.purposes())
        .extracting(KeyPurposeId::getId)
        .isEqualTo(purpose.isEmpty() ? List.of() : List.of(purpose));
  }

  @Test
  @DisplayName("Usage table: duplicates merge")
  void equalUsagesMerge() throws PkiException {
    assertThat(
            CertificateUsages.of(
                List.of(
                    "s/mime",
                    "signing",
                    "client auth",
                    "email protection",
                    "digital signature",
                    "server auth",
                    "client auth")))
        .isEqualTo(
            new CertificateUsages(
                KeyUsage.digitalSignature,
                List.of(
                    KeyPurposeId.id_kp_serverAuth,
                    KeyPurposeId.id_kp_clientAuth,
                    KeyPurposeId.id_kp_emailProtection)));
  }

  @Test
  @DisplayName("Usage table: unknown is an error")
  void namesAllUnknownUsages() {
    assertThatThrownBy(() -> CertificateUsages.of(List.of("signing", "y", "x")))
        .hasMessage("unrecognized usage values: [\"x\" \"y\"]");
  }
}
