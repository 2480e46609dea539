package dev.kcm.core.plan;

import dev.kcm.core.object.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Plans in words, for explain, logs and tests.
 *
 * <p>Immutable.
 */
public final class PlanText {

  private PlanText() {}

  /** A plan, one line for each action with its reason; equal lines are told once with a count. */
  public static String of(Plan plan) {
    List<String> lines = new ArrayList<>();
    for (Stage stage : plan.stages()) {
      lines.addAll(linesOf(stage));
    }
    if (lines.isEmpty()) {
      lines.add("nothing to do");
    }
    lines.add(
        plan.then() == null
            ? of(plan.verdict())
            : "then: a further plan, made from the answers of the server");
    return String.join("\n", lines);
  }

  /** An action with its object and its reason, in one line. */
  public static String of(Action action) {
    return subject(action) + ": " + action.why();
  }

  /** An action with its object, without the reason. */
  public static String subject(Action action) {
    String target = action.accept(Target.INSTANCE);
    return verb(action) + " " + target;
  }

  /** The kind of an action as one lower-case word, for example {@code create}. */
  public static String verb(Action action) {
    return action.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** A verdict in words. */
  public static String of(Verdict verdict) {
    if (verdict instanceof Verdict.After after) {
      return "verdict: look again after %d ms%s"
          .formatted(
              after.delay().toMillis(),
              after.priority() == null ? "" : " with priority " + after.priority());
    }
    if (verdict instanceof Verdict.Retry retry) {
      return retry.retryAfter() == null
          ? "verdict: failed, retry with back-off: " + retry.why()
          : "verdict: failed, retry after " + retry.retryAfter().toMillis() + " ms: " + retry.why();
    }
    if (verdict instanceof Verdict.Drop drop) {
      return "verdict: failed for good: " + drop.why();
    }
    return "verdict: done";
  }

  private static List<String> linesOf(Stage stage) {
    Map<String, Integer> countByText = new LinkedHashMap<>();
    for (Action action : stage.actions()) {
      countByText.merge(of(action), 1, Integer::sum);
    }
    if (countByText.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(stage.order().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ":");
    countByText.forEach(
        (text, count) -> lines.add(count == 1 ? "  " + text : "  " + count + " x " + text));
    return lines;
  }

  /** What an action is about. */
  private enum Target implements Action.Visitor<String> {
    INSTANCE;

    @Override
    public String create(Action.Create<?> create) {
      var metadata = create.object().getMetadata();
      if (metadata.getName() == null && metadata.getGenerateName() == null) {
        // A review: a question that nothing is stored of.
        return create.type().qualifiedPlural();
      }
      String name =
          metadata.getName() == null ? metadata.getGenerateName() + "*" : metadata.getName();
      String namespace = metadata.getNamespace();
      return create.type().qualifiedPlural()
          + " "
          + (namespace == null || namespace.isEmpty() ? name : namespace + "/" + name);
    }

    @Override
    public String update(Action.Update<?> update) {
      return update.type().qualifiedPlural()
          + slash(update.subresource())
          + " "
          + ObjectKey.of(update.object());
    }

    @Override
    public String patch(Action.Patch<?> patch) {
      return patch.type().qualifiedPlural() + slash(patch.subresource()) + " " + patch.key();
    }

    @Override
    public String apply(Action.Apply<?> apply) {
      return apply.type().qualifiedPlural()
          + slash(apply.subresource())
          + " "
          + ObjectKey.of(apply.object());
    }

    @Override
    public String delete(Action.Delete<?> delete) {
      return delete.type().qualifiedPlural() + " " + delete.key();
    }

    @Override
    public String fetch(Action.Fetch<?> fetch) {
      return fetch.type().qualifiedPlural() + " " + fetch.key();
    }

    @Override
    public String deleteAll(Action.DeleteAll<?> deleteAll) {
      return deleteAll.type().qualifiedPlural() + " of " + deleteAll.namespace();
    }

    @Override
    public String fetchAll(Action.FetchAll<?> fetchAll) {
      return fetchAll.type().qualifiedPlural() + " of " + fetchAll.namespace();
    }

    @Override
    public String discover(Action.Discover discover) {
      return "the resources of the server";
    }

    @Override
    public String emit(Action.Emit emit) {
      return emit.severity().text() + " event " + emit.reason() + " \"" + emit.message() + "\"";
    }

    @Override
    public String enqueue(Action.Enqueue enqueue) {
      return enqueue.key()
          + (enqueue.delay().isZero() ? "" : " after " + enqueue.delay().toMillis() + " ms");
    }

    @Override
    public String measure(Action.Measure measure) {
      return measure.meter() + " " + (measure.isElapsed() ? "seconds taken" : measure.value());
    }

    private static String slash(String subresource) {
      return subresource.isEmpty() ? "" : "/" + subresource;
    }
  }
}
