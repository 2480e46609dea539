package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiClients;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How much heap a pod takes while an informer holds it, over a real client and connection. */
class CacheMemoryTest {

  private static final int PODS = 1000;

  @Test
  @DisplayName("INF-63 1000 cached pods take at most 60 % of what fabric8's own decoding leaves")
  void holdsPodsInLittleMemory() throws Exception {
    long plain = retained(CacheMemoryTest::plainPods);
    long ours = retained(this::informedPods);

    System.out.printf(
        "heap per pod: %d bytes decoded by fabric8, %d in the informer%n",
        plain / PODS, ours / PODS);
    assertThat(ours).isLessThanOrEqualTo(plain * 60 / 100);
  }

  /** Makes something that stays reachable until it has been measured. */
  private interface Content {
    Object make(int pods) throws Exception;
  }

  private static long retained(Content content) throws Exception {
    content.make(20); // loads classes and fills caches
    long before = used();
    Object kept = content.make(PODS);
    long after = used();
    assertThat(kept).isNotNull();
    return after - before;
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static Map<String, Pod> plainPods(int count) {
    KubernetesSerialization serialization = new KubernetesSerialization(new ObjectMapper(), false);
    Map<String, Pod> pods = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Pod pod = serialization.unmarshal(PodJson.of(i), Pod.class);
      pods.put(pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName(), pod);
    }
    return pods;
  }

  private Lister<Pod> informedPods(int count) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(local, 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, end, count));
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .build();
    try (ApiClient client = ApiClients.builder(config).unlimited().build()) {
      Informers informers =
          Informers.create(
              client,
              Environment.system(),
              new SimpleMeterRegistry(),
              Duration.ZERO,
              WatchList.OFF);
      Informer<Pod> pods = informers.get(ResourceType.of(Pod.class));
      informers.start();
      pods.synced().toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertThat(pods.lister().list()).hasSize(count);
      informers.stop(Duration.ofSeconds(5)).toCompletableFuture().get(10, TimeUnit.SECONDS);
      return pods.lister();
    } finally {
      end.countDown();
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private static void answer(HttpExchange exchange, CountDownLatch end, int count) {
    try (exchange) {
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      if (!exchange.getRequestURI().getQuery().contains("watch=")) {
        list(exchange.getResponseBody(), count);
      } else {
        exchange.getResponseBody().flush();
        end.await();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private static void list(OutputStream out, int count) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":");
    text.append("{\"resourceVersion\":\"9000000\"},\"items\":[");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",").append(PodJson.of(i));
    }
    text.append("]}");
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
