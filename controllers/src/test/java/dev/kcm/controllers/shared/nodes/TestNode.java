package dev.kcm.controllers.shared.nodes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.time.Instant;
import java.util.Map;

/** Nodes for tests, described in one line. */
public final class TestNode {

  private NodeBuilder builder;

  private TestNode(NodeBuilder builder) {
    this.builder = builder;
  }

  public static TestNode named(String name) {
    return new TestNode(
        new NodeBuilder()
            .withNewMetadata()
            .withName(name)
            .withUid("uid-of-" + name)
            .withCreationTimestamp("2025-12-31T00:00:00Z")
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .withNewStatus()
            .endStatus());
  }

  public TestNode created(Instant time) {
    builder = builder.editMetadata().withCreationTimestamp(time.toString()).endMetadata();
    return this;
  }

  public TestNode uid(String uid) {
    builder = builder.editMetadata().withUid(uid).endMetadata();
    return this;
  }

  public TestNode deleting() {
    builder =
        builder
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .withFinalizers("laws.kcm.dev/keep")
            .endMetadata();
    return this;
  }

  public TestNode labels(Map<String, String> labels) {
    builder = builder.editMetadata().withLabels(labels).endMetadata();
    return this;
  }

  public TestNode label(String key, String value) {
    builder = builder.editMetadata().addToLabels(key, value).endMetadata();
    return this;
  }

  public TestNode taint(String key, String effect) {
    builder = builder.editSpec().addNewTaint(effect, key, null, null).endSpec();
    return this;
  }

  public TestNode taint(String key, String value, String effect) {
    builder = builder.editSpec().addNewTaint(effect, key, null, value).endSpec();
    return this;
  }

  public TestNode unschedulable() {
    builder = builder.editSpec().withUnschedulable(true).endSpec();
    return this;
  }

  public TestNode podCidrs(String... cidrs) {
    builder = builder.editSpec().withPodCIDR(cidrs[0]).withPodCIDRs(cidrs).endSpec();
    return this;
  }

  public TestNode ready(String status) {
    return condition("Ready", status, "2026-01-01T00:00:00Z");
  }

  public TestNode condition(String type, String status, String heartbeat) {
    builder =
        builder
            .editStatus()
            .removeMatchingFromConditions(c -> type.equals(c.getType()))
            .addNewCondition()
            .withType(type)
            .withStatus(status)
            .withReason("KubeletReason")
            .withMessage("kubelet says so")
            .withLastHeartbeatTime(heartbeat)
            .withLastTransitionTime("2026-01-01T00:00:00Z")
            .endCondition()
            .endStatus();
    return this;
  }

  public Node build() {
    return builder.build();
  }
}
