package dev.kcm.daemon.auth;

import dev.kcm.core.time.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one authenticator after the other until one knows the user.
 *
 * <p>When none knows and none objects, the user is {@link User#ANONYMOUS}; when one objects and
 * none knows, the request is refused. Immutable.
 */
final class AuthenticationChain {

  private static final Logger log = LoggerFactory.getLogger(AuthenticationChain.class);

  private final List<Authenticator> authenticators;
  private final Ticker ticker;
  private final AuthMeters meters;

  AuthenticationChain(List<Authenticator> authenticators, Ticker ticker, AuthMeters meters) {
    this.authenticators = List.copyOf(authenticators);
    this.ticker = ticker;
    this.meters = meters;
  }

  /**
   * Finds out who sends a request.
   *
   * @return never fails; empty when the credentials prove nothing
   */
  CompletableFuture<Optional<User>> userOf(Credentials credentials) {
    long start = ticker.nanos();
    return ask(0, credentials, new ArrayList<>())
        .thenApply(
            user -> {
              meters.attempted(user.isEmpty() ? "failure" : "success", ticker.since(start));
              user.ifPresent(meters::authenticated);
              return user;
            });
  }

  private CompletableFuture<Optional<User>> ask(
      int next, Credentials credentials, List<String> objections) {
    if (next == authenticators.size()) {
      return CompletableFuture.completedFuture(unknown(objections));
    }
    return authenticators
        .get(next)
        .authenticate(credentials)
        .thenCompose(
            answer -> {
              if (answer instanceof Authentication.Known known) {
                return CompletableFuture.completedFuture(Optional.of(known.user().authenticated()));
              }
              if (answer instanceof Authentication.Refused refused) {
                objections.add(refused.why());
              }
              return ask(next + 1, credentials, objections);
            });
  }

  private static Optional<User> unknown(List<String> objections) {
    if (objections.isEmpty()) {
      return Optional.of(User.ANONYMOUS);
    }
    log.warn("Unable to authenticate the request: {}", objections);
    return Optional.empty();
  }
}
