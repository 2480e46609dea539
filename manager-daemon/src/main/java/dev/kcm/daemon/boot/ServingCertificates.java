package dev.kcm.daemon.boot;

import dev.kcm.core.time.Environment;
import dev.kcm.daemon.options.ServingConfig;
import dev.kcm.daemon.options.SniCert;
import dev.kcm.daemon.tls.ReloadedFiles;
import dev.kcm.daemon.tls.ServingCertificate;
import dev.kcm.daemon.tls.ServingTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of the HTTPS port: from files that are followed, or made here and renewed when
 * two thirds of their life are over.
 *
 * <p>Thread-safe: each certificate is replaced as a whole.
 */
final class ServingCertificates {

  private static final Logger log = LoggerFactory.getLogger(ServingCertificates.class);

  /** What upstream calls the pair it keeps in {@code --cert-dir}. */
  private static final String PAIR = "kube-controller-manager";

  private final Supplier<ServingCertificate> main;
  private final List<Named> named;
  private final List<ReloadedFiles<ServingCertificate>> files;
  private final Optional<Generated> generated;

  private record Named(ReloadedFiles<ServingCertificate> files, List<String> names) {}

  private ServingCertificates(
      Optional<ReloadedFiles<ServingCertificate>> mainFiles,
      Optional<Generated> generated,
      List<Named> named) {
    this.main =
        mainFiles.<Supplier<ServingCertificate>>map(f -> f).orElseGet(generated::orElseThrow);
    this.named = List.copyOf(named);
    this.generated = generated;
    List<ReloadedFiles<ServingCertificate>> all = new ArrayList<>();
    mainFiles.ifPresent(all::add);
    named.forEach(pair -> all.add(pair.files));
    this.files = List.copyOf(all);
  }

  /**
   * Reads the files that flags name, or makes a certificate.
   *
   * @param problems takes what is wrong with the files
   * @return empty on a problem
   */
  static Optional<ServingCertificates> of(
      ServingConfig serving, Environment environment, Problems problems) {
    List<Named> named = new ArrayList<>();
    for (SniCert sni : serving.sniCerts()) {
      problems
          .attempt(
              "--tls-sni-cert-key",
              Optional.<Named>empty(),
              () ->
                  Optional.of(
                      new Named(
                          pair(Path.of(sni.certFile()), Path.of(sni.keyFile())), sni.names())))
          .ifPresent(named::add);
    }
    return problems.attempt(
        serving.certFile().isEmpty() ? "--cert-dir" : "--tls-cert-file",
        Optional.empty(),
        () -> Optional.of(of(serving, environment, named)));
  }

  private static ServingCertificates of(
      ServingConfig serving, Environment environment, List<Named> named) throws IOException {
    if (!serving.certFile().isEmpty()) {
      return new ServingCertificates(
          Optional.of(pair(Path.of(serving.certFile()), Path.of(serving.keyFile()))),
          Optional.empty(),
          named);
    }
    if (!serving.certDir().isEmpty()) {
      Path certificate = Path.of(serving.certDir(), PAIR + ".crt");
      Path key = Path.of(serving.certDir(), PAIR + ".key");
      if (!Files.isReadable(certificate) || !Files.isReadable(key)) {
        generate(serving, environment).write(certificate, key);
        log.info("Made a serving certificate in {}", serving.certDir());
      }
      return new ServingCertificates(Optional.of(pair(certificate, key)), Optional.empty(), named);
    }
    return new ServingCertificates(
        Optional.empty(), Optional.of(new Generated(() -> generate(serving, environment))), named);
  }

  private static ServingCertificate generate(ServingConfig serving, Environment environment) {
    return ServingCertificate.selfSigned(
        serving.bindAddress(), environment.wallClock().now(), environment.random());
  }

  private static ReloadedFiles<ServingCertificate> pair(Path certificate, Path key)
      throws IOException {
    return ReloadedFiles.read(
        List.of(certificate, key), () -> ServingCertificate.fromFiles(certificate, key));
  }

  /** What to show now. */
  ServingTls tls(List<X509Certificate> clientAuthorities) {
    return new ServingTls(
        main.get(),
        named.stream().map(pair -> new ServingTls.Named(pair.files.get(), pair.names)).toList(),
        clientAuthorities);
  }

  /**
   * Follows the files, or renews what was made here.
   *
   * @param changed runs after each change
   * @param failed runs after a change of a file that cannot be used
   */
  void watch(Environment environment, Runnable changed, Runnable failed) {
    files.forEach(pair -> pair.watch(environment, changed, failed));
    generated.ifPresent(made -> made.renew(environment, changed));
  }

  /** A certificate that was made here. The current one is replaced as a whole. */
  private static final class Generated implements Supplier<ServingCertificate> {

    private final Supplier<ServingCertificate> maker;
    private volatile ServingCertificate current;

    private Generated(Supplier<ServingCertificate> maker) {
      this.maker = maker;
      this.current = maker.get();
    }

    @Override
    public ServingCertificate get() {
      return current;
    }

    private void renew(Environment environment, Runnable changed) {
      Executor executor = environment.executor("files");
      environment
          .timers()
          .schedule(
              untilRenewal(environment.wallClock().now()),
              executor,
              () -> {
                current = maker.get();
                log.info("Renewed the self-signed serving certificate");
                changed.run();
                renew(environment, changed);
              });
    }

    private Duration untilRenewal(Instant now) {
      X509Certificate leaf = current.chain().get(0);
      Duration life =
          Duration.between(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
      return Duration.between(
          now, leaf.getNotBefore().toInstant().plus(life.multipliedBy(2).dividedBy(3)));
    }
  }
}
