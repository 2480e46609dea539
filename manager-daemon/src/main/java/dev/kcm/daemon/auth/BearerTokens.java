package dev.kcm.daemon.auth;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Lets the API server say whose bearer token a request carries.
 *
 * <p>Answers are remembered under a keyed hash of the token, so that no token stays in memory;
 * requests with one token share one review. What is remembered: accepted tokens, and refusals for
 * which the server gave no error. Thread-safe: the cache is.
 */
final class BearerTokens implements Authenticator {

  private static final ResourceType<TokenReview> REVIEWS = ResourceType.of(TokenReview.class);
  private static final String SCHEME = "bearer ";
  private static final String SOCKET_PROTOCOL = "base64url.bearer.authorization.k8s.io.";
  private static final int MOST_REMEMBERED = 4096;
  private static final int KEY_BYTES = 32;

  private final Reviews reviews;
  private final AuthMeters meters;
  private final Environment environment;
  private final SecretKeySpec hashKey;
  private final AsyncCache<String, Authentication> cache;

  /**
   * @param remembered how long an answer counts; zero for only as long as it is under way
   */
  BearerTokens(Reviews reviews, Duration remembered, AuthMeters meters, Environment environment) {
    this.reviews = reviews;
    this.meters = meters;
    this.environment = environment;
    byte[] key = new byte[KEY_BYTES];
    environment.random().nextBytes(key);
    this.hashKey = new SecretKeySpec(key, "HmacSHA256");
    this.cache =
        Caffeine.newBuilder()
            .expireAfterWrite(remembered)
            .maximumSize(MOST_REMEMBERED)
            .ticker(environment.ticker()::nanos)
            .executor(Runnable::run)
            .buildAsync();
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    return token(credentials)
        .map(this::lookedUp)
        .orElseGet(() -> Authenticator.answer(Authentication.NO_OPINION));
  }

  private static Optional<String> token(Credentials credentials) {
    for (String value : credentials.values("authorization")) {
      String trimmed = value.strip();
      if (trimmed.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
        return Optional.of(trimmed.substring(SCHEME.length()).strip()).filter(t -> !t.isEmpty());
      }
    }
    return credentials.values("sec-websocket-protocol").stream()
        .flatMap(value -> List.of(value.split(",")).stream())
        .map(String::strip)
        .filter(protocol -> protocol.startsWith(SOCKET_PROTOCOL))
        .map(protocol -> decoded(protocol.substring(SOCKET_PROTOCOL.length())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> decoded(String text) {
    try {
      return Optional.of(
          new String(java.util.Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private CompletableFuture<Authentication> lookedUp(String token) {
    String key = hash(token);
    long start = environment.ticker().nanos();
    CompletableFuture<Authentication> known = cache.getIfPresent(key);
    if (known != null) {
      return shared(known, start);
    }
    CompletableFuture<Authentication> answer = cache.get(key, (k, executor) -> review(k, token));
    return answer.whenComplete(
        (a, never) -> meters.lookedUp(false, environment.ticker().since(start)));
  }

  private CompletableFuture<Authentication> shared(
      CompletableFuture<Authentication> known, long start) {
    boolean waits = !known.isDone();
    if (waits) {
      meters.waitStarted();
    }
    return known.whenComplete(
        (answer, never) -> {
          if (waits) {
            meters.waitEnded();
          }
          meters.lookedUp(true, environment.ticker().since(start));
        });
  }

  private CompletableFuture<Authentication> review(String key, String token) {
    meters.fetchStarted();
    TokenReview question =
        new TokenReviewBuilder()
            .withNewMetadata()
            .endMetadata()
            .withNewSpec()
            .withToken(token)
            .endSpec()
            .build();
    return reviews
        .send(REVIEWS, question)
        .handle(
            (answer, failure) -> {
              boolean isRemembered = failure == null && !hasError(answer.getStatus());
              meters.fetchEnded(isRemembered);
              if (!isRemembered) {
                cache.asMap().remove(key);
              }
              return failure == null
                  ? opinion(answer.getStatus())
                  : new Authentication.Refused(
                      "token review: " + ApiException.errorOf(failure).message());
            });
  }

  private static boolean hasError(@Nullable TokenReviewStatus status) {
    return status != null && status.getError() != null && !status.getError().isEmpty();
  }

  private static Authentication opinion(@Nullable TokenReviewStatus status) {
    if (status != null && Boolean.TRUE.equals(status.getAuthenticated())) {
      return new Authentication.Known(user(status.getUser()));
    }
    return status != null && hasError(status)
        ? new Authentication.Refused("token review: " + status.getError())
        : new Authentication.Refused("token review: the token is not valid");
  }

  private static User user(UserInfo info) {
    Map<String, List<String>> extra = info.getExtra() == null ? Map.of() : info.getExtra();
    return new User(text(info.getUsername()), text(info.getUid()), info.getGroups(), extra);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private String hash(String token) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(hashKey);
      return HexFormat.of().formatHex(mac.doFinal(token.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HmacSHA256", e);
    }
  }
}
