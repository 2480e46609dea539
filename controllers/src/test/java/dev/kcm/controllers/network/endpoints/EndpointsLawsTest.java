package dev.kcm.controllers.network.endpoints;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.services.SelectingServices;
import dev.kcm.controllers.shared.services.ServiceAddresses;
import dev.kcm.controllers.shared.services.ServicePodMapper;
import dev.kcm.controllers.shared.services.ServicePods;
import dev.kcm.controllers.shared.services.ServiceWorlds;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class EndpointsLawsTest extends ReconcilerLaws<EndpointsSnapshot> {

  @Override
  protected ResourceType<?> primary() {
    return Kinds.SERVICES;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    Gen<List<HasMetadata>> services = ServiceWorlds.worlds(start());
    return random -> {
      List<HasMetadata> world = new ArrayList<>(services.next(random));
      for (int i = 1; i <= 3; i++) {
        if (random.nextInt(3) == 0) {
          world.add(old("service-" + i));
        }
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<EndpointsSnapshot> wire(ModelCaches caches) {
    var services = caches.informer(Kinds.SERVICES);
    var pods = caches.informer(PodStates.TYPE);
    var endpoints = caches.informer(Kinds.ENDPOINTS);
    return ModelLoop.<EndpointsSnapshot>over(caches)
        .on(services, Enqueue.self())
        .on(pods, new ServicePodMapper(SelectingServices.in(services), Duration.ZERO))
        .on(endpoints, new EndpointsMapper())
        .reading(new EndpointsReader(services.lister(), endpoints.lister(), ServicePods.in(pods)))
        .deciding(new EndpointsReconciler());
  }

  @Override
  protected void progress(ModelCluster cluster) {
    ServiceWorlds.progress(cluster);
  }

  /** Endpoints of Services that lead to no pods stay as users made them. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (Service service : cluster.list(Service.class)) {
      ObjectKey key = ObjectKey.of(service);
      boolean own = !ServiceAddresses.leadsToPods(service);
      boolean had =
          start.stream().anyMatch(o -> o instanceof Endpoints && ObjectKey.of(o).equals(key));
      if (own && cluster.get(Endpoints.class, key).isPresent() != had) {
        throw new AssertionError("the endpoints of " + key + " were touched");
      }
    }
  }

  private static Endpoints old(String name) {
    return new EndpointsBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .addToLabels("stale", "x")
        .endMetadata()
        .addNewSubset()
        .addNewAddress()
        .withIp("10.9.9.9")
        .endAddress()
        .addNewPort()
        .withPort(80)
        .withProtocol("TCP")
        .endPort()
        .endSubset()
        .build();
  }
}
