package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.UserInfo;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Checks bearer tokens of all sorts. Immutable. */
final class Tokens {

  private static final String INVALID = "invalid bearer token";

  private final Jwt jwt;
  private final ServiceAccountTokens accounts;
  private final LegacyTokens legacy;
  private final BootstrapTokens bootstrap;

  Tokens(ApiServer server, CoreObjects objects, Jwt jwt, Clock clock) {
    this.jwt = jwt;
    accounts = new ServiceAccountTokens(objects, clock);
    legacy = new LegacyTokens(server, objects, clock);
    bootstrap = new BootstrapTokens(objects, clock);
  }

  /**
   * Whom a token stands for.
   *
   * @param audiences audiences that the caller accepts, not empty
   * @throws TokenException when it stands for nobody
   */
  Authenticated check(String token, List<String> audiences) throws TokenException {
    Optional<UserInfo> joining = bootstrap.check(token);
    if (joining.isPresent()) {
      return new Authenticated(joining.get(), audiences);
    }
    JsonNode claims = jwt.verified(token).orElseThrow(() -> new TokenException(INVALID));
    try {
      return switch (claims.path("iss").asText()) {
        case ServiceAccountTokens.ISSUER -> accounts.check(claims, audiences);
        case LegacyTokens.ISSUER -> legacy.check(token, claims, audiences);
        default -> throw new TokenException(INVALID);
      };
    } catch (TokenException e) {
      throw e.reason().equals(INVALID)
          ? e
          : new TokenException("[" + INVALID + ", " + e.reason() + "]");
    }
  }
}
