package dev.kcm.controllers.shared.services;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Random worlds of Services with and without selectors, pods in every state, and two nodes. */
public final class ServiceWorlds {

  private static final Gen<String> APP = Gen.pick(List.of("web", "web", "db"));
  private static final Gen<String> PHASE =
      Gen.pick(List.of("Running", "Running", "Pending", "Failed"));

  private ServiceWorlds() {}

  public static Gen<List<HasMetadata>> worlds(Instant start) {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        world.add(node("node-" + i, "zone-" + i));
      }
      for (int i = Gen.ints(1, 3).next(random); i > 0; i--) {
        world.add(service("service-" + i, random));
      }
      for (int i = Gen.ints(0, 8).next(random); i > 0; i--) {
        world.add(pod(i, random, start));
      }
      return world;
    };
  }

  /** A kubelet: what is active gets an address and becomes ready. */
  public static void progress(ModelCluster cluster) {
    String now = cluster.environment().wallClock().now().toString();
    for (Pod pod : cluster.list(Pod.class)) {
      if (PodStates.isActive(pod) && !PodStates.isReady(pod)) {
        cluster.change(Pod.class, ObjectKey.of(pod), p -> started(p, now));
      }
    }
  }

  private static HasMetadata node(String name, String zone) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(Map.of("topology.kubernetes.io/zone", zone))
        .endMetadata()
        .build();
  }

  private static Service service(String name, RandomGenerator random) {
    TestService service = TestService.named(name).selecting(Map.of("app", APP.next(random)));
    switch (random.nextInt(8)) {
      case 0 -> service.selecting(Map.of());
      case 1 -> service.type("ExternalName");
      case 2 -> service.clusterIp("None");
      case 3 -> service.families("IPv6", "IPv4");
      default -> {}
    }
    if (random.nextInt(5) > 0) {
      service.port("http", 80, 8080);
    }
    if (random.nextInt(3) == 0) {
      service.port("named", 81, new IntOrString("named"), "TCP");
    }
    if (random.nextInt(5) == 0) {
      service.publishingNotReady();
    }
    if (random.nextInt(4) == 0) {
      service.labels(Map.of("l", "v"));
    }
    return service.build();
  }

  private static Pod pod(int number, RandomGenerator random, Instant start) {
    TestPod pod =
        TestPod.named("pod-" + number)
            .labels(Map.of("app", APP.next(random)))
            .phase(PHASE.next(random))
            .node("node-" + random.nextInt(2));
    if (random.nextInt(5) > 0) {
      pod.ip("10.0.0." + number, "fd00::" + number);
    }
    if (random.nextBoolean()) {
      pod.readySince(start.minusSeconds(random.nextInt(100)));
    }
    if (random.nextInt(3) == 0) {
      pod.containerPort("named", 9000 + random.nextInt(2), "TCP");
    }
    if (random.nextInt(6) == 0) {
      pod.deletedAt(start);
    }
    return pod.build();
  }

  private static Pod started(Pod pod, String now) {
    String number = pod.getMetadata().getName().substring("pod-".length());
    return new PodBuilder(pod)
        .withNewStatus()
        .withPhase("Running")
        .withPodIP("10.0.0." + number)
        .addNewPodIP("10.0.0." + number)
        .addNewPodIP("fd00::" + number)
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .withLastTransitionTime(now)
        .endCondition()
        .endStatus()
        .build();
  }
}
