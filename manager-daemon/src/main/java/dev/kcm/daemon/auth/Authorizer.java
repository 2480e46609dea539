package dev.kcm.daemon.auth;

import dev.kcm.core.time.Ticker;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Decides whether a user may do something with a path: members of {@code system:masters} may do
 * everything, everybody may reach the always-allowed paths, and for the rest the API server is
 * asked, if there is one to ask.
 *
 * <p>Immutable.
 */
final class Authorizer {

  private static final String SUPERUSERS = "system:masters";

  private final List<String> alwaysAllowed;
  private final Optional<AccessReviews> reviews;
  private final Ticker ticker;
  private final AuthMeters meters;

  /**
   * @param alwaysAllowedPaths exact paths, or prefixes ending in {@code *}
   * @param reviews who decides about the rest; empty to refuse it
   */
  Authorizer(
      List<String> alwaysAllowedPaths,
      Optional<AccessReviews> reviews,
      Ticker ticker,
      AuthMeters meters) {
    this.alwaysAllowed = List.copyOf(alwaysAllowedPaths);
    this.reviews = reviews;
    this.ticker = ticker;
    this.meters = meters;
  }

  /**
   * Decides.
   *
   * @param method HTTP method
   * @param path URL path
   * @return never fails
   */
  CompletableFuture<Decision> decide(User user, String method, String path) {
    long start = ticker.nanos();
    return decided(user, method.toLowerCase(Locale.ROOT), path)
        .thenApply(
            decision -> {
              meters.decided(result(decision), ticker.since(start));
              return decision;
            });
  }

  private CompletableFuture<Decision> decided(User user, String verb, String path) {
    if (user.groups().contains(SUPERUSERS) || isAlwaysAllowed(path)) {
      return CompletableFuture.completedFuture(Decision.ALLOWED);
    }
    return reviews
        .map(reviewer -> reviewer.decide(user, verb, path))
        .orElseGet(() -> CompletableFuture.completedFuture(new Decision.Denied("")));
  }

  /** An access review never says a final no, so a refusal counts as having no opinion. */
  private static String result(Decision decision) {
    if (decision instanceof Decision.Allowed) {
      return "allowed";
    }
    return decision instanceof Decision.Failed ? "error" : "no-opinion";
  }

  private boolean isAlwaysAllowed(String path) {
    String relative = path.startsWith("/") ? path.substring(1) : path;
    for (String allowed : alwaysAllowed) {
      String pattern = allowed.startsWith("/") ? allowed.substring(1) : allowed;
      boolean matches =
          pattern.endsWith("*")
              ? relative.startsWith(pattern.substring(0, pattern.length() - 1))
              : relative.equals(pattern);
      if (matches) {
        return true;
      }
    }
    return false;
  }
}
