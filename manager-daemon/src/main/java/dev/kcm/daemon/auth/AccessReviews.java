package dev.kcm.daemon.auth;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets the API server say who may do what with which path.
 *
 * <p>Answers are remembered, failures are not; equal questions under way share one review.
 * Thread-safe: the cache is.
 */
final class AccessReviews {

  private static final ResourceType<SubjectAccessReview> REVIEWS =
      ResourceType.of(SubjectAccessReview.class);
  private static final int MOST_REMEMBERED = 8192;

  private final Reviews reviews;
  private final AsyncCache<Question, Decision> cache;

  private record Question(User user, String verb, String path) {}

  /**
   * @param allowed how long a permission counts
   * @param denied how long a refusal counts
   */
  AccessReviews(Reviews reviews, Duration allowed, Duration denied, Environment environment) {
    this.reviews = reviews;
    this.cache =
        Caffeine.newBuilder()
            .expireAfter(
                Expiry.<Question, Decision>writing(
                    (question, decision) ->
                        decision instanceof Decision.Allowed ? allowed : denied))
            .maximumSize(MOST_REMEMBERED)
            .ticker(environment.ticker()::nanos)
            .executor(Runnable::run)
            .buildAsync();
  }

  /**
   * Asks.
   *
   * @param verb HTTP method in lower case
   * @return never fails
   */
  CompletableFuture<Decision> decide(User user, String verb, String path) {
    return cache.get(new Question(user, verb, path), (question, executor) -> review(question));
  }

  private CompletableFuture<Decision> review(Question question) {
    return reviews
        .send(REVIEWS, reviewOf(question))
        .handle(
            (answer, failure) -> {
              if (failure == null) {
                return decision(answer.getStatus());
              }
              cache.asMap().remove(question);
              return new Decision.Failed(ApiException.errorOf(failure).message());
            });
  }

  private static SubjectAccessReview reviewOf(Question question) {
    User user = question.user();
    return new SubjectAccessReviewBuilder()
        .withNewMetadata()
        .endMetadata()
        .withNewSpec()
        .withUser(user.name())
        .withUid(user.uid().isEmpty() ? null : user.uid())
        .withGroups(user.groups())
        .withExtra(user.extra())
        .withNewNonResourceAttributes()
        .withVerb(question.verb())
        .withPath(question.path())
        .endNonResourceAttributes()
        .endSpec()
        .build();
  }

  private static Decision decision(@Nullable SubjectAccessReviewStatus status) {
    if (status != null && Boolean.TRUE.equals(status.getAllowed())) {
      return Decision.ALLOWED;
    }
    String reason = status == null ? null : status.getReason();
    return new Decision.Denied(reason == null ? "" : reason);
  }
}
