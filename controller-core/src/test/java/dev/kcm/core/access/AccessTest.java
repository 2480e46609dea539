package dev.kcm.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import org.junit.jupiter.api.Test;

class AccessTest {

  private static final ResourceType<ConfigMap> MAPS = ResourceType.of(ConfigMap.class);
  private static final ResourceType<ReplicaSet> SETS = ResourceType.of(ReplicaSet.class);
  private static final ObjectKey ANY = new ObjectKey("default", "any");

  @Test
  void saysOneThingAfterTheOther() {
    Access access = Access.to(MAPS).watch("what is there").create("missing ones");

    assertThat(access.grants())
        .extracting(grant -> grant.verbs() + " " + grant.why())
        .containsExactly("[list, watch] what is there", "[create] missing ones");
    assertThat(access.namespaced()).isTrue();
    assertThat(Access.to(ResourceType.of(Node.class)).namespaced()).isFalse();
  }

  @Test
  void namesResourcesAsTheServerDoes() {
    assertThat(Access.to(MAPS).qualifiedResource()).isEqualTo("configmaps");
    assertThat(Access.to(SETS).qualifiedResource()).isEqualTo("replicasets.apps");
    assertThat(Access.to(SETS, "status").qualifiedResource()).isEqualTo("replicasets.apps/status");
  }

  @Test
  void coversWhatItSaysAndNothingElse() {
    Access access = Access.to(SETS).get("the live owner");

    assertThat(access.covers("get", "apps", "replicasets", ANY)).isTrue();
    assertThat(access.covers("list", "apps", "replicasets", ANY)).isFalse();
    assertThat(access.covers("get", "", "replicasets", ANY)).isFalse();
    assertThat(access.covers("get", "apps", "replicasets/status", ANY)).isFalse();
  }

  @Test
  void coversOnlyItsNamespacesAndNames() {
    Access access = Access.to(MAPS).in("kube-public").named("info").watch("it").update("it");

    assertThat(access.covers("update", "", "configmaps", new ObjectKey("kube-public", "info")))
        .isTrue();
    assertThat(access.covers("update", "", "configmaps", new ObjectKey("kube-public", "other")))
        .isFalse();
    assertThat(access.covers("update", "", "configmaps", new ObjectKey("default", "info")))
        .isFalse();
    assertThat(access.covers("watch", "", "configmaps", new ObjectKey("kube-public", "")))
        .as("it may select the name")
        .isTrue();
  }

  @Test
  void starsStandForEverything() {
    Access access = Access.to(Access.ALL, Access.ALL).with("the content", "delete", "list");

    assertThat(access.covers("delete", "apps", "replicasets", ANY)).isTrue();
    assertThat(access.covers("get", "apps", "replicasets", ANY)).isFalse();
  }

  @Test
  void refusesWhatSaysNothing() {
    assertThatThrownBy(() -> Access.to(MAPS).watch(" "))
        .hasMessage(
            "verbs [list, watch] for \" \", allowed: one verb or more, and a reason for them");
    assertThatThrownBy(() -> Access.to("", ""))
        .hasMessage(
            "the resource of an access is \"\", allowed: a plural name, with /subresource for one");
  }
}
