package dev.kcm.controllers.lifecycle.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Verdict;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceReconcilerTest {

  private static final String GET = "fetch namespaces shop";
  private static final String STATUS = "update namespaces/status shop";
  private static final String FINALIZE = "update namespaces/finalize shop";
  private static final String DISCOVER = "discover the resources of the server";

  private final ScriptedNamespace shop = ScriptedNamespace.empty();

  @Test
  @DisplayName("Active namespace: exactly one get")
  void looksAtAnActiveNamespaceOnce() {
    shop.namespace.getMetadata().setDeletionTimestamp(null);
    assertThat(shop.run().verdict()).isEqualTo(Verdict.DONE);
    assertThat(shop.calls).containsExactly(GET);
  }

  @Test
  @DisplayName("Already finalised: a single get, whatever discovery would say")
  void looksAtAReleasedNamespaceOnce() {
    shop.notDiscovering("a/v1", "down").namespace.getSpec().setFinalizers(List.of());
    assertThat(shop.run().verdict()).isEqualTo(Verdict.DONE);
    assertThat(shop.calls).containsExactly(GET);
  }

  @Test
  void aNamespaceThatIsGoneIsDone() {
    shop.failing(GET, 404, "not found");
    assertThat(shop.run().verdict()).isEqualTo(Verdict.DONE);
  }

  @Test
  @DisplayName("Pending: get, list pods, delete and list each resource, status, finalize")
  void emptiesPodsFirstThenTheRestThenReleases() {
    shop.holding("pods", "p").holding("configmaps", "c");
    Rehearsal run = shop.run();
    assertThat(shop.calls)
        .containsExactly(
            GET,
            DISCOVER,
            "fetchall pods",
            "deleteall pods",
            "fetchall pods",
            "deleteall configmaps",
            "fetchall configmaps",
            STATUS,
            FINALIZE);
    assertThat(run.verdict()).isEqualTo(Verdict.DONE);
    assertThat(run.tried(Action.DeleteAll.class))
        .allSatisfy(deletion -> assertThat(deletion.propagation()).isEqualTo("Background"));
  }

  @Test
  void marksANamespaceWhosePhaseIsBehind() {
    shop.namespace.getStatus().setPhase("Active");
    shop.run();
    assertThat(shop.calls.subList(0, 3)).containsExactly(GET, STATUS, DISCOVER);
    assertThat(shop.namespace.getStatus().getPhase()).isEqualTo("Terminating");
  }

  @Test
  @DisplayName("Conflict: tried again, from a live get")
  void triesAgainAfterAConflict() {
    shop.failing(STATUS, 409, "modified").namespace.getStatus().setPhase("Active");
    assertThat(shop.run().verdict()).isEqualTo(Verdict.retry("modified"));
    assertThat(shop.calls).containsExactly(GET, STATUS);
  }

  @Test
  void aConflictOfTheReleaseIsTriedAgain() {
    shop.failing(FINALIZE, 409, "modified");
    assertThat(shop.run().verdict()).isEqualTo(Verdict.retry("modified"));
  }

  @Test
  void aReleaseThatSomebodyElseMadeIsDone() {
    shop.failing(FINALIZE, 404, "gone");
    assertThat(shop.run().verdict()).isEqualTo(Verdict.DONE);
  }

  @Test
  @DisplayName("Finalize strips only our token, sorts the rest, and sends no status")
  void releasesOnlyItsOwnHold() {
    shop.namespace.getSpec().setFinalizers(List.of("z.dev/z", "kubernetes", "a.dev/a", "z.dev/z"));
    Rehearsal run = shop.run();
    List<Namespace> sent =
        run.tried(Action.Update.class).stream()
            .filter(update -> update.subresource().equals("finalize"))
            .map(update -> (Namespace) update.object())
            .toList();
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).getSpec().getFinalizers()).containsExactly("a.dev/a", "z.dev/z");
    assertThat(sent.get(0).getStatus()).isNull();
    assertThat(sent.get(0).getMetadata().getResourceVersion()).isEqualTo("71");
  }

  @Test
  @DisplayName("Discovery error and pending: content is deleted, the condition set, no finalize")
  void deletesWhatItKnowsButDoesNotReleaseWhatItDoesNotKnow() {
    shop.holding("configmaps", "c").notDiscovering("b.dev/v1", "down").notDiscovering("a/v1", "x");
    Rehearsal run = shop.run();
    assertThat(shop.calls).contains("deleteall configmaps").doesNotContain(FINALIZE);
    String error = "unable to retrieve the complete list of server APIs: a/v1: x, b.dev/v1: down";
    assertThat(run.verdict())
        .isEqualTo(Verdict.retry("deletion of namespace shop failed: " + error));
    assertThat(shop.condition("NamespaceDeletionDiscoveryFailure"))
        .satisfies(condition -> assertThat(condition.getStatus()).isEqualTo("True"))
        .satisfies(condition -> assertThat(condition.getReason()).isEqualTo("DiscoveryFailed"))
        .satisfies(
            condition ->
                assertThat(condition.getMessage())
                    .isEqualTo("Discovery failed for some groups, 2 failing: " + error));
  }

  @Test
  void aDiscoveryThatFailsAltogetherReleasesNothing() {
    shop.failing(DISCOVER, 500, "no discovery today");
    assertThat(shop.run().verdict())
        .isEqualTo(Verdict.retry("deletion of namespace shop failed: no discovery today"));
    assertThat(shop.calls).containsExactly(GET, DISCOVER, STATUS);
    assertThat(shop.condition("NamespaceDeletionDiscoveryFailure").getMessage())
        .isEqualTo("no discovery today");
  }

  @Test
  void aServerThatNamesNothingReleasesNothing() {
    shop.servingNothing();
    assertThat(shop.run().verdict())
        .isEqualTo(
            Verdict.retry("deletion of namespace shop failed: the server names no resources"));
    assertThat(shop.calls).containsExactly(GET, DISCOVER, STATUS);
  }

  @Test
  void anUnreadableGroupVersionHoldsTheReleaseButNotTheDeletion() {
    shop.holding("configmaps", "c").unreadable("a/b/c");
    shop.run();
    assertThat(shop.calls).contains("deleteall configmaps").doesNotContain(FINALIZE);
    assertThat(shop.condition("NamespaceDeletionGroupVersionParsingFailure"))
        .satisfies(
            condition -> assertThat(condition.getReason()).isEqualTo("GroupVersionParsingFailed"))
        .satisfies(
            condition ->
                assertThat(condition.getMessage())
                    .isEqualTo("unexpected GroupVersion string: a/b/c"));
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405})
  @DisplayName("404 on deletecollection: delete one by one; the next pass tries the whole again")
  void deletesOneByOneWhereTheServerCannotDeleteAll(int code) {
    shop.holding("configmaps", "c").holding("configmaps", "d");
    shop.failing("deleteall configmaps", code, "cannot");
    Rehearsal run = shop.run();
    assertThat(shop.calls)
        .containsSubsequence(
            "deleteall configmaps",
            "fetchall configmaps",
            "delete configmaps shop/c",
            "delete configmaps shop/d",
            "fetchall configmaps",
            FINALIZE);
    assertThat(run.tried(Action.Delete.class))
        .extracting(deletion -> deletion.uid() + " " + deletion.propagation())
        .containsExactly("uid-of-c Background", "uid-of-d Background");
    shop.run();
    assertThat(shop.calls).contains("deleteall configmaps");
  }

  @Test
  void doesNotTryWhatDiscoverySaysIsUnsupported() {
    shop.serving("", "configmaps", Set.of("delete", "list")).holding("configmaps", "c");
    shop.run();
    assertThat(shop.calls)
        .doesNotContain("deleteall configmaps")
        .contains("delete configmaps shop/c", FINALIZE);
  }

  @Test
  void leavesAloneWhatCannotBeDeletedOrIsInNoNamespace() {
    shop.serving("", "bindings", Set.of("create", "list"));
    shop.run();
    assertThat(shop.calls).noneMatch(call -> call.contains("bindings"));
  }

  @Test
  void aResourceThatCannotBeListedIsTakenForEmpty() {
    shop.serving("", "secrets", Set.of("delete", "deletecollection"));
    shop.failing("fetchall configmaps", 405, "cannot");
    assertThat(shop.run().verdict()).isEqualTo(Verdict.DONE);
    assertThat(shop.calls).contains("deleteall secrets", FINALIZE);
  }

  @ParameterizedTest
  @CsvSource({"404, true", "405, true", "409, true", "500, false"})
  void ofSingleDeletionsOnlyRealErrorsCount(int code, boolean released) {
    shop.holding("configmaps", "c").failing("deleteall configmaps", 405, "cannot");
    shop.failing("delete configmaps shop/c", code, "no");
    shop.run();
    // Whatever the answer was, it is still there.
    assertThat(shop.calls).doesNotContain(FINALIZE);
    assertThat(shop.condition("NamespaceDeletionContentFailure").getMessage())
        .isEqualTo(
            released
                ? "Failed to delete all resource types, 1 remaining: unexpected items still remain"
                    + " in namespace: shop for gvr: /v1, Resource=configmaps"
                : "Failed to delete all resource types, 1 remaining: no");
  }

  @Test
  void oneErrorDoesNotStopTheOthers() {
    shop.serving("apps", "replicasets", Set.of("delete", "deletecollection", "list"))
        .failing("deleteall configmaps", 500, "b")
        .failing("fetchall replicasets.apps", 500, "a");
    assertThat(shop.run().verdict())
        .isEqualTo(Verdict.retry("deletion of namespace shop failed: [b, a]"));
    assertThat(shop.condition("NamespaceDeletionContentFailure").getMessage())
        .isEqualTo("Failed to delete all resource types, 2 remaining: a, b");
  }

  @Test
  @DisplayName("Pods remain: nothing else is touched; looks again after half their grace period")
  void waitsForPods() {
    shop.holdingPod("p", 30, "Running").holdingPod("q", 90, "Succeeded").holding("configmaps", "c");
    assertThat(shop.run().verdict()).isEqualTo(Verdict.after(Duration.ofSeconds(16)));
    assertThat(shop.calls).doesNotContain("deleteall configmaps", FINALIZE);
    assertThat(shop.condition("NamespaceContentRemaining").getMessage())
        .isEqualTo("Some resources are remaining: pods. has 2 resource instances");
  }

  @Test
  @DisplayName("The grace period is over: pods that remain are an error, not an estimate")
  void podsThatStayTooLongAreAnError() {
    shop.holdingPod("p", 30, "Running");
    shop.namespace
        .getMetadata()
        .setDeletionTimestamp(ScriptedNamespace.NOW.minusSeconds(29).toString());
    assertThat(shop.run().verdict())
        .isEqualTo(
            Verdict.retry(
                "deletion of namespace shop failed: unexpected items still remain in namespace:"
                    + " shop for gvr: /v1, Resource=pods"));
  }

  @Test
  void waitsFifteenSecondsForFinalizers() {
    shop.holding("configmaps", "c", "x.dev/hold", "a.dev/hold")
        .holding("configmaps", "d", "x.dev/hold");
    assertThat(shop.run().verdict()).isEqualTo(Verdict.after(Duration.ofSeconds(8)));
    assertThat(shop.condition("NamespaceFinalizersRemaining").getMessage())
        .isEqualTo(
            "Some content in the namespace has finalizers remaining: a.dev/hold in 1 resource"
                + " instances, x.dev/hold in 2 resource instances");
    assertThat(shop.condition("NamespaceContentRemaining").getMessage())
        .isEqualTo("Some resources are remaining: configmaps. has 2 resource instances");
  }

  @Test
  void contentWithoutFinalizersShouldBeGone() {
    shop.holding("configmaps", "c").keepingAll();
    assertThat(shop.run().verdict()).isInstanceOf(Verdict.Retry.class);
    assertThat(shop.condition("NamespaceFinalizersRemaining").getReason())
        .isEqualTo("ContentHasNoFinalizers");
  }

  @Test
  void aStatusThatCannotBeWrittenDoesNotHoldTheRelease() {
    shop.failing(STATUS, 409, "modified");
    assertThat(shop.run().verdict()).isEqualTo(Verdict.DONE);
    assertThat(shop.calls).endsWith(STATUS, FINALIZE);
  }

  @Test
  void conditionsThatSayTheSameAreNotWrittenAgain() {
    shop.holding("configmaps", "c", "x.dev/hold");
    shop.run();
    shop.run();
    assertThat(shop.calls).doesNotContain(STATUS);
  }

  @Test
  void podsThatCannotBeListedDoNotHideTheRest() {
    shop.failing("fetchall pods", 500, "no pods today").holding("configmaps", "c");
    assertThat(shop.run().verdict())
        .isEqualTo(Verdict.retry("deletion of namespace shop failed: no pods today"));
    assertThat(shop.calls).contains("deleteall configmaps").doesNotContain("deleteall pods");
  }

  @Test
  void theSpecMayBeMissing() {
    shop.namespace = new NamespaceBuilder(shop.namespace).withSpec(null).build();
    assertThat(shop.run().verdict()).isEqualTo(Verdict.DONE);
    assertThat(shop.calls).containsExactly(GET);
  }
}
