package dev.kcm.controllers.shared.services;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import java.util.Map;

/** Services for tests: {@code web} in namespace {@code shop}, selecting {@code app: web}. */
public final class TestService {

  private ServiceBuilder builder;

  private TestService(ServiceBuilder builder) {
    this.builder = builder;
  }

  public static TestService web() {
    return named("web");
  }

  public static TestService named(String name) {
    return new TestService(
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName(name)
            .withUid("uid-of-" + name)
            .withCreationTimestamp("2025-12-31T00:00:00Z")
            .endMetadata()
            .withNewSpec()
            .withClusterIP("10.96.0.1")
            .withIpFamilies("IPv4")
            .withSelector(Map.of("app", "web"))
            .endSpec());
  }

  public TestService port(String name, int port, int target) {
    return port(name, port, new IntOrString(target), "TCP");
  }

  public TestService port(String name, int port, IntOrString target, String protocol) {
    builder =
        builder
            .editSpec()
            .addNewPort()
            .withName(name)
            .withPort(port)
            .withTargetPort(target)
            .withProtocol(protocol)
            .endPort()
            .endSpec();
    return this;
  }

  public TestService clusterIp(String ip) {
    builder = builder.editSpec().withClusterIP(ip).endSpec();
    return this;
  }

  public TestService families(String... families) {
    builder = builder.editSpec().withIpFamilies(List.of(families)).endSpec();
    return this;
  }

  public TestService selecting(Map<String, String> selector) {
    builder = builder.editSpec().withSelector(selector).endSpec();
    return this;
  }

  public TestService type(String type) {
    builder = builder.editSpec().withType(type).endSpec();
    return this;
  }

  public TestService publishingNotReady() {
    builder = builder.editSpec().withPublishNotReadyAddresses(true).endSpec();
    return this;
  }

  public TestService labels(Map<String, String> labels) {
    builder = builder.editMetadata().withLabels(labels).endMetadata();
    return this;
  }

  public TestService annotation(String key, String value) {
    builder = builder.editMetadata().addToAnnotations(key, value).endMetadata();
    return this;
  }

  public TestService distributing(String traffic) {
    builder = builder.editSpec().withTrafficDistribution(traffic).endSpec();
    return this;
  }

  public TestService deletedAt(String time) {
    builder =
        builder
            .editMetadata()
            .withDeletionTimestamp(time)
            .withFinalizers("test.dev/keep")
            .endMetadata();
    return this;
  }

  public Service build() {
    return builder.build();
  }
}
