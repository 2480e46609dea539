package dev.kcm.controllers.shared.slices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SliceMapperTest {

  private static final ObjectKey WEB = new ObjectKey("shop", "web");
  private static final ObjectKey DB = new ObjectKey("shop", "db");

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<Object> loop =
      ModelLoop.over(caches)
          .on(caches.informer(Kinds.ENDPOINT_SLICES), new SliceMapper("me", Duration.ofSeconds(1)));

  @Test
  void ownSlicesWakeTheirServiceAfterTheDelay() {
    put(slice("web", "me"));
    assertThat(loop.takeDelayed()).isEqualTo(Map.of(WEB, Duration.ofSeconds(1)));
    put(slice("web", "me").editMetadata().addToLabels("x", "y").endMetadata());
    assertThat(woken()).containsExactly(WEB);
    cluster.remove(slice("web", "me").build());
    caches.catchUp();
    assertThat(woken()).containsExactly(WEB);
  }

  @Test
  void slicesOfOthersWakeNobody() {
    put(slice("web", "you"));
    put(slice("web", "you").editMetadata().addToLabels("x", "y").endMetadata());
    assertThat(woken()).isEmpty();
  }

  @Test
  @DisplayName("A managed-by label that flips to or from us queues the Service")
  void aChangeOfTheManagerWakesTheService() {
    put(slice("web", "me"));
    assertThat(woken()).containsExactly(WEB);
    put(slice("web", "you"));
    assertThat(woken()).containsExactly(WEB);
    put(slice("web", "me"));
    assertThat(woken()).containsExactly(WEB);
  }

  @Test
  @DisplayName("A changed service-name label queues both Services")
  void aChangeOfTheServiceWakesBoth() {
    put(slice("web", "me"));
    assertThat(woken()).containsExactly(WEB);
    put(slice("db", "me"));
    assertThat(woken()).containsExactlyInAnyOrder(WEB, DB);
  }

  @Test
  void arrivalsAreNoted() {
    loop.expectations().expect(WEB, 1, List.of());
    put(slice("web", "me"));
    assertThat(loop.expectations().satisfied(WEB)).isTrue();
    loop.expectations().expect(WEB, 0, List.of(new ObjectKey("shop", "s")));
    cluster.remove(slice("web", "me").build());
    caches.catchUp();
    assertThat(loop.expectations().satisfied(WEB)).isTrue();
  }

  private Set<ObjectKey> woken() {
    return loop.takeDelayed().keySet();
  }

  private void put(EndpointSliceBuilder slice) {
    EndpointSlice built = slice.build();
    cluster.put(built);
    caches.catchUp();
  }

  private static EndpointSliceBuilder slice(String service, String manager) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("s")
        .withUid("u")
        .addToLabels(SliceLabels.SERVICE_NAME, service)
        .addToLabels(SliceLabels.MANAGED_BY, manager)
        .endMetadata()
        .withAddressType("IPv4");
  }
}
