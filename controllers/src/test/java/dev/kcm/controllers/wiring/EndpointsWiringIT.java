package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.Statuses;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The controllers that write endpoints on real threads against the embedded API server. */
class EndpointsWiringIT {

  private final RunningManager manager =
      RunningManager.of(
          CatalogConfig.defaults(),
          "endpoints-controller",
          "endpointslice-controller",
          "endpointslice-mirroring-controller");

  @AfterEach
  void stop() {
    manager.close();
  }

  @Test
  void endpointsFollowThePodsAndEndWithTheService() {
    manager.create(Kinds.SERVICES, service());
    runPod("a", "10.1.0.1", "True");
    runPod("b", "10.1.0.2", "False");
    await().until(() -> listed(EndpointSubset::getAddresses).equals(List.of("10.1.0.1")));
    await().until(() -> listed(EndpointSubset::getNotReadyAddresses).equals(List.of("10.1.0.2")));

    manager.delete(PodStates.TYPE, "default", "a");
    await().until(() -> listed(EndpointSubset::getAddresses).isEmpty());

    manager.delete(Kinds.SERVICES, "default", "web");
    await().until(() -> manager.get(Kinds.ENDPOINTS, "default", "web").isEmpty());
  }

  @Test
  void deletedAndEditedEndpointsArePutBackAndAFailedWriteIsMadeUpFor() {
    manager
        .faults
        .on(ApiRequest.Verb.CREATE, "endpoints")
        .call(1)
        .fail(() -> Statuses.serviceUnavailable("not now"));
    manager.create(Kinds.SERVICES, service());
    runPod("a", "10.1.0.1", "True");
    await().until(() -> listed(EndpointSubset::getAddresses).equals(List.of("10.1.0.1")));

    manager.delete(Kinds.ENDPOINTS, "default", "web");
    await().until(() -> listed(EndpointSubset::getAddresses).equals(List.of("10.1.0.1")));

    manager.merge(Kinds.ENDPOINTS, "default", "web", "{\"subsets\":[]}");
    await().until(() -> listed(EndpointSubset::getAddresses).equals(List.of("10.1.0.1")));
    Endpoints endpoints = manager.get(Kinds.ENDPOINTS, "default", "web").orElseThrow();
    assertThat(endpoints.getMetadata().getLabels())
        .containsEntry("endpoints.kubernetes.io/managed-by", "endpoint-controller");
  }

  @Test
  void slicesFollowThePodsAndArePutBack() {
    manager.create(
        Kinds.NODES, new NodeBuilder().withNewMetadata().withName("n").endMetadata().build());
    manager.create(Kinds.SERVICES, service());
    await().until(() -> slices().size() == 1);
    runPod("a", "10.1.0.1", "True");
    runPod("b", "10.1.0.2", "True");
    await().until(() -> sliced().equals(Set.of("10.1.0.1", "10.1.0.2")));

    manager.delete(Kinds.ENDPOINT_SLICES, "default", slices().get(0).getMetadata().getName());
    await().until(() -> sliced().equals(Set.of("10.1.0.1", "10.1.0.2")));

    manager.delete(PodStates.TYPE, "default", "a");
    await().until(() -> sliced().equals(Set.of("10.1.0.2")));
    assertThat(slices())
        .singleElement()
        .satisfies(
            slice ->
                assertThat(slice.getMetadata().getLabels())
                    .containsEntry("kubernetes.io/service-name", "web"));
  }

  @Test
  void endpointsOfUsersAreMirroredUntilTheyGo() {
    Service withoutSelector =
        new ServiceBuilder(service()).editSpec().withSelector(Map.of()).endSpec().build();
    manager.create(Kinds.SERVICES, withoutSelector);
    manager.create(
        Kinds.ENDPOINTS,
        new EndpointsBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("web")
            .endMetadata()
            .addNewSubset()
            .addNewAddress()
            .withIp("192.0.2.1")
            .endAddress()
            .addNewPort()
            .withPort(80)
            .endPort()
            .endSubset()
            .build());
    await().until(() -> slices().size() == 1);
    assertThat(slices().get(0).getEndpoints().get(0).getAddresses()).containsExactly("192.0.2.1");

    manager.delete(Kinds.ENDPOINTS, "default", "web");
    await().until(() -> slices().isEmpty());
  }

  private List<EndpointSlice> slices() {
    return manager.list(Kinds.ENDPOINT_SLICES, "default");
  }

  private Set<String> sliced() {
    return slices().stream()
        .flatMap(slice -> slice.getEndpoints().stream())
        .filter(endpoint -> Boolean.FALSE.equals(endpoint.getConditions().getTerminating()))
        .flatMap(endpoint -> endpoint.getAddresses().stream())
        .collect(Collectors.toSet());
  }

  private List<String> listed(Function<EndpointSubset, List<EndpointAddress>> part) {
    return manager.get(Kinds.ENDPOINTS, "default", "web").stream()
        .flatMap(endpoints -> endpoints.getSubsets().stream())
        .flatMap(subset -> part.apply(subset).stream())
        .map(EndpointAddress::getIp)
        .toList();
  }

  private void runPod(String name, String ip, String ready) {
    Pod pod =
        manager.create(
            PodStates.TYPE,
            new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withLabels(Map.of("app", "web"))
                .endMetadata()
                .withNewSpec()
                .withNodeName("n")
                .addNewContainer()
                .withName("c")
                .withImage("nginx")
                .endContainer()
                .endSpec()
                .build());
    manager.updateStatus(
        PodStates.TYPE,
        new PodBuilder(pod)
            .withNewStatus()
            .withPhase("Running")
            .withPodIP(ip)
            .addNewPodIP(ip)
            .addNewCondition()
            .withType("Ready")
            .withStatus(ready)
            .withLastTransitionTime("2026-01-01T00:00:00Z")
            .endCondition()
            .endStatus()
            .build());
  }

  private static Service service() {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("web")
        .endMetadata()
        .withNewSpec()
        .withSelector(Map.of("app", "web"))
        .addNewPort()
        .withPort(80)
        .endPort()
        .endSpec()
        .build();
  }
}
