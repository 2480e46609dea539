package dev.kcm.controllers.shared.pods;

import dev.kcm.core.object.OwnerReferences;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.Map;

/** Pods for tests, named and running in namespace {@code shop}, described in one line. */
public final class TestPod {

  private PodBuilder builder;

  private TestPod(PodBuilder builder) {
    this.builder = builder;
  }

  public static TestPod named(String name) {
    return new TestPod(
        new PodBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName(name)
            .withUid("uid-of-" + name)
            .withCreationTimestamp("2025-12-31T00:00:00Z")
            .endMetadata()
            .withNewSpec()
            .withNodeName("node-1")
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .endStatus());
  }

  public TestPod of(HasMetadata owner, ResourceType<?> type) {
    builder =
        builder
            .editMetadata()
            .withOwnerReferences(OwnerReferences.controllerReference(owner, type))
            .endMetadata();
    return this;
  }

  public TestPod labels(Map<String, String> labels) {
    builder = builder.editMetadata().withLabels(labels).endMetadata();
    return this;
  }

  public TestPod annotation(String key, String value) {
    builder = builder.editMetadata().addToAnnotations(key, value).endMetadata();
    return this;
  }

  public TestPod uid(String uid) {
    builder = builder.editMetadata().withUid(uid).endMetadata();
    return this;
  }

  public TestPod version(String version) {
    builder = builder.editMetadata().withResourceVersion(version).endMetadata();
    return this;
  }

  public TestPod namespace(String namespace) {
    builder = builder.editMetadata().withNamespace(namespace).endMetadata();
    return this;
  }

  public TestPod created(Instant time) {
    String text = time == null ? null : time.toString();
    builder = builder.editMetadata().withCreationTimestamp(text).endMetadata();
    return this;
  }

  public TestPod deletedAt(Instant time) {
    builder = builder.editMetadata().withDeletionTimestamp(time.toString()).endMetadata();
    return this;
  }

  public TestPod phase(String phase) {
    builder = builder.editStatus().withPhase(phase).endStatus();
    return this;
  }

  public TestPod node(String node) {
    builder = builder.editSpec().withNodeName(node).endSpec();
    return this;
  }

  public TestPod tolerates(String key, String effect, Long seconds) {
    builder = builder.editSpec().addNewToleration(effect, key, "Exists", seconds, null).endSpec();
    return this;
  }

  public TestPod readySince(Instant time) {
    String text = time == null ? null : time.toString();
    builder =
        builder
            .editStatus()
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .withLastTransitionTime(text)
            .endCondition()
            .endStatus();
    return this;
  }

  public TestPod ip(String... ips) {
    builder = builder.editStatus().withPodIP(ips[0]).endStatus();
    for (String ip : ips) {
      builder = builder.editStatus().addNewPodIP(ip).endStatus();
    }
    return this;
  }

  public TestPod notReadySince(Instant time) {
    builder =
        builder
            .editStatus()
            .addNewCondition()
            .withType("Ready")
            .withStatus("False")
            .withLastTransitionTime(time.toString())
            .endCondition()
            .endStatus();
    return this;
  }

  public TestPod containerPort(String name, int port, String protocol) {
    builder =
        builder
            .editSpec()
            .addNewContainer()
            .withName("c" + port)
            .addNewPort()
            .withName(name)
            .withContainerPort(port)
            .withProtocol(protocol)
            .endPort()
            .endContainer()
            .endSpec();
    return this;
  }

  public TestPod sidecarPort(String name, int port) {
    builder =
        builder
            .editSpec()
            .addNewInitContainer()
            .withName("s" + port)
            .withRestartPolicy("Always")
            .addNewPort()
            .withName(name)
            .withContainerPort(port)
            .withProtocol("TCP")
            .endPort()
            .endInitContainer()
            .endSpec();
    return this;
  }

  public TestPod host(String hostname, String subdomain) {
    builder = builder.editSpec().withHostname(hostname).withSubdomain(subdomain).endSpec();
    return this;
  }

  public TestPod restarts(int... counts) {
    for (int count : counts) {
      builder =
          builder
              .editStatus()
              .addNewContainerStatus()
              .withRestartCount(count)
              .endContainerStatus()
              .endStatus();
    }
    return this;
  }

  public TestPod sidecarRestarts(int count) {
    builder =
        builder
            .editSpec()
            .addNewInitContainer()
            .withName("sidecar")
            .withRestartPolicy("Always")
            .endInitContainer()
            .endSpec()
            .editStatus()
            .addNewInitContainerStatus()
            .withName("sidecar")
            .withRestartCount(count)
            .endInitContainerStatus()
            .endStatus();
    return this;
  }

  public Pod build() {
    return builder.build();
  }
}
