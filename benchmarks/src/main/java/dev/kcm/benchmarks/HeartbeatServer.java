package dev.kcm.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An API server whose nodes are all well: each renews its lease every ten seconds and reports its
 * state every five minutes. It runs in a process of its own, so that its work is not measured.
 *
 * <p>Thread-safe: a thread for each connection, one for all heartbeats; shared are atomics and
 * concurrent lists.
 */
final class HeartbeatServer {

  private static final int TICKS_PER_SECOND = 20;
  private static final int LEASE_SECONDS = 10;
  private static final int REPORT_SECONDS = 300;
  private static final int BLOCK = 256;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final int nodes;
  private final int pods;
  private final List<OutputStream> nodeWatches = new CopyOnWriteArrayList<>();
  private final List<OutputStream> leaseWatches = new CopyOnWriteArrayList<>();
  private final AtomicInteger watches = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong version = new AtomicLong(1);

  private HeartbeatServer(int nodes, int pods) {
    this.nodes = nodes;
    this.pods = pods;
  }

  /** Serves until standard input ends, which it does when the process that started it does. */
  static void serve(int nodes, int pods) throws IOException {
    HeartbeatServer server = new HeartbeatServer(nodes, pods);
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newCachedThreadPool();
    http.setExecutor(threads);
    http.createContext("/", server::answer);
    http.start();
    System.out.println(http.getAddress().getPort());
    Thread beats = new Thread(server::beat, "heartbeats");
    beats.setDaemon(true);
    beats.start();
    while (System.in.read() >= 0) {
      // Nothing is said; only the end counts.
    }
    http.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    if (path.equals("/bench")) {
      send(
          exchange,
          200,
          watches.get() + " " + writes.get() + " " + sent.get() + " " + events.get());
    } else if (!exchange.getRequestMethod().equals("GET")) {
      (path.endsWith("/events") ? events : writes).incrementAndGet();
      send(
          exchange,
          201,
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    } else if (query.contains("sendInitialEvents=true")) {
      send(exchange, 422, "");
    } else if (query.contains("watch=")) {
      watch(exchange, path);
    } else {
      list(exchange, path);
    }
  }

  private void watch(HttpExchange exchange, String path) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().flush();
    watches.incrementAndGet();
    if (path.endsWith("/nodes")) {
      nodeWatches.add(exchange.getResponseBody());
    } else if (path.endsWith("/leases")) {
      leaseWatches.add(exchange.getResponseBody());
    }
  }

  private void list(HttpExchange exchange, String path) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    boolean ofNodes = path.endsWith("/nodes");
    boolean ofPods = path.endsWith("/pods");
    String kind = ofNodes ? "NodeList" : ofPods ? "PodList" : "LeaseList";
    String group = ofNodes || ofPods ? "v1" : "coordination.k8s.io/v1";
    try (OutputStream out = exchange.getResponseBody()) {
      write(
          out,
          "{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":["
              .formatted(kind, group));
      int count = ofPods ? pods : nodes;
      for (int i = 0; i < count; i++) {
        String item = ofNodes ? node(i, 1) : ofPods ? pod(i) : lease(i, 1);
        write(out, (i == 0 ? "" : ",") + item);
      }
      write(out, "]}");
    }
  }

  private void beat() {
    double leases = 0;
    double reports = 0;
    int nextLease = 0;
    int nextReport = 0;
    long start = System.nanoTime();
    for (long tick = 1; ; tick++) {
      pauseUntil(start + tick * 1_000_000_000L / TICKS_PER_SECOND);
      leases += (double) nodes / LEASE_SECONDS / TICKS_PER_SECOND;
      reports += (double) nodes / REPORT_SECONDS / TICKS_PER_SECOND;
      StringBuilder renewals = new StringBuilder();
      for (; leases >= 1; leases--) {
        renewals.append(event(lease(nextLease++ % nodes, version.incrementAndGet())));
      }
      tell(leaseWatches, renewals);
      StringBuilder states = new StringBuilder();
      for (; reports >= 1; reports--) {
        states.append(event(node(nextReport++ % nodes, version.incrementAndGet())));
      }
      tell(nodeWatches, states);
    }
  }

  private static void pauseUntil(long nanos) {
    try {
      Thread.sleep(Math.max(0, (nanos - System.nanoTime()) / 1_000_000));
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(List<OutputStream> listeners, StringBuilder events) {
    if (events.length() == 0) {
      return;
    }
    String text = events.toString();
    listeners.removeIf(out -> !reaches(out, text));
  }

  private boolean reaches(OutputStream out, String events) {
    try {
      write(out, events);
      out.flush();
      sent.addAndGet(events.chars().filter(c -> c == '\n').count());
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  private static String event(String object) {
    return "{\"type\":\"MODIFIED\",\"object\":" + object + "}\n";
  }

  private static String lease(int i, long version) {
    return """
    {"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"name":"node-%1$d",\
    "namespace":"kube-node-lease","uid":"lease-%1$d","resourceVersion":"%2$d",\
    "creationTimestamp":"2026-01-01T00:00:00Z","ownerReferences":[{"apiVersion":"v1",\
    "kind":"Node","name":"node-%1$d","uid":"node-%1$d"}]},"spec":{"holderIdentity":"node-%1$d",\
    "leaseDurationSeconds":40,"renewTime":"%3$s"}}"""
        .formatted(i, version, micros());
  }

  /** Later at each call, since a renewal that is not later is none; always six digits. */
  private static String micros() {
    return MICROS.format(Instant.now());
  }

  private static String node(int i, long version) {
    StringBuilder conditions = new StringBuilder();
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    for (String type : List.of("MemoryPressure", "DiskPressure", "PIDPressure", "Ready")) {
      conditions.append(
          """
          %s{"type":"%s","status":"%s","lastHeartbeatTime":"%s",\
          "lastTransitionTime":"2026-01-01T00:00:00Z","reason":"KubeletSaysSo",\
          "message":"kubelet is posting its status"}"""
              .formatted(
                  conditions.length() == 0 ? "" : ",",
                  type,
                  type.equals("Ready") ? "True" : "False",
                  now));
    }
    return String.format(
        Locale.ROOT,
        """
        {"kind":"Node","apiVersion":"v1","metadata":{"name":"node-%1$d","uid":"node-%1$d",\
        "resourceVersion":"%2$d","creationTimestamp":"2026-01-01T00:00:00Z","labels":{\
        "kubernetes.io/hostname":"node-%1$d","kubernetes.io/os":"linux",\
        "beta.kubernetes.io/os":"linux","kubernetes.io/arch":"amd64",\
        "beta.kubernetes.io/arch":"amd64","topology.kubernetes.io/region":"r",\
        "topology.kubernetes.io/zone":"z%3$d"}},"spec":{"podCIDR":"10.%4$d.%5$d.0/24",\
        "podCIDRs":["10.%4$d.%5$d.0/24"]},"status":{"capacity":{"cpu":"32","memory":"128Gi",\
        "pods":"110"},"allocatable":{"cpu":"32","memory":"128Gi","pods":"110"},\
        "conditions":[%6$s],"addresses":[{"type":"InternalIP","address":"172.16.%4$d.%5$d"}],\
        "nodeInfo":{"kubeletVersion":"v1.34.0","operatingSystem":"linux",\
        "architecture":"amd64"}}}""",
        i,
        version,
        i % 3,
        i / BLOCK,
        i % BLOCK,
        conditions);
  }

  private String pod(int i) {
    return """
    {"kind":"Pod","apiVersion":"v1","metadata":{"name":"pod-%1$d","namespace":"ns-%3$d",\
    "uid":"pod-%1$d","resourceVersion":"1","creationTimestamp":"2026-01-01T00:00:00Z"},\
    "spec":{"nodeName":"node-%2$d","containers":[{"name":"c","image":"nginx"}],"tolerations":[\
    {"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute",\
    "tolerationSeconds":300}]},"status":{"phase":"Running","conditions":[{"type":"Ready",\
    "status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}"""
        .formatted(i, i % nodes, i % 100);
  }

  private static void send(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
