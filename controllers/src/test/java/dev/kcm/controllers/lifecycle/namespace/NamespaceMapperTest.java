package dev.kcm.controllers.lifecycle.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamespaceMapperTest {

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<NamespaceSnapshot> loop =
      ModelLoop.<NamespaceSnapshot>over(caches)
          .on(caches.informer(Kinds.NAMESPACES), NamespaceMapper.INSTANCE);

  @Test
  void wakesOnlyNamespacesThatAreBeingDeletedAndOnlyAfterAWhile() {
    cluster.put(namespace("active", false));
    cluster.put(namespace("going", true));
    caches.catchUp();
    assertThat(loop.takeQueued()).isEmpty();
    assertThat(loop.takeDelayed())
        .isEqualTo(Map.of(new ObjectKey("", "going"), Duration.ofSeconds(5)));
  }

  @Test
  void everyChangeOfSuchANamespaceCounts() {
    cluster.put(namespace("going", true));
    caches.catchUp();
    loop.takeDelayed();
    cluster.put(namespace("going", true));
    caches.catchUp();
    assertThat(loop.takeDelayed()).containsOnlyKeys(new ObjectKey("", "going"));
  }

  @Test
  void aNamespaceThatIsGoneHasNoKey() {
    Namespace going = namespace("going", true);
    cluster.put(going);
    caches.catchUp();
    loop.takeDelayed();
    cluster.remove(going);
    caches.catchUp();
    assertThat(loop.takeDelayed()).isEmpty();
  }

  private static Namespace namespace(String name, boolean deleting) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name)
        .withUid("u")
        .withDeletionTimestamp(deleting ? "2026-01-01T00:00:00Z" : null)
        .endMetadata()
        .build();
  }
}
