package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.controllers.shared.services.SelectingServices;
import dev.kcm.controllers.shared.services.ServicePodMapper;
import dev.kcm.controllers.shared.services.ServicePods;
import dev.kcm.controllers.shared.services.TestService;
import dev.kcm.controllers.shared.slices.ManagedSlices;
import dev.kcm.controllers.shared.slices.SliceMapper;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A model cluster with the controller over it; the Service is shop/web. */
final class SliceWorld {

  static final ObjectKey WEB = new ObjectKey("shop", "web");

  final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
  final ModelCaches caches = ModelCaches.of(cluster, 1);
  final ModelLoop<EndpointSliceSnapshot> loop;

  private SliceWorld(int maxEndpoints) {
    loop = wire(caches, maxEndpoints);
    cluster.put(node("node-1", "zone-1", "4"));
  }

  static SliceWorld of(TestService service) {
    return of(service, 100);
  }

  static SliceWorld of(TestService service, int maxEndpoints) {
    SliceWorld world = new SliceWorld(maxEndpoints);
    world.cluster.put(service.build());
    return world;
  }

  static ModelLoop<EndpointSliceSnapshot> wire(ModelCaches caches, int maxEndpoints) {
    var services = caches.informer(Kinds.SERVICES);
    var pods = caches.informer(PodStates.TYPE);
    var nodes = caches.informer(Kinds.NODES);
    var slices = caches.informer(Kinds.ENDPOINT_SLICES);
    ZoneCapacity zones = new ZoneCapacity(nodes.lister());
    return ModelLoop.<EndpointSliceSnapshot>over(caches)
        .on(services, new ServiceMapper(gone -> {}))
        .on(pods, new ServicePodMapper(SelectingServices.in(services), Duration.ZERO))
        .on(slices, new SliceMapper(EndpointSliceController.MANAGER, Duration.ofSeconds(1)))
        .on(nodes, NodeMapper.of(services, zones))
        .reading(
            new EndpointSliceReader(
                new EndpointSliceReader.Settings(maxEndpoints, true),
                services.lister(),
                ServicePods.in(pods),
                ManagedSlices.of(EndpointSliceController.MANAGER, slices),
                nodes.lister(),
                zones))
        .deciding(new EndpointSliceReconciler());
  }

  Rehearsal run() {
    caches.catchUp();
    return loop.run(WEB);
  }

  void service(TestService service) {
    cluster.put(service.build());
  }

  void pods(int count) {
    pods(0, count);
  }

  void pods(int from, int to) {
    for (int i = from; i < to; i++) {
      cluster.put(ready(i).build());
    }
  }

  static TestPod ready(int number) {
    return pod(number).readySince(Instant.parse("2026-01-01T00:00:00Z"));
  }

  static TestPod pod(int number) {
    String host = number / 250 + "." + number % 250;
    return TestPod.named("pod-%04d".formatted(number))
        .labels(Map.of("app", "web"))
        .ip("10.0." + host, "fd00::" + Integer.toHexString(number + 1));
  }

  static Pod on(int number, String node) {
    return ready(number).node(node).build();
  }

  static Node node(String name, String zone, String cpu) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(zone.isEmpty() ? Map.of() : Map.of("topology.kubernetes.io/zone", zone))
        .endMetadata()
        .withNewStatus()
        .addToAllocatable("cpu", new Quantity(cpu))
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }

  List<EndpointSlice> slices() {
    return cluster.list(EndpointSlice.class).stream()
        .filter(slice -> slice.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  /** All objects in the caches, by reference, in a fixed order. */
  List<HasMetadata> cached() {
    return Stream.of(Kinds.SERVICES, PodStates.TYPE, Kinds.NODES, Kinds.ENDPOINT_SLICES)
        .flatMap(type -> caches.informer(type).lister().list().stream())
        .map(HasMetadata.class::cast)
        .sorted(Comparator.comparing(o -> o.getKind() + ObjectKey.of(o)))
        .toList();
  }

  List<Integer> sizes() {
    return slices().stream()
        .map(slice -> slice.getEndpoints().size())
        .sorted((a, b) -> b - a)
        .toList();
  }

  List<Endpoint> endpoints() {
    return slices().stream().flatMap(slice -> slice.getEndpoints().stream()).toList();
  }
}
