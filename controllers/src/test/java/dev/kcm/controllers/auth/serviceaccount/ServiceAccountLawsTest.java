package dev.kcm.controllers.auth.serviceaccount;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.ArrayList;
import java.util.List;

class ServiceAccountLawsTest extends ReconcilerLaws<ServiceAccountSnapshot> {

  private static final List<String> MANAGED = List.of("default", "managed");
  private static final Gen<String> PHASE = Gen.pick(List.of("Active", "Active", "Terminating"));

  @Override
  protected ResourceType<?> primary() {
    return Kinds.NAMESPACES;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(1, 3).next(random); i > 0; i--) {
        String namespace = "ns-" + i;
        world.add(ServiceAccountReconcilerTest.namespace(namespace, PHASE.next(random)));
        for (String name : List.of("default", "managed", "other")) {
          if (random.nextInt(3) == 0) {
            world.add(ServiceAccountReconcilerTest.account(namespace, name));
          }
        }
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<ServiceAccountSnapshot> wire(ModelCaches caches) {
    return ServiceAccountReconcilerTest.wire(caches, MANAGED);
  }

  /** Only managed names are created. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    long others = start.stream().filter(ServiceAccountLawsTest::isUnmanaged).count();
    long now = cluster.all().stream().filter(ServiceAccountLawsTest::isUnmanaged).count();
    if (now != others) {
      throw new AssertionError(now + " unmanaged accounts instead of " + others);
    }
  }

  private static boolean isUnmanaged(HasMetadata object) {
    return object instanceof ServiceAccount && !MANAGED.contains(object.getMetadata().getName());
  }
}
