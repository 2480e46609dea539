package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.controllers.auth.csrsigning.CsrSigningConfig;
import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.daemon.options.CommandLine;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.options.ProductVersion;
import dev.kcm.embedded.boot.EmbeddedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningTunablesTest {

  @TempDir private static Path directory;
  private static String certificate;
  private static String key;
  private final Problems problems = new Problems();

  @BeforeAll
  static void makeAuthority() throws IOException {
    Path pki = directory.resolve("pki");
    EmbeddedCluster.builder().bindAddress("127.0.0.1").port(0).nodes(0).pkiDir(pki).start().close();
    certificate = pki.resolve("ca.pem").toString();
    key = pki.resolve("ca-key.pem").toString();
  }

  @Test
  @DisplayName("File selection: default only")
  void onePairServesAllSigners() throws Exception {
    CsrSigningConfig config =
        signing(
            "--cluster-signing-cert-file=" + certificate,
            "--cluster-signing-key-file=" + key,
            "--cluster-signing-duration=10m");
    problems.throwIfAny();
    assertThat(config.authorities()).containsOnlyKeys(Signer.values());
    assertThat(config.longest()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  @DisplayName("File selection: specific only, others empty")
  void aPairOfItsOwnServesItsSignerAlone() throws Exception {
    CsrSigningConfig config =
        signing(
            "--cluster-signing-kubelet-client-cert-file=" + certificate,
            "--cluster-signing-kubelet-client-key-file=" + key);
    problems.throwIfAny();
    assertThat(config.authorities()).containsOnlyKeys(Signer.KUBELET_CLIENT);
  }

  @Test
  @DisplayName("File selection: specific for all")
  void eachSignerMayHaveItsOwn() throws Exception {
    List<String> signers =
        List.of("kubelet-serving", "kubelet-client", "kube-apiserver-client", "legacy-unknown");
    String[] args =
        signers.stream()
            .flatMap(
                signer ->
                    List.of(
                        "--cluster-signing-" + signer + "-cert-file=" + certificate,
                        "--cluster-signing-" + signer + "-key-file=" + key)
                        .stream())
            .toArray(String[]::new);
    CsrSigningConfig config = signing(args);
    problems.throwIfAny();
    assertThat(config.authorities()).containsOnlyKeys(Signer.values());
  }

  @Test
  void withoutFilesNothingIsSigned() throws Exception {
    assertThat(signing().authorities()).isEmpty();
    assertThat(
            signing(
                    "--controllers=-certificatesigningrequest-signing-controller,*",
                    "--cluster-signing-cert-file=/no/such/file",
                    "--cluster-signing-key-file=/no/such/file")
                .authorities())
        .isEmpty();
    problems.throwIfAny();
  }

  @Test
  void saysWhichFilesCannotBeUsed() throws IOException {
    Path notes = Files.writeString(directory.resolve("notes.txt"), "hello\n");
    CsrSigningConfig unused =
        signing(
            "--cluster-signing-legacy-unknown-cert-file=" + notes,
            "--cluster-signing-legacy-unknown-key-file=" + key,
            "--cluster-signing-duration=0s");
    assertThatThrownBy(problems::throwIfAny)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining(
            "failed to start kubernetes.io/legacy-unknown certificate controller: error reading CA"
                + " cert file "
                + notes
                + ": expected 1 certificate, found 0")
        .hasMessageContaining("cluster-signing-duration is PT0S, allowed: more than zero");
    assertThat(unused.authorities()).isEmpty();
  }

  private CsrSigningConfig signing(String... args) {
    CommandLine.Result parsed = CommandLine.of(ProductVersion.current(), 80).parse(List.of(args));
    Options options = ((CommandLine.Parsed) parsed).options();
    return SigningTunables.of(options, problems);
  }
}
