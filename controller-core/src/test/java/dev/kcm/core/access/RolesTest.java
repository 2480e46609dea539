package dev.kcm.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolesTest {

  private static final ResourceType<ConfigMap> MAPS = ResourceType.of(ConfigMap.class);
  private static final ResourceType<Secret> SECRETS = ResourceType.of(Secret.class);
  private static final ResourceType<Pod> PODS = ResourceType.of(Pod.class);
  private static final ResourceType<ReplicaSet> SETS = ResourceType.of(ReplicaSet.class);
  private static final ObjectKey ACCOUNT = new ObjectKey("operators", "greeter");

  private static Roles roles(Access... accesses) {
    return Roles.of("greeter", ACCOUNT, List.of(accesses));
  }

  @Test
  void verbsOfAResourceAndResourcesOfTheSameVerbsComeTogether() {
    Roles roles =
        roles(
            Access.to(SETS).watch("sets"),
            Access.to(PODS).watch("pods"),
            Access.to(MAPS).update("a map"),
            Access.to(MAPS).watch("maps"),
            Access.to(SECRETS).watch("secrets"));

    assertThat(roles.rules())
        .extracting(RolesTest::text)
        .containsExactly(
            "[] [configmaps] [] [list, update, watch]",
            "[] [pods, secrets] [] [list, watch]",
            "[apps] [replicasets] [] [list, watch]");
  }

  @Test
  void orderMakesNoDifference() {
    List<Access> accesses =
        new ArrayList<>(
            List.of(
                Access.to(SETS).watch("a"),
                Access.to(PODS).watch("b").delete("c"),
                Access.to(MAPS).in("x", "y").named("n", "m").get("d"),
                Access.toRecordEvents()));
    String text = Roles.of("greeter", ACCOUNT, accesses).yaml();
    Collections.reverse(accesses);

    assertThat(Roles.of("greeter", ACCOUNT, accesses).yaml()).isEqualTo(text);
  }

  @Test
  void whatIsAllowedWithAllIsNotSaidOfSome() {
    Roles roles =
        roles(
            Access.to(MAPS).named("info").get("it").update("it"),
            Access.to(MAPS).get("any of them"));

    assertThat(roles.rules())
        .extracting(RolesTest::text)
        .containsExactly("[] [configmaps] [] [get]", "[] [configmaps] [info] [update]");
  }

  @Test
  void namespacesGetRolesOfTheirOwn() {
    Roles roles = roles(Access.to(PODS).watch("all"), Access.to(MAPS).in("b", "a").update("some"));

    assertThat(roles.objects())
        .extracting(RolesTest::text)
        .containsExactly(
            "ClusterRole null/greeter",
            "ClusterRoleBinding null/greeter",
            "Role a/greeter",
            "RoleBinding a/greeter",
            "Role b/greeter",
            "RoleBinding b/greeter");
  }

  @Test
  void nothingForTheClusterMakesNoClusterRole() {
    assertThat(roles(Access.to(MAPS).in("a").get("one")).objects())
        .extracting(HasMetadata::getKind)
        .containsExactly("Role", "RoleBinding");
  }

  @Test
  void theTextCanBeApplied() {
    assertThat(roles(Access.to(MAPS).get("one")).yaml())
        .isEqualTo(
            """
            ---
            apiVersion: "v1"
            kind: "ServiceAccount"
            metadata:
              name: "greeter"
              namespace: "operators"
            ---
            apiVersion: "rbac.authorization.k8s.io/v1"
            kind: "ClusterRole"
            metadata:
              name: "greeter"
            rules:
            - apiGroups:
              - ""
              resources:
              - "configmaps"
              verbs:
              - "get"
            ---
            apiVersion: "rbac.authorization.k8s.io/v1"
            kind: "ClusterRoleBinding"
            metadata:
              name: "greeter"
            roleRef:
              kind: "ClusterRole"
              apiGroup: "rbac.authorization.k8s.io"
              name: "greeter"
            subjects:
            - kind: "ServiceAccount"
              name: "greeter"
              namespace: "operators"
            """);
  }

  @Test
  void refusesAnAccountWithoutANamespace() {
    assertThatThrownBy(() -> Roles.of("greeter", new ObjectKey("", "greeter"), List.of()))
        .hasMessage(
            "roles \"greeter\" of the account \"greeter\", allowed: a name, and an account in a"
                + " namespace");
  }

  private static String text(PolicyRule rule) {
    return rule.getApiGroups().stream().filter(group -> !group.isEmpty()).toList()
        + " "
        + rule.getResources()
        + " "
        + rule.getResourceNames()
        + " "
        + rule.getVerbs();
  }

  private static String text(HasMetadata object) {
    return object.getKind()
        + " "
        + object.getMetadata().getNamespace()
        + "/"
        + object.getMetadata().getName();
  }
}
