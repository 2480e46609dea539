package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.metrics.UpstreamText;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InformerMetersTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(9);
  private final FakeServer server = new FakeServer(environment);
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Informers informers =
      Informers.create(server, environment, registry, Duration.ZERO, WatchList.OFF);

  private static List<String> golden(String name) throws Exception {
    try (InputStream in = InformerMetersTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** Throws on its second call; the third takes 1.5 s. */
  private final class Handler implements EventHandler<ConfigMap> {

    private int calls;

    private void call() {
      calls++;
      if (calls == 2) {
        throw new IllegalStateException("second call");
      }
      if (calls == 3) {
        environment.advance(Duration.ofMillis(1500));
      }
    }

    @Override
    public void onAdd(ConfigMap object, boolean initial) {
      call();
    }

    @Override
    public void onUpdate(ConfigMap old, ConfigMap current) {
      call();
    }

    @Override
    public void onDelete(ObjectKey key, ConfigMap last, boolean finalStateUnknown) {
      call();
    }
  }

  @Test
  @DisplayName("INF-61 the scrape of an informer that listed, watched, failed and listed again")
  void scrapeIsExact() throws Exception {
    server.latency = Duration.ofMillis(250);
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    informer.addIndex("odd", map -> List.of(map.getData().get("missing")));
    informer.addHandler("web", new Handler());
    server.put("a", "1");
    server.put("b", "1");
    informers.start();
    environment.advance(Duration.ofSeconds(1));
    server.put("a", "2");
    server.delete("b");
    environment.advance(Duration.ofSeconds(10));
    server.compact();
    server.cut(FakeServer.gone());
    environment.advance(Duration.ofSeconds(30));
    server.put("c", "1");
    environment.advance(Duration.ofSeconds(2));

    assertThat(UpstreamText.of(registry, "informer_")).isEqualTo(golden("informer-scrape.txt"));
  }

  @Test
  @DisplayName("GEN-6 no series is left when the informer has stopped, whatever still comes in")
  void seriesGoWithTheirInformer() {
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    informer.addHandler("web", new HandlerLog());
    informers.start();
    environment.run();
    server.put("a", "1");
    informers.stop(Duration.ofSeconds(1));
    environment.advance(Duration.ofSeconds(5));

    assertThat(registry.getMeters()).isEmpty();
  }
}
