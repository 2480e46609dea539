package dev.kcm.controllers.auth.legacytokencleaner;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One pass: marks tokens that nobody has used for long, and deletes those that were marked long
 * ago.
 *
 * <p>Immutable.
 */
final class LegacyTokenCleanerReconciler implements Reconciler<LegacyTokenCleanerSnapshot> {

  /** Where the API server says since when it notes uses. */
  static final ObjectKey TRACKING =
      new ObjectKey("kube-system", "kube-apiserver-legacy-service-account-token-tracking");

  /** From the end of one pass to the next. */
  static final Duration PAUSE = Duration.ofHours(24);

  static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
  static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

  private static final Plan NEXT_PASS = Plan.verdict(Verdict.after(PAUSE));

  @Override
  public Plan decide(LegacyTokenCleanerSnapshot snapshot, Instant now) {
    return snapshot.tokens().isEmpty()
        ? NEXT_PASS
        : Plan.of(Action.fetch(Kinds.CONFIG_MAPS, TRACKING, "since when are uses noted"))
            .then(report -> tracked(snapshot, report.results().get(0), now));
  }

  private static Plan tracked(LegacyTokenCleanerSnapshot snapshot, Result answer, Instant now) {
    if (answer instanceof Rejected rejected && rejected.error().kind() != Kind.NOT_FOUND) {
      return Plan.verdict(Verdict.retry(rejected.error()));
    }
    Optional<LocalDate> since =
        answer instanceof Applied applied && applied.answer() instanceof ConfigMap map
            ? date(map.getData() == null ? null : map.getData().get("since"))
            : Optional.empty();
    boolean longEnough =
        since
            .map(date -> date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant())
            .filter(start -> !now.isBefore(start.plus(snapshot.period())))
            .isPresent();
    return longEnough ? pass(snapshot, now) : NEXT_PASS;
  }

  private static Plan pass(LegacyTokenCleanerSnapshot snapshot, Instant now) {
    Instant limit = now.minus(snapshot.period());
    List<Action> actions = new ArrayList<>();
    snapshot.tokens().stream()
        .filter(token -> isUnused(token, limit))
        .sorted(Comparator.comparing(ObjectKey::of))
        .forEach(token -> action(token, limit, now).ifPresent(actions::add));
    return Plan.of(Stage.keepGoing(actions)).ending(Verdict.after(PAUSE));
  }

  /** Whether it is that old and was not used since; a date that cannot be read may be of today. */
  private static boolean isUnused(Secret token, Instant limit) {
    String used = label(token, LAST_USED);
    boolean old =
        Timestamps.parse(token.getMetadata().getCreationTimestamp())
            .filter(limit::isAfter)
            .isPresent();
    return old
        && token.getMetadata().getDeletionTimestamp() == null
        && (used == null || date(used).filter(date -> isBefore(date, limit)).isPresent());
  }

  private static Optional<Action> action(Secret token, Instant limit, Instant now) {
    Optional<LocalDate> marked = date(label(token, INVALID_SINCE));
    if (marked.isEmpty()) {
      return Optional.of(mark(token, now));
    }
    return isBefore(marked.get(), limit) ? Optional.of(deletion(token)) : Optional.empty();
  }

  private static Action mark(Secret token, Instant now) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.put("apiVersion", "v1").put("kind", "Secret");
    ObjectNode metadata = patch.putObject("metadata");
    metadata.put("name", token.getMetadata().getName());
    metadata.put("namespace", token.getMetadata().getNamespace());
    metadata.put("uid", token.getMetadata().getUid());
    metadata.putObject("labels").put(INVALID_SINCE, day(now).toString());
    return new Action.Patch<>(
        Kinds.SECRETS,
        ObjectKey.of(token),
        "",
        PatchFormat.MERGE,
        patch.toString(),
        "nobody has used it for long");
  }

  private static Action deletion(Secret token) {
    return new Action.Delete<>(
        Kinds.SECRETS,
        ObjectKey.of(token),
        token.getMetadata().getUid(),
        token.getMetadata().getResourceVersion(),
        null,
        null,
        false,
        "nobody has missed it since it was marked");
  }

  private static @Nullable String label(Secret token, String name) {
    Map<String, String> labels = token.getMetadata().getLabels();
    return labels == null ? null : labels.get(name);
  }

  private static boolean isBefore(LocalDate date, Instant limit) {
    return date.isBefore(day(limit));
  }

  private static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  private static Optional<LocalDate> date(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }
}
