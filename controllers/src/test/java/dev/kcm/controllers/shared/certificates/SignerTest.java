package dev.kcm.controllers.shared.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.pki.TestPki;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignerTest {

  private static final String NODE = "O=system:nodes,CN=system:node:n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        NODE + " | dns:n | digital signature,key encipherment,server auth | ''",
        NODE + " | ip:10.0.0.1 | digital signature,server auth | ''",
        "CN=system:node:n | dns:n | digital signature,server auth |"
            + " subject organization is not system:nodes",
        "O=system:nodes,O=more,CN=system:node:n | dns:n | digital signature,server auth |"
            + " subject organization is not system:nodes",
        NODE + " | '' | digital signature,server auth | DNS or IP subjectAltName is required",
        NODE
            + " | dns:n email:a@b | digital signature,server auth |"
            + " Email subjectAltNames are not allowed",
        NODE
            + " | dns:n uri:http://x | digital signature,server auth |"
            + " URI subjectAltNames are not allowed",
        NODE
            + " | dns:n | server auth |"
            + " usages did not match [digital signature key encipherment server auth]",
        NODE
            + " | dns:n | digital signature,server auth,client auth |"
            + " usages did not match [digital signature key encipherment server auth]",
        "O=system:nodes,CN=n | dns:n | digital signature,server auth |"
            + " subject common name does not begin with system:node:",
      })
  @DisplayName("Validators: each single violation of a kubelet's serving certificate")
  void kubeletServing(String subject, String names, String usages, String problem) {
    check(Signer.KUBELET_SERVING, subject, names, usages, problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        NODE + " | '' | digital signature,key encipherment,client auth | ''",
        NODE + " | '' | client auth,digital signature | ''",
        "O=other,CN=system:node:n | '' | digital signature,client auth |"
            + " subject organization is not system:nodes",
        NODE + " | dns:n | digital signature,client auth | DNS subjectAltNames are not allowed",
        NODE
            + " | email:a@b | digital signature,client auth |"
            + " Email subjectAltNames are not allowed",
        NODE
            + " | ip:10.0.0.1 | digital signature,client auth |"
            + " IP subjectAltNames are not allowed",
        NODE
            + " | uri:http://x | digital signature,client auth |"
            + " URI subjectAltNames are not allowed",
        "O=system:nodes,CN=n | '' | digital signature,client auth |"
            + " subject common name does not begin with system:node:",
        NODE
            + " | '' | digital signature |"
            + " usages did not match [client auth digital signature key encipherment]",
        NODE
            + " | '' | digital signature,client auth,server auth |"
            + " usages did not match [client auth digital signature key encipherment]",
      })
  @DisplayName("Validators: each single violation of a kubelet's client certificate")
  void kubeletClient(String subject, String names, String usages, String problem) {
    check(Signer.KUBELET_CLIENT, subject, names, usages, problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CN=x | dns:n | client auth | ''",
        "CN=x | '' | client auth,digital signature,key encipherment | ''",
        "CN=x | '' | client auth,server auth | invalid usage for client certificate: server auth",
        "CN=x | '' | digital signature |"
            + " missing required usage for client certificate: client auth",
      })
  @DisplayName("Validators: each single violation of an API client's certificate")
  void apiClient(String subject, String names, String usages, String problem) {
    check(Signer.API_CLIENT, subject, names, usages, problem);
  }

  @Test
  void nobodyVouchesForLegacyCertificates() {
    check(Signer.LEGACY_UNKNOWN, "CN=x", "email:a@b", "any", "");
  }

  @Test
  @DisplayName("Unknown signer, not kubernetes.io signer, unknown kubernetes.io name: no signer")
  void knowsItsNames() {
    assertThat(List.of(Signer.values()))
        .allSatisfy(signer -> assertThat(Signer.named(signer.signerName())).contains(signer));
    assertThat(Signer.named("example.com/own")).isEmpty();
    assertThat(Signer.named("kubernetes.io/other")).isEmpty();
    assertThat(Signer.named("")).isEmpty();
  }

  private static void check(
      Signer signer, String subject, String names, String usages, String problem) {
    assertThat(
            signer
                .problem(
                    TestPki.request(subject).names(names).parsed(), List.of(usages.split(",", -1)))
                .orElse(""))
        .isEqualTo(problem);
  }
}
