package dev.kcm.daemon.boot;

import dev.kcm.controllers.auth.csrsigning.CsrSigningConfig;
import dev.kcm.controllers.auth.csrsigning.CsrSigningController;
import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.pki.AuthorityFiles;
import dev.kcm.daemon.options.CsrSigningConfig.Pair;
import dev.kcm.daemon.options.Options;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which signer signs with which files.
 *
 * <p>Immutable.
 */
final class SigningTunables {

  private static final Logger log = LoggerFactory.getLogger(SigningTunables.class);

  private SigningTunables() {}

  /**
   * The tunables of the signer of certificates. Files nobody reads may be missing.
   *
   * @param problems takes what is wrong with files; the result is of no use then
   */
  static CsrSigningConfig of(Options options, Problems problems) {
    if (!options.controllers().isSelected(CsrSigningController.NAME)) {
      return CsrSigningConfig.defaults();
    }
    dev.kcm.daemon.options.CsrSigningConfig settings = options.settings().csrSigning();
    Map<Signer, AuthorityFiles> authorities =
        hasNoneOfItsOwn(settings) ? ofAll(settings, problems) : ofEach(settings, problems);
    return problems.attempt(
        "--cluster-signing-duration",
        CsrSigningConfig.defaults(),
        () -> new CsrSigningConfig(authorities, settings.duration()));
  }

  private static boolean hasNoneOfItsOwn(dev.kcm.daemon.options.CsrSigningConfig settings) {
    return settings.kubeletServing().isEmpty()
        && settings.kubeletClient().isEmpty()
        && settings.apiServerClient().isEmpty()
        && settings.legacyUnknown().isEmpty();
  }

  /** One pair of files for all four, read once. */
  private static Map<Signer, AuthorityFiles> ofAll(
      dev.kcm.daemon.options.CsrSigningConfig settings, Problems problems) {
    Map<Signer, AuthorityFiles> authorities = new EnumMap<>(Signer.class);
    if (settings.all().isComplete()) {
      read("--cluster-signing-cert-file", settings.all(), problems)
          .ifPresent(files -> Stream.of(Signer.values()).forEach(s -> authorities.put(s, files)));
    }
    return authorities;
  }

  /** Signers without files of their own sign nothing. */
  private static Map<Signer, AuthorityFiles> ofEach(
      dev.kcm.daemon.options.CsrSigningConfig settings, Problems problems) {
    Map<Signer, Pair> pairs = new EnumMap<>(Signer.class);
    pairs.put(Signer.KUBELET_SERVING, settings.kubeletServing());
    pairs.put(Signer.KUBELET_CLIENT, settings.kubeletClient());
    pairs.put(Signer.API_CLIENT, settings.apiServerClient());
    pairs.put(Signer.LEGACY_UNKNOWN, settings.legacyUnknown());
    Map<Signer, AuthorityFiles> authorities = new EnumMap<>(Signer.class);
    pairs.forEach(
        (signer, pair) -> {
          if (pair.isComplete()) {
            read(
                    "failed to start " + signer.signerName() + " certificate controller",
                    pair,
                    problems)
                .ifPresent(files -> authorities.put(signer, files));
          } else {
            log.info("Skipping signer {}: no files of its own", signer.signerName());
          }
        });
    return authorities;
  }

  private static Optional<AuthorityFiles> read(String what, Pair pair, Problems problems) {
    return problems.attempt(
        what,
        Optional.empty(),
        () -> Optional.of(AuthorityFiles.read(Path.of(pair.certFile()), Path.of(pair.keyFile()))));
  }
}
