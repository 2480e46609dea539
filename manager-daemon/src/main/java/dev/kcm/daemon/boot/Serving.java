package dev.kcm.daemon.boot;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.time.Environment;
import dev.kcm.daemon.auth.AccessControl;
import dev.kcm.daemon.http.Endpoint;
import dev.kcm.daemon.http.GuardedRoutes;
import dev.kcm.daemon.http.HttpsServer;
import dev.kcm.daemon.options.AuthenticationConfig;
import dev.kcm.daemon.options.AuthorizationConfig;
import dev.kcm.daemon.options.CipherSuites;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.options.ServingConfig;
import io.fabric8.kubernetes.client.Config;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS port with everything behind it.
 *
 * <p>Immutable; what changes, as certificates do, changes inside its parts.
 */
final class Serving {

  private static final Logger log = LoggerFactory.getLogger(Serving.class);

  /** TLS versions by the names of the command line, oldest first. */
  private static final List<String> TLS_VERSIONS =
      List.of("VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13");

  private static final List<String> JDK_VERSIONS =
      List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

  /** Suites of TLS 1.3, which no setting switches off. */
  private static final List<String> TLS13_SUITES =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  /** Where an API server looks for a controller manager on its own machine. */
  private static final int PROBED_PORT = 10257;

  private final Options options;
  private final Optional<ServingCertificates> certificates;
  private final Trust trust;
  private final Optional<Config> authenticator;
  private final Optional<Config> authorizer;

  private Serving(
      Options options,
      Optional<ServingCertificates> certificates,
      Trust trust,
      Optional<Config> authenticator,
      Optional<Config> authorizer) {
    this.options = options;
    this.certificates = certificates;
    this.trust = trust;
    this.authenticator = authenticator;
    this.authorizer = authorizer;
  }

  /**
   * Reads the files that are needed, or makes a certificate.
   *
   * @param problems takes what is wrong with the files; the result is of no use then
   */
  static Serving of(Options options, Environment environment, Problems problems) {
    boolean serves = options.serving().isEnabled();
    return new Serving(
        options,
        serves
            ? ServingCertificates.of(options.serving(), environment, problems)
            : Optional.empty(),
        Trust.of(options.authentication(), problems),
        Kubeconfigs.delegated(
            "--authentication-kubeconfig", options.authentication().kubeconfig(), problems),
        Kubeconfigs.delegated(
            "--authorization-kubeconfig", options.authorization().kubeconfig(), problems));
  }

  /**
   * Opens the port.
   *
   * @param endpoints what is served at which path
   * @param problems takes what is wrong with the port, or with the lookup of authorities
   * @return empty when the port is 0, or on a problem
   */
  Optional<HttpsServer> open(
      Map<String, Endpoint> endpoints,
      ApiServers apiServers,
      PrometheusMeterRegistry meters,
      Environment environment,
      Problems problems) {
    if (certificates.isEmpty()) {
      return Optional.empty();
    }
    Optional<ApiClient> authn = authenticator.map(c -> apiServers.delegated(c, "authentication"));
    Optional<ApiClient> authz = authorizer.map(c -> apiServers.delegated(c, "authorization"));
    Optional<ApiClient> publisher = authn.filter(client -> wantsLookup());
    publisher.ifPresent(client -> lookUp(client, problems));
    warnOfWhatNobodyIsAskedFor();
    GuardedRoutes routes =
        new GuardedRoutes(access(authn, authz).create(environment, meters), endpoints);
    Optional<HttpsServer> server =
        problems.attempt(
            "--secure-port",
            Optional.empty(),
            () ->
                Optional.of(
                    HttpsServer.open(
                        settings(authn.isPresent()),
                        certificates.get().tls(trust.hints()),
                        routes)));
    server.ifPresent(open -> follow(open, publisher, meters, environment));
    return server;
  }

  /** Ends what is followed for the port. */
  void close() {
    trust.close();
  }

  private AccessControl.Builder access(Optional<ApiClient> authn, Optional<ApiClient> authz) {
    AuthenticationConfig authentication = options.authentication();
    AuthorizationConfig authorization = options.authorization();
    AccessControl.Builder access =
        AccessControl.builder()
            .clientAuthorities(trust::clients)
            .frontProxy(trust::proxy)
            .alwaysAllow(authorization.alwaysAllowPaths());
    authn.ifPresent(api -> access.tokenReviews(api, authentication.tokenCacheTtl()));
    authz.ifPresent(
        api ->
            access.accessReviews(
                api, authorization.authorizedTtl(), authorization.unauthorizedTtl()));
    return access;
  }

  private boolean wantsLookup() {
    return trust.wantsLookup() && !options.authentication().skipLookup();
  }

  private void lookUp(ApiClient client, Problems problems) {
    try {
      trust.lookUp(client);
    } catch (IOException e) {
      if (options.authentication().tolerateLookupFailure()) {
        log.warn(
            "{}; continuing, as --authentication-tolerate-lookup-failure says", e.getMessage());
      } else {
        problems.attempt("--authentication-kubeconfig", Optional.empty(), () -> failed(e));
      }
    }
  }

  private static <T> Optional<T> failed(IOException e) throws IOException {
    throw e;
  }

  private void warnOfWhatNobodyIsAskedFor() {
    if (authenticator.isEmpty() && options.authentication().clientCaFile().isEmpty()) {
      log.warn(
          "No --authentication-kubeconfig and no --client-ca-file: client certificates and bearer"
              + " tokens are ignored");
    } else if (authenticator.isEmpty()) {
      log.warn("No --authentication-kubeconfig: bearer tokens are ignored");
    }
    if (authorizer.isEmpty()) {
      log.warn(
          "No --authorization-kubeconfig: only members of system:masters and"
              + " --authorization-always-allow-paths get through");
    }
  }

  private HttpsServer.Settings settings(boolean mayLookUp) {
    ServingConfig serving = options.serving();
    return new HttpsServer.Settings(
        new InetSocketAddress(serving.bindAddress(), serving.port()),
        JDK_VERSIONS.subList(TLS_VERSIONS.indexOf(serving.minTlsVersion()), JDK_VERSIONS.size()),
        suites(serving.cipherSuites()),
        serving.http2(),
        serving.http2MaxStreams(),
        mayLookUp || !trust.hints().isEmpty());
  }

  /** API servers probe one address, whatever the settings here are. */
  static Optional<String> hintOfComponentStatuses(InetAddress address, int port) {
    boolean isProbed =
        port == PROBED_PORT && (address.isAnyLocalAddress() || address.isLoopbackAddress());
    return isProbed
        ? Optional.empty()
        : Optional.of(
            "kubectl get componentstatuses will call this program Unhealthy: API servers only ask"
                + " https://127.0.0.1:"
                + PROBED_PORT
                + "/healthz");
  }

  private static List<String> suites(List<String> chosen) {
    if (chosen.isEmpty()) {
      return List.of();
    }
    List<String> suites = new ArrayList<>(TLS13_SUITES);
    chosen.stream().map(CipherSuites::jdkName).forEach(suites::add);
    return suites;
  }

  private void follow(
      HttpsServer open,
      Optional<ApiClient> publisher,
      PrometheusMeterRegistry meters,
      Environment environment) {
    log.info("Serving securely on {}:{}", open.address().getHostAddress(), open.port());
    hintOfComponentStatuses(open.address(), open.port()).ifPresent(hint -> log.info("{}", hint));
    Counter failures =
        Counter.builder("certificate_reload_errors_total")
            .description("Changes of certificate files that could not be used.")
            .register(meters);
    Runnable show = () -> open.show(certificates.orElseThrow().tls(trust.hints()));
    certificates.orElseThrow().watch(environment, show, failures::increment);
    trust.watch(publisher.orElse(null), environment, meters, show, failures::increment);
  }
}
