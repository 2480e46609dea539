package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.node.nodeipam.ClusterRange;
import dev.kcm.controllers.node.nodeipam.NodeIpamConfig;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.Statuses;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Node IPAM on real threads against the embedded API server. */
class NodeIpamWiringIT {

  private static final CatalogConfig CONFIG =
      CatalogConfig.builder()
          .nodeIpam(
              new NodeIpamConfig(
                  List.of(new ClusterRange("10.0.0.0/22", 24), new ClusterRange("fd00::/56", 64)),
                  List.of("10.0.0.0/24")))
          .build();

  private final RunningManager manager = RunningManager.standing(CONFIG, "node-ipam-controller");

  @AfterEach
  void stop() {
    manager.close();
  }

  @Test
  void eachNodeGetsABlockOfEachFamilyUntilThereAreNoneLeft() {
    Node there = node("there");
    there.getSpec().setPodCIDR("10.0.1.0/24");
    there.getSpec().setPodCIDRs(List.of("10.0.1.0/24", "fd00::/64"));
    manager.create(Kinds.NODES, there);
    manager
        .faults
        .on(ApiRequest.Verb.PATCH, "nodes")
        .call(1)
        .fail(() -> Statuses.serviceUnavailable("not now"));
    manager.create(Kinds.NODES, node("a"));
    manager.start();
    manager.create(Kinds.NODES, node("b"));
    await().until(() -> cidrs("a").size() == 2 && cidrs("b").size() == 2);
    assertThat(Set.of(cidrs("a").get(0), cidrs("b").get(0)))
        .containsExactlyInAnyOrder("10.0.2.0/24", "10.0.3.0/24");

    manager.create(Kinds.NODES, node("c"));
    manager.delete(Kinds.NODES, "", "there");
    await().until(() -> cidrs("c").size() == 2);
    assertThat(cidrs("c").get(0)).isEqualTo("10.0.1.0/24");
    assertThat(
            manager.list(Kinds.NODES, "").stream()
                .flatMap(node -> node.getSpec().getPodCIDRs().stream())
                .collect(Collectors.toSet()))
        .hasSize(6);
  }

  private List<String> cidrs(String name) {
    return manager.get(Kinds.NODES, "", name).orElseThrow().getSpec().getPodCIDRs();
  }

  private static Node node(String name) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }
}
