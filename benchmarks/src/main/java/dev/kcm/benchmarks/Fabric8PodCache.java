package dev.kcm.benchmarks;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.util.List;
import java.util.Map;

/** A cache kept by fabric8. Thread-safe: all state is in the informer. */
final class Fabric8PodCache implements PodCache {

  private final KubernetesClient client;
  private final SharedIndexInformer<Pod> pods;

  Fabric8PodCache(String url, int handlers, EventCount told) {
    client = client(url);
    pods = client.pods().inAnyNamespace().runnableInformer(0);
    pods.addIndexers(
        Map.of(
            BY_NODE, pod -> List.of(pod.getSpec().getNodeName()),
            BY_OWNER, pod -> List.of(pod.getMetadata().getOwnerReferences().get(0).getUid())));
    for (int i = 0; i < handlers; i++) {
      pods.addEventHandler(counting(told));
    }
    var unused = pods.start();
  }

  static KubernetesClient client(String url) {
    // The server of the measurement speaks no WebSocket, which is fabric8's first choice.
    Config config =
        new ConfigBuilder(Config.empty()).withMasterUrl(url).withOnlyHttpWatches(true).build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new JdkHttpClientFactory())
        .build();
  }

  private static ResourceEventHandler<Pod> counting(EventCount told) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(Pod object) {
        told.told();
      }

      @Override
      public void onUpdate(Pod old, Pod current) {
        told.told();
      }

      @Override
      public void onDelete(Pod object, boolean deletedFinalStateUnknown) {
        told.told();
      }
    };
  }

  @Override
  public int size() {
    return pods.getStore().list().size();
  }

  @Override
  public Object get(String namespace, String name) {
    return pods.getIndexer().getByKey(Cache.namespaceKeyFunc(namespace, name));
  }

  @Override
  public List<?> byIndex(String index, String value) {
    return pods.getIndexer().byIndex(index, value);
  }

  @Override
  public void close() {
    pods.close();
    client.close();
  }
}
