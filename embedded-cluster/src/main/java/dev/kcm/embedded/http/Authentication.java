package dev.kcm.embedded.http;

import dev.kcm.embedded.pki.ClientCertificates;
import dev.kcm.embedded.pki.ClientCertificates.Identity;
import dev.kcm.embedded.resource.Statuses;
import dev.kcm.embedded.resource.UserInfo;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RenegotiationRequiredException;
import io.undertow.server.SSLSessionInfo;
import io.undertow.util.Headers;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Finds out who sends a request: a client certificate of the cluster's authority, a bearer token,
 * else nobody in particular. Tokens and certificates that do not hold are refused rather than
 * ignored; other schemes of credentials are unknown, and who sends one is nobody.
 *
 * <p>Immutable.
 */
final class Authentication {

  private static final String CREDENTIAL_ID = "authentication.kubernetes.io/credential-id";

  private static final String BEARER = "bearer";

  private final ClientCertificates certificates;
  private final Clock clock;
  private final Function<String, Optional<UserInfo>> tokens;

  /**
   * @param clock system clock, by which certificates expire
   * @param tokens whom a bearer token stands for
   */
  Authentication(
      ClientCertificates certificates, Clock clock, Function<String, Optional<UserInfo>> tokens) {
    this.certificates = certificates;
    this.clock = clock;
    this.tokens = tokens;
  }

  UserInfo authenticate(HttpServerExchange exchange) {
    Optional<X509Certificate> certificate = clientCertificate(exchange);
    if (certificate.isPresent()) {
      return certificates
          .identify(certificate.get(), clock.instant())
          .map(Authentication::user)
          .orElseThrow(Statuses::unauthorized);
    }
    String header = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
    String token = bearerToken(header == null ? "" : header.strip());
    return token.isEmpty()
        ? UserInfo.ANONYMOUS
        : tokens.apply(token).orElseThrow(Statuses::unauthorized);
  }

  /** The token of a header; empty, as for other schemes, when there is none behind one space. */
  private static String bearerToken(String header) {
    String[] parts = header.split(" ", 3);
    return parts.length > 1 && parts[0].toLowerCase(Locale.ROOT).equals(BEARER) ? parts[1] : "";
  }

  private static UserInfo user(Identity identity) {
    List<String> groups = new ArrayList<>(identity.groups());
    if (!groups.contains(UserInfo.AUTHENTICATED)) {
      groups.add(UserInfo.AUTHENTICATED);
    }
    return new UserInfo(
        identity.user(),
        "",
        groups,
        Map.of(CREDENTIAL_ID, List.of("X509SHA256=" + identity.fingerprint())));
  }

  private static Optional<X509Certificate> clientCertificate(HttpServerExchange exchange) {
    SSLSessionInfo session = exchange.getConnection().getSslSessionInfo();
    if (session == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate certificate
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException | RenegotiationRequiredException e) {
      return Optional.empty();
    }
  }
}
