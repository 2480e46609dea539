package dev.kcm.daemon.http;

import dev.kcm.daemon.auth.AccessControl;
import dev.kcm.daemon.auth.Credentials;
import dev.kcm.daemon.auth.Decision;
import dev.kcm.daemon.auth.User;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request's way: who is it, may it, where does it go. A path without a handler is authorized
 * first, so a stranger cannot find out which paths exist.
 *
 * <p>No thread waits while the API server is asked. Immutable.
 */
public final class GuardedRoutes implements HttpHandler {

  private static final Logger log = LoggerFactory.getLogger(GuardedRoutes.class);

  private final AccessControl access;
  private final Map<String, Endpoint> endpoints;

  /**
   * Guards the given endpoints.
   *
   * @param endpoints endpoint by exact path, or by a path that ends in {@code /*} for those one
   *     part below that have none of their own
   */
  public GuardedRoutes(AccessControl access, Map<String, Endpoint> endpoints) {
    this.access = access;
    this.endpoints = Map.copyOf(endpoints);
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    if (exchange.isInIoThread()) {
      exchange.dispatch(this);
      return;
    }
    exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-cache, private");
    Credentials credentials = SentCredentials.of(exchange);
    CompletableFuture<Runnable> rest =
        access.userOf(credentials).thenCompose(user -> guarded(exchange, user));
    if (rest.isDone()) {
      rest.join().run();
      return;
    }
    exchange.dispatch(SameThreadExecutor.INSTANCE, () -> goOnAfter(rest, exchange));
  }

  private static void goOnAfter(CompletableFuture<Runnable> rest, HttpServerExchange exchange) {
    // Neither who it is nor what it may do ever fails to be answered.
    var unused = rest.thenAccept(next -> exchange.dispatch((HttpHandler) same -> next.run()));
  }

  /** What is left to do once it is known who asks. */
  private CompletableFuture<Runnable> guarded(HttpServerExchange exchange, Optional<User> user) {
    if (user.isEmpty()) {
      return CompletableFuture.completedFuture(
          () -> Answers.status(exchange, 401, "Unauthorized", "Unauthorized"));
    }
    String method = exchange.getRequestMethod().toString();
    return access
        .decide(user.get(), method, exchange.getRequestPath())
        .thenApply(decision -> () -> carryOut(exchange, user.get(), decision));
  }

  private void carryOut(HttpServerExchange exchange, User user, Decision decision) {
    if (decision instanceof Decision.Denied denied) {
      Answers.forbidden(exchange, user.name(), denied.reason());
    } else if (decision instanceof Decision.Failed failed) {
      log.error("Authorization of {} failed: {}", exchange.getRequestPath(), failed.error());
      Answers.internalError(exchange, failed.error());
    } else {
      endpoint(exchange.getRequestPath())
          .ifPresentOrElse(endpoint -> serve(exchange, endpoint), () -> Answers.notFound(exchange));
    }
  }

  private Optional<Endpoint> endpoint(String path) {
    Endpoint exact = endpoints.get(path);
    return Optional.ofNullable(
        exact == null ? endpoints.get(path.substring(0, path.lastIndexOf('/') + 1) + "*") : exact);
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
}
