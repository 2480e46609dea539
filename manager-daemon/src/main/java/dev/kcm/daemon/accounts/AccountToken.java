package dev.kcm.daemon.accounts;

import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of one account. The first is fetched when somebody asks; from four fifths of its life
 * on, the first request starts a renewal and goes out with the old one. Only when there is none, or
 * it has run out, do requests wait.
 *
 * <p>Its life is measured by this process's monotonic clock from the moment it was asked for, so a
 * server whose clock differs changes nothing.
 *
 * <p>Confined to its mailbox; {@code held} publishes the token to whoever sends.
 */
final class AccountToken {

  private static final Logger log = LoggerFactory.getLogger(AccountToken.class);

  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final int MOST_TRIES = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private final Account account;
  private final Environment environment;
  private final Consumer<String> refused;
  private final Executor mailbox;
  private volatile @Nullable Held held;

  private @Nullable CompletableFuture<Held> fetching;
  private boolean exists;

  /**
   * A token with its times.
   *
   * @param text the token
   * @param sinceNanos when it was asked for
   * @param lifetime how long it is valid from then
   */
  record Held(String text, long sinceNanos, Duration lifetime) {

    private Duration renewalAge() {
      return lifetime.multipliedBy(4).dividedBy(5);
    }
  }

  AccountToken(Account account, Environment environment, Consumer<String> refused) {
    this.account = account;
    this.environment = environment;
    this.refused = refused;
    this.mailbox = new SerialExecutor(environment.executor("account"));
  }

  /** The token to send now; empty before there is one. */
  String text() {
    Held now = held;
    return now == null ? "" : now.text;
  }

  /** Starts fetching, so that the first request need not wait. */
  void prepare() {
    var unused = get();
  }

  /**
   * The token, at once when there is one that is still valid. Fails with an {@link ApiException}
   * when none can be had; a token that has run out is better than none and is given then.
   */
  CompletableFuture<Held> get() {
    Held now = held;
    if (now == null || age(now).compareTo(now.lifetime) >= 0) {
      CompletableFuture<Held> result = new CompletableFuture<>();
      mailbox.execute(() -> join(result));
      return result;
    }
    if (age(now).compareTo(now.renewalAge()) >= 0) {
      mailbox.execute(this::renew);
    }
    return CompletableFuture.completedFuture(now);
  }

  /** The server did not accept this token: the next request waits for another. */
  void reject(Held token) {
    mailbox.execute(
        () -> {
          if (token.equals(held)) {
            held = null;
          }
        });
  }

  private Duration age(Held token) {
    return environment.ticker().since(token.sinceNanos);
  }

  private void join(CompletableFuture<Held> result) {
    renew();
    CompletableFuture<Held> current = fetching;
    if (current == null) {
      result.complete(held);
    } else {
      var unused =
          current.whenComplete(
              (token, failure) -> {
                if (failure == null) {
                  result.complete(token);
                } else {
                  result.completeExceptionally(failure);
                }
              });
    }
  }

  private void renew() {
    Held now = held;
    boolean due = now == null || age(now).compareTo(now.renewalAge()) >= 0;
    if (due && fetching == null) {
      fetching = new CompletableFuture<>();
      attempt(1);
    }
  }

  private void attempt(int number) {
    long askedAt = environment.ticker().nanos();
    CompletableFuture<Void> there =
        exists ? CompletableFuture.completedFuture(null) : account.ensure();
    var unused =
        there
            .whenCompleteAsync((nothing, failure) -> exists = failure == null, mailbox)
            .thenComposeAsync(nothing -> account.requestToken(LIFETIME), mailbox)
            .whenCompleteAsync(
                (answer, failure) -> {
                  if (failure == null) {
                    took(held(answer, askedAt));
                  } else {
                    failed(number, ApiException.errorOf(failure));
                  }
                },
                mailbox);
  }

  private static Held held(TokenRequest answer, long askedAt) {
    TokenRequestStatus status = answer.getStatus();
    Long seconds = answer.getSpec() == null ? null : answer.getSpec().getExpirationSeconds();
    return new Held(
        status == null || status.getToken() == null ? "" : status.getToken(),
        askedAt,
        seconds == null ? LIFETIME : Duration.ofSeconds(seconds));
  }

  private void took(Held token) {
    held = token;
    end().complete(token);
  }

  private void failed(int number, ApiError error) {
    boolean isRefused =
        !exists && (error.kind() == Kind.FORBIDDEN || error.kind() == Kind.UNAUTHORIZED);
    if (isRefused) {
      refused.accept(
          "service account %s could not be read or created: %s"
              .formatted(account.key(), error.message()));
    }
    exists = exists && error.kind() != Kind.NOT_FOUND;
    boolean isFinal = isRefused || error.kind() == Kind.FENCED || error.kind() == Kind.CLOSED;
    if (isFinal || number >= MOST_TRIES) {
      giveUp(error);
    } else {
      environment
          .timers()
          .schedule(
              FIRST_PAUSE.multipliedBy(1L << (number - 1)), mailbox, () -> attempt(number + 1));
    }
  }

  private void giveUp(ApiError error) {
    Held old = held;
    log.warn("No token for service account {}: {}", account.key(), error.message());
    if (old != null) {
      end().complete(old);
    } else {
      end().completeExceptionally(new ApiException(unsent(error)));
    }
  }

  /** What a request that waited fails with: it was never sent, whatever the token's request met. */
  private ApiError unsent(ApiError error) {
    Kind kind =
        error.kind() == Kind.FENCED || error.kind() == Kind.CLOSED
            ? error.kind()
            : Kind.UNREACHABLE;
    return ApiError.of(
        kind, 0, "no token for service account " + account.key() + ": " + error.message());
  }

  private CompletableFuture<Held> end() {
    CompletableFuture<Held> ending = fetching;
    fetching = null;
    return ending == null ? new CompletableFuture<>() : ending;
  }
}
