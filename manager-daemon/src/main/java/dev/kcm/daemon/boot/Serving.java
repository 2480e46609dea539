package dev.kcm.daemon.boot;

import dev.kcm.core.time.Environment;
import dev.kcm.daemon.auth.Authorizer;
import dev.kcm.daemon.auth.ClientCertificates;
import dev.kcm.daemon.endpoints.MetricsEndpoint;
import dev.kcm.daemon.http.Endpoint;
import dev.kcm.daemon.http.GuardedRoutes;
import dev.kcm.daemon.http.HttpsServer;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.options.ServingConfig;
import dev.kcm.daemon.tls.PemFiles;
import dev.kcm.daemon.tls.ServingCertificate;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTPS port with everything behind it. Immutable. */
final class Serving {

  private static final Logger log = LoggerFactory.getLogger(Serving.class);

  private final Options options;
  private final Optional<ServingCertificate> certificate;
  private final List<X509Certificate> clientAuthorities;

  private Serving(
      Options options,
      Optional<ServingCertificate> certificate,
      List<X509Certificate> clientAuthorities) {
    this.options = options;
    this.certificate = certificate;
    this.clientAuthorities = clientAuthorities;
  }

  /**
   * Reads the files that are needed, or makes a certificate.
   *
   * @param problems takes what is wrong with the files; the result is of no use then
   */
  static Serving of(Options options, Environment environment, Problems problems) {
    ServingConfig serving = options.serving();
    if (!serving.isEnabled()) {
      return new Serving(options, Optional.empty(), List.of());
    }
    return new Serving(
        options,
        problems.attempt(
            "--tls-cert-file",
            Optional.empty(),
            () -> Optional.of(certificate(serving, environment))),
        problems.attempt("--client-ca-file", List.of(), () -> clientAuthorities(options)));
  }

  /**
   * Opens the port.
   *
   * @param problems takes what is wrong with the port
   * @return empty when the port is 0, or on a problem
   */
  Optional<HttpsServer> open(
      Probes probes, PrometheusMeterRegistry meters, Environment environment, Problems problems) {
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Endpoint> endpoints = new HashMap<>(probes.endpoints());
    endpoints.put("/metrics", new MetricsEndpoint(meters));
    GuardedRoutes routes =
        new GuardedRoutes(
            new ClientCertificates(clientAuthorities),
            new Authorizer(options.authorization().alwaysAllowPaths()),
            environment.wallClock(),
            endpoints);
    InetSocketAddress address =
        new InetSocketAddress(options.serving().bindAddress(), options.serving().port());
    Optional<HttpsServer> server =
        problems.attempt(
            "--secure-port",
            Optional.empty(),
            () ->
                Optional.of(
                    HttpsServer.open(address, certificate.get(), clientAuthorities, routes)));
    server.ifPresent(
        open ->
            log.info("Serving securely on {}:{}", open.address().getHostAddress(), open.port()));
    return server;
  }

  private static ServingCertificate certificate(ServingConfig serving, Environment environment)
      throws IOException {
    if (!serving.certFile().isEmpty()) {
      return ServingCertificate.fromFiles(Path.of(serving.certFile()), Path.of(serving.keyFile()));
    }
    return ServingCertificate.selfSigned(
        serving.bindAddress(), environment.wallClock().now(), environment.random());
  }

  private static List<X509Certificate> clientAuthorities(Options options) throws IOException {
    String file = options.authentication().clientCaFile();
    return file.isEmpty() ? List.of() : PemFiles.certificates(Path.of(file));
  }
}
