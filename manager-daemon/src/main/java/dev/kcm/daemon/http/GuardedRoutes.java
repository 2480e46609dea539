package dev.kcm.daemon.http;

import dev.kcm.core.time.WallClock;
import dev.kcm.daemon.auth.Authorizer;
import dev.kcm.daemon.auth.ClientCertificates;
import dev.kcm.daemon.auth.User;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.SSLSessionInfo;
import io.undertow.util.Headers;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request's way: who is it, may it, where does it go. A path without a handler is authorized
 * first, so a stranger cannot find out which paths exist.
 *
 * <p>Immutable.
 */
public final class GuardedRoutes implements HttpHandler {

  private static final Logger log = LoggerFactory.getLogger(GuardedRoutes.class);

  private final ClientCertificates certificates;
  private final Authorizer authorizer;
  private final WallClock clock;
  private final Map<String, Endpoint> endpoints;

  /**
   * Guards the given endpoints.
   *
   * @param endpoints endpoint by exact path, or by a path that ends in {@code /*} for those one
   *     part below that have none of their own
   */
  public GuardedRoutes(
      ClientCertificates certificates,
      Authorizer authorizer,
      WallClock clock,
      Map<String, Endpoint> endpoints) {
    this.certificates = certificates;
    this.authorizer = authorizer;
    this.clock = clock;
    this.endpoints = Map.copyOf(endpoints);
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    if (exchange.isInIoThread()) {
      exchange.dispatch(this);
      return;
    }
    exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-cache, private");
    Optional<User> user = authenticate(exchange);
    if (user.isEmpty()) {
      Answers.status(exchange, 401, "Unauthorized", "Unauthorized");
      return;
    }
    String path = exchange.getRequestPath();
    Optional<String> refusal =
        authorizer.refusal(user.get(), exchange.getRequestMethod().toString(), path);
    if (refusal.isPresent()) {
      Answers.status(exchange, 403, "Forbidden", refusal.get());
      return;
    }
    Endpoint endpoint = endpoints.get(path);
    if (endpoint == null) {
      endpoint = endpoints.get(path.substring(0, path.lastIndexOf('/') + 1) + "*");
    }
    if (endpoint == null) {
      Answers.notFound(exchange);
      return;
    }
    serve(exchange, endpoint);
  }

  private static void serve(HttpServerExchange exchange, Endpoint endpoint) {
    try {
      endpoint.serve(exchange);
    } catch (RuntimeException e) {
      log.error("Request for {} failed", exchange.getRequestPath(), e);
      if (!exchange.isResponseStarted()) {
        Answers.text(exchange, 500, "Internal Server Error\n");
      }
    }
  }

  /** Empty when credentials were sent that prove nothing. */
  private Optional<User> authenticate(HttpServerExchange exchange) {
    List<X509Certificate> chain = clientChain(exchange);
    if (!chain.isEmpty() && certificates.hasAuthorities()) {
      try {
        return Optional.of(certificates.userOf(chain, clock.now()).orElse(User.ANONYMOUS));
      } catch (GeneralSecurityException e) {
        log.debug("Unable to authenticate the request: {}", e.getMessage());
        return Optional.empty();
      }
    }
    return Optional.of(User.ANONYMOUS);
  }

  private static List<X509Certificate> clientChain(HttpServerExchange exchange) {
    SSLSessionInfo session = exchange.getConnection().getSslSessionInfo();
    if (session == null) {
      return List.of();
    }
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : session.getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
      return chain;
    } catch (SSLPeerUnverifiedException | io.undertow.server.RenegotiationRequiredException e) {
      return List.of();
    }
  }
}
