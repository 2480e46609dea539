package dev.kcm.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.WatchEvent;
import dev.kcm.embedded.resource.WatchSink;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Services with pods whose readiness comes and goes, one at a time, all services in turn at random.
 *
 * <p>Thread-safe: what the watches' threads and the load share is concurrent.
 */
final class FlappingServices implements ServedWorld {

  private static final String NAMESPACE = "shop";
  private static final int NODES = 100;
  private static final long SEED = 7;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final int services;
  private final int podsEach;
  private final int changesPerSecond;
  private final int seconds;
  private final boolean[] ready;
  private final Map<String, Change> pending = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Long> lags = new ConcurrentLinkedQueue<>();
  private final AtomicInteger sliceWrites = new AtomicInteger();
  private final AtomicInteger endpointsWrites = new AtomicInteger();

  /** A change whose effect no slice shows yet. */
  private record Change(boolean ready, long nanos) {}

  FlappingServices(int services, int podsEach, int changesPerSecond, int seconds) {
    this.services = services;
    this.podsEach = podsEach;
    this.changesPerSecond = changesPerSecond;
    this.seconds = seconds;
    ready = new boolean[services * podsEach];
  }

  @Override
  public void fill(ApiServer server) {
    ServedWorld.create(
        server,
        new Target("v1", "namespaces", "", "", ""),
        "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'" + NAMESPACE + "'}}");
    for (int node = 0; node < NODES; node++) {
      ServedWorld.create(
          server,
          new Target("v1", "nodes", "", "", ""),
          "{'apiVersion':'v1','kind':'Node','metadata':{'name':'node-" + node + "'}}");
    }
    for (int service = 0; service < services; service++) {
      ServedWorld.create(
          server,
          new Target("v1", "services", NAMESPACE, "", ""),
          "{'apiVersion':'v1','kind':'Service','metadata':{'name':'web-%d'},'spec':{'selector':{'app':'web-%d'},'ports':[{'port':80,'targetPort':8080}]}}"
              .formatted(service, service));
      for (int pod = service * podsEach; pod < (service + 1) * podsEach; pod++) {
        ServedWorld.create(
            server,
            new Target("v1", "pods", NAMESPACE, "", ""),
            "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s','labels':{'app':'web-%d'}},'spec':{'nodeName':'node-%d','containers':[{'name':'web','image':'web'}]}}"
                .formatted(name(pod), service, pod % NODES));
        tell(server, pod, true);
      }
    }
  }

  private static String name(int pod) {
    return "pod-" + pod;
  }

  private static String address(int pod) {
    return "10." + (pod >> 16) + "." + (pod >> 8 & 255) + "." + (pod & 255);
  }

  private void tell(ApiServer server, int pod, boolean isReady) {
    ready[pod] = isReady;
    ServedWorld.merge(
        server,
        new Target("v1", "pods", NAMESPACE, name(pod), "status"),
        "{'status':{'phase':'Running','podIP':'%s','podIPs':[{'ip':'%s'}],'conditions':[{'type':'Ready','status':'%s'}]}}"
            .formatted(address(pod), address(pod), isReady ? "True" : "False"));
  }

  @Override
  public boolean settled(ApiServer server) {
    return addresses(server, "discovery.k8s.io", "v1", "endpointslices") == services * podsEach
        && addresses(server, "", "v1", "endpoints") == services * podsEach;
  }

  private static int addresses(ApiServer server, String group, String version, String resource) {
    Kind kind = server.kinds().find(group, version, resource).orElseThrow();
    int count = 0;
    for (JsonNode object : server.storedAll(kind, NAMESPACE)) {
      count += object.path("endpoints").size();
      for (JsonNode subset : object.path("subsets")) {
        count += subset.path("addresses").size() + subset.path("notReadyAddresses").size();
      }
    }
    return count;
  }

  @Override
  public Outcome load(ApiServer server) throws Exception {
    // Watches end with the server.
    var unused = watch(server, "discovery.k8s.io/v1", "endpointslices", sliceWrites, true);
    unused = watch(server, "v1", "endpoints", endpointsWrites, false);
    int changes = changesPerSecond * seconds;
    double took = flap(server, changes);
    awaitAllShown();
    int seen = -1;
    // Endpoints may come after the slices.
    while (seen != endpointsWrites.get()) {
      seen = endpointsWrites.get();
      Thread.sleep(500);
    }
    return new Outcome(changes, text(changes, took));
  }

  private double flap(ApiServer server, int changes) throws InterruptedException {
    Random random = new Random(SEED);
    long begin = System.nanoTime();
    long gap = TimeUnit.SECONDS.toNanos(1) / changesPerSecond;
    for (int done = 0; done < changes; ) {
      int pod = random.nextInt(ready.length);
      if (pending.containsKey(name(pod))) {
        continue;
      }
      long wait = begin + done * gap - System.nanoTime();
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
      pending.put(name(pod), new Change(!ready[pod], System.nanoTime()));
      tell(server, pod, !ready[pod]);
      done++;
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private void awaitAllShown() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!pending.isEmpty()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(pending.size() + " changes were never shown");
      }
      Thread.sleep(20);
    }
  }

  private String text(int changes, double took) {
    return String.format(
        Locale.ROOT,
        "%d services of %d pods, %.0f changes of readiness a second: %.2f writes of slices and"
            + " %.2f of endpoints for a change, a slice shows it after %s",
        services,
        podsEach,
        changes / took,
        (double) sliceWrites.get() / changes,
        (double) endpointsWrites.get() / changes,
        ServedWorld.percentiles(new ArrayList<>(lags)));
  }

  private AutoCloseable watch(
      ApiServer server,
      String groupVersion,
      String resource,
      AtomicInteger writes,
      boolean readiness) {
    return server.watch(
        new Target(groupVersion, resource, NAMESPACE, "", "").request(Verb.WATCH, null, ""),
        new WatchSink() {
          @Override
          public void event(WatchEvent event) {
            if (event.type() == WatchEvent.Type.MODIFIED) {
              writes.incrementAndGet();
              if (readiness) {
                shown(event.object().path("endpoints"));
              }
            }
          }

          @Override
          public void closed() {
            // The load has ended.
          }
        });
  }

  private void shown(JsonNode endpoints) {
    long now = System.nanoTime();
    for (JsonNode endpoint : endpoints) {
      String pod = endpoint.path("targetRef").path("name").asText();
      Change change = pending.get(pod);
      if (change != null
          && change.ready() == endpoint.path("conditions").path("ready").asBoolean()
          && pending.remove(pod, change)) {
        lags.add(now - change.nanos());
      }
    }
  }
}
