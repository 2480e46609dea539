package dev.kcm.daemon.auth;

import dev.kcm.core.time.WallClock;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Knows users by client certificate: the common name is the user, every organization a group.
 *
 * <p>Immutable; the authorities are asked for anew at each request.
 */
final class ClientCertificates implements Authenticator {

  private final Supplier<TrustedAuthorities> authorities;
  private final WallClock clock;
  private final AuthMeters meters;

  ClientCertificates(Supplier<TrustedAuthorities> authorities, WallClock clock, AuthMeters meters) {
    this.authorities = authorities;
    this.clock = clock;
    this.meters = meters;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    List<X509Certificate> chain = credentials.certificates();
    TrustedAuthorities trusted = authorities.get();
    if (chain.isEmpty() || trusted.isEmpty()) {
      return Authenticator.answer(Authentication.NO_OPINION);
    }
    return Authenticator.answer(userOf(chain, trusted));
  }

  private Authentication userOf(List<X509Certificate> chain, TrustedAuthorities trusted) {
    X509Certificate leaf = chain.get(0);
    Instant now = clock.now();
    meters.certificateExpiresIn(Duration.between(now, leaf.getNotAfter().toInstant()));
    try {
      trusted.verify(chain, now);
    } catch (GeneralSecurityException e) {
      return new Authentication.Refused("client certificate: " + e.getMessage());
    }
    Subject subject = Subject.of(leaf);
    return subject.name().isEmpty()
        ? Authentication.NO_OPINION
        : new Authentication.Known(subject.user(leaf));
  }
}
