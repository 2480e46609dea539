package dev.kcm.testkit;

import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.PlanText;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on a plan. An assertion that names actions selects them: {@link #because} and {@link
 * #inOrder} speak about the actions selected last. Failures show the whole plan.
 *
 * <p>Confined to the thread of the test.
 */
public final class PlanAssert extends AbstractAssert<PlanAssert, Plan> {

  private List<Action> selected = List.of();

  PlanAssert(Plan plan) {
    super(plan, PlanAssert.class);
  }

  /** There is nothing to do and nothing to wait for: the plan is {@link Plan#NOTHING}. */
  public PlanAssert doesNothing() {
    isNotNull();
    return check(actual.equals(Plan.NOTHING), "to do nothing at all");
  }

  /** There is no action; how it ends is left open. */
  public PlanAssert hasNoActions() {
    isNotNull();
    return check(actual.actions().isEmpty(), "to have no actions");
  }

  /** Exactly so many objects of a kind are created. */
  public PlanAssert creates(int count, Class<? extends HasMetadata> kind) {
    return select(count, "creations of " + kind.getSimpleName(), a -> isCreate(a, kind));
  }

  /** Exactly so many objects of a kind are deleted. */
  public PlanAssert deletes(int count, Class<? extends HasMetadata> kind) {
    return select(count, "deletions of " + kind.getSimpleName(), a -> isDelete(a, kind));
  }

  /** The objects of a kind with these names are deleted, in this order, and no others. */
  public PlanAssert deletes(Class<? extends HasMetadata> kind, String... names) {
    select(names.length, "deletions of " + kind.getSimpleName(), a -> isDelete(a, kind));
    List<String> deleted = selected.stream().map(a -> ((Action.Delete<?>) a).key().name()).toList();
    return check(deleted.equals(List.of(names)), "to delete " + List.of(names) + " in this order");
  }

  /** Exactly so many objects of a kind are patched. */
  public PlanAssert patches(int count, Class<? extends HasMetadata> kind) {
    return select(
        count,
        "patches of " + kind.getSimpleName(),
        a -> a instanceof Action.Patch<?> patch && isOf(patch.type(), kind));
  }

  /** An object of a kind is patched with exactly this body. */
  public PlanAssert patches(Class<? extends HasMetadata> kind, String body) {
    return select(
        1,
        "patches of " + kind.getSimpleName() + " with " + body,
        a -> a instanceof Action.Patch<?> p && isOf(p.type(), kind) && p.body().equals(body));
  }

  /** Objects of a kind are read from the server exactly so many times. */
  public PlanAssert fetches(int count, Class<? extends HasMetadata> kind) {
    return select(
        count,
        "reads of " + kind.getSimpleName(),
        a -> a instanceof Action.Fetch<?> fetch && isOf(fetch.type(), kind));
  }

  /** The status of objects of a kind is written exactly so many times. */
  public PlanAssert updatesStatus(int count, Class<? extends HasMetadata> kind) {
    return select(
        count,
        "status updates of " + kind.getSimpleName(),
        a ->
            a instanceof Action.Update<?> update
                && update.subresource().equals("status")
                && isOf(update.type(), kind));
  }

  /** Exactly so many events with this reason are recorded. */
  public PlanAssert emits(int count, String reason) {
    return select(
        count,
        "events " + reason,
        a -> a instanceof Action.Emit emit && emit.reason().equals(reason));
  }

  /** An event with this severity, reason and message is recorded. */
  public PlanAssert emits(Action.Severity severity, String reason, String message) {
    return select(
        1,
        severity.text() + " events " + reason + " \"" + message + "\"",
        a ->
            a instanceof Action.Emit emit
                && emit.severity() == severity
                && emit.reason().equals(reason)
                && emit.message().equals(message));
  }

  /** The actions selected last all have this reason. */
  public PlanAssert because(String why) {
    return check(
        selected.stream().allMatch(a -> a.why().equals(why)),
        "to give the reason \""
            + why
            + "\", but was: "
            + selected.stream().map(Action::why).toList());
  }

  /** The actions selected last all stand in stages of this order. */
  public PlanAssert inOrder(Stage.Order order) {
    List<Action> inSuchStages = new ArrayList<>();
    actual.stages().stream()
        .filter(stage -> stage.order() == order)
        .forEach(stage -> inSuchStages.addAll(stage.actions()));
    return check(inSuchStages.containsAll(selected), "to do this in order " + order);
  }

  /** It ends with this verdict. */
  public PlanAssert ends(Verdict verdict) {
    isNotNull();
    return check(actual.verdict().equals(verdict), "to end with " + PlanText.of(verdict));
  }

  /** The key is looked at again after this delay. */
  public PlanAssert looksAgainAfter(Duration delay) {
    return ends(Verdict.after(delay));
  }

  /** It ends with a retry whose text contains the given one. */
  public PlanAssert retriesBecause(String text) {
    isNotNull();
    return check(
        actual.verdict() instanceof Verdict.Retry retry && retry.why().contains(text),
        "to end with a retry because of \"" + text + "\"");
  }

  private PlanAssert select(int count, String what, Predicate<Action> which) {
    isNotNull();
    selected = actual.actions().stream().filter(which).toList();
    return check(
        selected.size() == count, "to have " + count + " " + what + ", but had " + selected.size());
  }

  private PlanAssert check(boolean holds, String expectation) {
    if (!holds) {
      throw failure("Expected the plan %s\n%s", expectation, PlanText.of(actual));
    }
    return this;
  }

  private static boolean isCreate(Action action, Class<? extends HasMetadata> kind) {
    return action instanceof Action.Create<?> create && isOf(create.type(), kind);
  }

  private static boolean isDelete(Action action, Class<? extends HasMetadata> kind) {
    return action instanceof Action.Delete<?> delete && isOf(delete.type(), kind);
  }

  private static boolean isOf(ResourceType<?> type, Class<? extends HasMetadata> kind) {
    return type.type().equals(kind);
  }
}
