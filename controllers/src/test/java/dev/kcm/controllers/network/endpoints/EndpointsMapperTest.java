package dev.kcm.controllers.network.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EndpointsMapperTest {

  private static final ObjectKey A = new ObjectKey("shop", "a");
  private static final Map<String, String> OURS =
      Map.of("endpoints.kubernetes.io/managed-by", "endpoint-controller");

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<Object> loop = ModelLoop.over(caches);

  @Test
  @DisplayName("Leftover check: all that are there at the start, except election locks")
  void looksAtAllAtTheStart() {
    var informer = caches.informer(Kinds.ENDPOINTS);
    cluster.put(endpoints("a", Map.of()).build());
    cluster.put(
        endpoints("lock", Map.of())
            .editMetadata()
            .addToAnnotations("control-plane.alpha.kubernetes.io/leader", "{}")
            .endMetadata()
            .build());
    caches.catchUp();
    var unused = loop.on(informer, new EndpointsMapper());
    assertThat(loop.takeQueued()).containsExactly(A);
  }

  @Test
  @DisplayName("Delete of Endpoints wakes the Service")
  void deletionsWakeTheService() {
    start(Map.of());
    cluster.remove(endpoints("a", Map.of()).build());
    caches.catchUp();
    assertThat(loop.takeQueued()).containsExactly(A);
  }

  @Test
  void whatOthersWriteWakesNobody() {
    start(Map.of());
    change("x");
    assertThat(loop.takeQueued()).isEmpty();
  }

  @Test
  void changesOfOurOwnWakeTheService() {
    start(OURS);
    assertThat(loop.takeQueued()).containsExactly(A);
    change("x");
    assertThat(loop.takeQueued()).containsExactly(A);
  }

  private void start(Map<String, String> labels) {
    var unused = loop.on(caches.informer(Kinds.ENDPOINTS), new EndpointsMapper());
    cluster.put(endpoints("a", labels).build());
    caches.catchUp();
  }

  private void change(String value) {
    cluster.change(
        Endpoints.class,
        A,
        e -> new EndpointsBuilder(e).editMetadata().addToLabels("x", value).endMetadata().build());
    caches.catchUp();
  }

  private static EndpointsBuilder endpoints(String name, Map<String, String> labels) {
    return new EndpointsBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withLabels(labels)
        .endMetadata();
  }
}
