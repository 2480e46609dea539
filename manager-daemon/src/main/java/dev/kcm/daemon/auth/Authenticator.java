package dev.kcm.daemon.auth;

import java.util.concurrent.CompletableFuture;

/** One way to find out who sends a request. Thread-safe. */
@FunctionalInterface
interface Authenticator {

  /** Looks at a request's credentials. The future never fails; it may be complete at once. */
  CompletableFuture<Authentication> authenticate(Credentials credentials);

  /** An answer that needs no waiting. */
  static CompletableFuture<Authentication> answer(Authentication authentication) {
    return CompletableFuture.completedFuture(authentication);
  }
}
