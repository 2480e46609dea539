package dev.kcm.benchmarks;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiClients;
import dev.kcm.core.informer.EventHandler;
import dev.kcm.core.informer.HandlerOptions;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.WatchList;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cache kept by the library. Thread-safe: all state is in the informer. */
final class KcmPodCache implements PodCache {

  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final ApiClient api;
  private final Informers informers;
  private final Informer<Pod> pods;

  KcmPodCache(String url, boolean streams, int handlers, EventCount told) {
    api = client(url);
    informers =
        Informers.create(
            api,
            Environment.system(),
            new SimpleMeterRegistry(),
            Duration.ZERO,
            streams ? WatchList.ON : WatchList.OFF);
    pods = informers.get(ResourceType.of(Pod.class));
    pods.addIndex(BY_NODE, pod -> List.of(pod.getSpec().getNodeName()));
    pods.addIndex(BY_OWNER, pod -> List.of(pod.getMetadata().getOwnerReferences().get(0).getUid()));
    for (int i = 0; i < handlers; i++) {
      pods.addHandler("bench-" + i, counting(told), HandlerOptions.DEFAULTS.lossless());
    }
    informers.start();
  }

  static ApiClient client(String url) {
    Config config = new ConfigBuilder(Config.empty()).withMasterUrl(url).build();
    return ApiClients.builder(config).unlimited().build();
  }

  private static EventHandler<Pod> counting(EventCount told) {
    return new EventHandler<>() {
      @Override
      public void onAdd(Pod object, boolean initial) {
        told.told();
      }

      @Override
      public void onUpdate(Pod old, Pod current) {
        told.told();
      }

      @Override
      public void onDelete(ObjectKey key, @Nullable Pod last, boolean finalStateUnknown) {
        told.told();
      }
    };
  }

  @Override
  public int size() {
    return pods.lister().list().size();
  }

  @Override
  public Object get(String namespace, String name) {
    return pods.lister().get(new ObjectKey(namespace, name)).orElseThrow();
  }

  @Override
  public List<?> byIndex(String index, String value) {
    return pods.lister().byIndex(index, value);
  }

  @Override
  public void close() {
    informers.stop(DRAIN).toCompletableFuture().join();
    api.close();
  }
}
