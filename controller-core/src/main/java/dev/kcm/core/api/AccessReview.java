package dev.kcm.core.api;

import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server what the identity of a client may do, and says in words what to grant.
 *
 * <pre>{@code
 * AccessReview.missing(client, PODS, "", List.of("list", "watch"))
 *     .thenAcceptAsync(text -> text.ifPresent(this::notReady), executor);
 * }</pre>
 *
 * <p>Immutable.
 */
public final class AccessReview {

  private static final ResourceType<SelfSubjectAccessReview> TYPE =
      ResourceType.of(SelfSubjectAccessReview.class);

  private AccessReview() {}

  /**
   * Which of some verbs the client may not use on a resource.
   *
   * @param client asks, with one request for each verb, all at once
   * @param type the resource
   * @param namespace where; empty for all namespaces, or for a resource that is in none
   * @param verbs as RBAC names them, for example {@code list} and {@code watch}
   * @return the verbs that are missing and the rule that grants them, in one line; empty when
   *     nothing is missing. Fails with the {@link ApiException} of a question the server did not
   *     answer. Completes on a thread of the client
   */
  public static CompletableFuture<Optional<String>> missing(
      ApiClient client, ResourceType<?> type, String namespace, List<String> verbs) {
    List<CompletableFuture<SelfSubjectAccessReview>> answers =
        verbs.stream().map(verb -> client.create(TYPE, review(type, namespace, verb))).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            nothing -> {
              List<String> denied = new ArrayList<>();
              String reason = "";
              for (int i = 0; i < verbs.size(); i++) {
                SubjectAccessReviewStatus status = answers.get(i).join().getStatus();
                if (!isAllowed(status)) {
                  denied.add(verbs.get(i));
                  reason = reason.isEmpty() ? reason(status) : reason;
                }
              }
              return denied.isEmpty()
                  ? Optional.empty()
                  : Optional.of(text(type, namespace, denied, reason));
            });
  }

  private static SelfSubjectAccessReview review(
      ResourceType<?> type, String namespace, String verb) {
    return new SelfSubjectAccessReviewBuilder()
        .withMetadata(new ObjectMeta())
        .withNewSpec()
        .withNewResourceAttributes()
        .withGroup(type.group())
        .withVersion(type.version())
        .withResource(type.plural())
        .withNamespace(namespace)
        .withVerb(verb)
        .endResourceAttributes()
        .endSpec()
        .build();
  }

  private static boolean isAllowed(@Nullable SubjectAccessReviewStatus status) {
    return status != null && Boolean.TRUE.equals(status.getAllowed());
  }

  private static String reason(@Nullable SubjectAccessReviewStatus status) {
    if (status == null) {
      return "";
    }
    String error = status.getEvaluationError();
    String reason = status.getReason() == null ? "" : status.getReason();
    return reason.isEmpty() && error != null ? error : reason;
  }

  private static String text(
      ResourceType<?> type, String namespace, List<String> denied, String reason) {
    boolean everywhere = namespace.isEmpty();
    return "may not "
        + String.join(", ", denied)
        + " "
        + type.qualifiedPlural()
        + (everywhere ? "" : " in namespace " + namespace)
        + (reason.isEmpty() ? "" : " (" + reason + ")")
        + ": grant apiGroups ["
        + quoted(List.of(type.group()))
        + "], resources ["
        + quoted(List.of(type.plural()))
        + "], verbs ["
        + quoted(denied)
        + "] by a "
        + (everywhere ? "ClusterRole" : "Role of the namespace");
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", "));
  }
}
