package dev.kcm.core.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.access.Access;
import dev.kcm.core.access.Roles;
import dev.kcm.core.informer.NamespaceSet;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorRolesTest {

  private static final ControllerSpec COUNTING =
      ControllerSpec.named("counting")
          .access(
              Access.to(ResourceType.of(Pod.class)).watch("what to count"),
              Access.to(ResourceType.of(Node.class)).watch("where they are"),
              Access.toRecordEvents())
          .wiredBy(context -> List.of());

  private static Operator.Builder operator() {
    return Operator.named("counter").controllers(COUNTING);
  }

  @Test
  void withoutMoreTheyAreWhatControllersDeclare() {
    Roles roles = operator().roles("operators");

    assertThat(roles.account()).hasToString("operators/counter");
    assertThat(roles.namespaces()).isEmpty();
    assertThat(roles.rules())
        .extracting(OperatorRolesTest::text)
        .containsExactly("events: create, patch", "nodes, pods: list, watch");
  }

  @Test
  void theElectionNeedsItsLease() {
    Roles roles = operator().leaderElection("locks").roles("operators");

    assertThat(roles.namespaces()).containsExactly("locks");
    assertThat(roles.rules("locks"))
        .extracting(OperatorRolesTest::text)
        .containsExactly("leases: create", "leases [counter]: get, update, watch");
  }

  @Test
  void namespacesOfTheOperatorGetRolesAndResourcesWithoutOneAClusterRole() {
    Roles roles = operator().namespaces(NamespaceSet.of(List.of("a", "b"))).roles("operators");

    assertThat(roles.rules())
        .extracting(OperatorRolesTest::text)
        .containsExactly("nodes: list, watch");
    assertThat(roles.namespaces()).containsExactly("a", "b");
    assertThat(roles.rules("a"))
        .extracting(OperatorRolesTest::text)
        .containsExactly("events: create, patch", "pods: list, watch");
  }

  @Test
  void namespacesThatMayChangeNeedTheWholeCluster() {
    Roles roles = operator().namespaces(NamespaceSet.changing(List.of("a"))).roles("operators");

    assertThat(roles.namespaces()).isEmpty();
  }

  @Test
  void settingsThatAskForMoreAreCounted() {
    Roles roles = operator().followDefinitions().eventSeries("pod-1").roles("operators");

    assertThat(roles.rules())
        .extracting(rule -> rule.getApiGroups() + " " + text(rule))
        .contains(
            "[events.k8s.io] events: create, patch",
            "[apiextensions.k8s.io] customresourcedefinitions: list, watch");
  }

  @Test
  void aControllerThatDeclaresNothingIsNamed() {
    ControllerSpec silent = ControllerSpec.named("silent").wiredBy(context -> List.of());

    assertThatThrownBy(() -> operator().controllers(silent).roles("operators"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("operator counter: controller silent declares no access, so no role fits it");
  }

  private static String text(PolicyRule rule) {
    return String.join(", ", rule.getResources())
        + (rule.getResourceNames().isEmpty() ? "" : " " + rule.getResourceNames())
        + ": "
        + String.join(", ", rule.getVerbs());
  }
}
