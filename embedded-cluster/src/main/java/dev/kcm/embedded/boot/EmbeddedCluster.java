package dev.kcm.embedded.boot;

import dev.kcm.embedded.access.AccessControl;
import dev.kcm.embedded.access.AuthorizationMode;
import dev.kcm.embedded.http.ApiHttpServer;
import dev.kcm.embedded.nodes.NodeSettings;
import dev.kcm.embedded.nodes.SimulatedNodes;
import dev.kcm.embedded.pki.Pki;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.FaultPlan;
import dev.kcm.embedded.resource.KindTable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An API server over HTTPS with simulated nodes, in this JVM, in memory or with a file behind it.
 *
 * <p>Thread-safe. It listens and answers when {@code start} returns; nodes register in the
 * background within milliseconds.
 */
public final class EmbeddedCluster implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCluster.class);
  private static final int TIMER_THREADS = 2;
  private static final int RESTORE_SECONDS = 10;

  private final Pki pki;
  private final ScheduledThreadPoolExecutor executor;
  private final ApiServer server;
  private final SimulatedNodes nodes;
  private final ApiHttpServer http;
  private final Future<?> restoring;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedCluster(
      Pki pki,
      ScheduledThreadPoolExecutor executor,
      ApiServer server,
      SimulatedNodes nodes,
      ApiHttpServer http,
      Future<?> restoring) {
    this.pki = pki;
    this.executor = executor;
    this.server = server;
    this.nodes = nodes;
    this.http = http;
    this.restoring = restoring;
  }

  /** Starts a description of a cluster. */
  public static Builder builder() {
    return new Builder();
  }

  /** Base URL of the API, for example {@code https://127.0.0.1:6443}. */
  public URI url() {
    return http.url();
  }

  /** The API without HTTP, for tests that look behind it. */
  public ApiServer server() {
    return server;
  }

  /** Certificates of the cluster. */
  public Pki pki() {
    return pki;
  }

  /** Text of a kubeconfig for the administrator. */
  public String adminKubeconfig() {
    return pki.adminKubeconfig(url()).yaml();
  }

  /** Text of a kubeconfig for the controller manager. */
  public String controllerManagerKubeconfig() {
    return pki.controllerManagerKubeconfig(url()).yaml();
  }

  /** Names of the simulated nodes. */
  public Collection<String> nodeNames() {
    return nodes.names();
  }

  /**
   * Makes a node fall silent, as when its machine loses power.
   *
   * @throws IllegalArgumentException when there is no node of that name
   */
  public void stopNode(String name) {
    nodes.stopNode(name);
  }

  /**
   * Brings a stopped node back.
   *
   * @throws IllegalArgumentException when there is no node of that name
   */
  public void startNode(String name) {
    nodes.startNode(name);
  }

  /**
   * Stops nodes, API and threads, in this order; what was not kept in a file is gone. Idempotent.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      restoring.cancel(false);
      nodes.close();
      // Before their connections are cut, and the store last: requests under way may still write.
      server.endWatches();
      http.close();
      server.close();
      executor.shutdownNow();
    }
  }

  /** Describes a cluster; every setting has a default. Single use, confined to one thread. */
  public static final class Builder {

    private static final int HIGHEST_PORT = 65_535;

    private String bindAddress = "127.0.0.1";
    private int port;
    private NodeSettings nodeSettings = NodeSettings.of(1);
    private Clock clock = Clock.systemUTC();
    private @Nullable Path pkiDir;
    private @Nullable Path storeFile;
    private int history = 100_000;
    private int requestLog;
    private FaultPlan faults = FaultPlan.create();
    private AuthorizationMode authorization = AuthorizationMode.COMPONENTS;
    private boolean requireServiceAccounts;
    private boolean protectStorageInUse;
    private boolean alphaApis;

    private Builder() {}

    /** Address to listen on. Default 127.0.0.1. */
    public Builder bindAddress(String value) {
      bindAddress = value;
      return this;
    }

    /** Port to listen on, 0 to 65535; 0 takes a free one. Default 0. */
    public Builder port(int value) {
      if (value < 0 || value > HIGHEST_PORT) {
        throw new IllegalArgumentException("port must be 0 to 65535, not " + value);
      }
      port = value;
      return this;
    }

    /** Number of simulated nodes, 0 to 1000. Default 1. */
    public Builder nodes(int count) {
      return nodes(NodeSettings.of(count));
    }

    /** Number and behaviour of the simulated nodes. */
    public Builder nodes(NodeSettings value) {
      nodeSettings = value;
      return this;
    }

    /** Clock for times in objects and ages. Certificates go by the system's. Default: that too. */
    public Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /** Directory to keep certificates and kubeconfigs in. Default: in memory only. */
    public Builder pkiDir(Path value) {
      pkiDir = value;
      return this;
    }

    /**
     * File to keep all objects in; those in it come back with their UIDs, and resourceVersions go
     * on. Certificates and tokens hold on too if {@link #pkiDir} is the same. A change that was
     * answered survives the end of this process, however that comes. Default: in memory only.
     */
    public Builder storeFile(Path value) {
      storeFile = value;
      return this;
    }

    /** How many changes old watches can be answered from, at least 1. Default 100 000. */
    public Builder history(int value) {
      history = value;
      return this;
    }

    /**
     * How many of the latest requests {@link ApiServer#requestLog()} shows; those that are refused
     * for want of rights are not among them. Default 0: none.
     */
    public Builder requestLog(int value) {
      requestLog = value;
      return this;
    }

    /** Faults to show. Default: none. */
    public Builder faults(FaultPlan value) {
      faults = value;
      return this;
    }

    /** Who decides about requests over HTTPS. Default {@link AuthorizationMode#COMPONENTS}. */
    public Builder authorization(AuthorizationMode value) {
      authorization = value;
      return this;
    }

    /**
     * Whether pods need the service account they run as, as the original demands. It takes a
     * controller, or somebody else, that creates the account {@code default} in each namespace.
     * Default: false.
     */
    public Builder requireServiceAccounts(boolean value) {
      requireServiceAccounts = value;
      return this;
    }

    /**
     * Whether claims, volumes and classes of volume attributes are held by a finalizer while they
     * are in use, as in the original. It takes the protection controllers, or somebody else, to
     * remove it. Default: false.
     */
    public Builder protectStorageInUse(boolean value) {
      protectStorageInUse = value;
      return this;
    }

    /**
     * Whether kinds in alpha are served, as {@code --runtime-config=api/alpha=true} makes the
     * original do: DeviceTaintRule. Default: false.
     */
    public Builder alphaApis(boolean value) {
      alphaApis = value;
      return this;
    }

    /**
     * A cluster that listens.
     *
     * @throws IOException when the address cannot be bound
     * @throws dev.kcm.embedded.pki.PkiException when certificate files cannot be read or written
     * @throws java.io.UncheckedIOException when the file of objects cannot be opened or read, for
     *     example because another process uses it
     */
    public EmbeddedCluster start() throws IOException {
      Path directory = pkiDir;
      Clock system = Clock.systemUTC();
      Pki pki =
          directory == null
              ? Pki.inMemory(system, serverNames())
              : Pki.in(directory, system, serverNames());
      EmbeddedCluster cluster = start(pki);
      if (directory != null) {
        pki.writeKubeconfigs(directory, cluster.url());
      }
      return cluster;
    }

    private EmbeddedCluster start(Pki pki) throws IOException {
      ScheduledThreadPoolExecutor executor = executor();
      ApiServer server = server(executor);
      AccessControl access =
          AccessControl.over(server, pki.serviceAccountKeys(), authorization, clock);
      SimulatedNodes nodes = SimulatedNodes.start(server, nodeSettings, clock, executor);
      try {
        ApiHttpServer http =
            ApiHttpServer.builder(server, pki)
                .bindAddress(bindAddress)
                .port(port)
                .clock(clock)
                .access(access)
                .ready(nodes::isReady)
                .start();
        SystemObjects system = new SystemObjects(server, pki, http.url(), clock);
        system.ensure();
        Future<?> restoring =
            executor.scheduleWithFixedDelay(
                () -> restore(system), RESTORE_SECONDS, RESTORE_SECONDS, TimeUnit.SECONDS);
        return new EmbeddedCluster(pki, executor, server, nodes, http, restoring);
      } catch (IOException | RuntimeException e) {
        nodes.close();
        server.close();
        executor.shutdownNow();
        throw e;
      }
    }

    private ApiServer server(ScheduledThreadPoolExecutor executor) {
      ApiServer.Builder description =
          ApiServer.builder()
              .clock(clock)
              .timer(executor)
              .historyLimit(history)
              .requestLog(requestLog)
              .faults(faults)
              .kinds(alphaApis ? KindTable.standardAndAlpha() : KindTable.standard())
              .requireServiceAccounts(requireServiceAccounts)
              .protectStorageInUse(protectStorageInUse);
      Path file = storeFile;
      try {
        return (file == null ? description : description.storeFile(file)).build();
      } catch (RuntimeException e) {
        executor.shutdownNow();
        throw e;
      }
    }

    private static void restore(SystemObjects system) {
      try {
        system.ensure();
      } catch (RuntimeException e) {
        LOG.warn("Objects of the system could not be restored; tried again: {}", e.getMessage());
      }
    }

    private List<String> serverNames() {
      List<String> names =
          new ArrayList<>(
              List.of(
                  "127.0.0.1",
                  "::1",
                  "localhost",
                  SystemObjects.SERVICE_ADDRESS,
                  "kubernetes",
                  "kubernetes.default",
                  "kubernetes.default.svc",
                  "kubernetes.default.svc.cluster.local"));
      boolean anyAddress = bindAddress.equals("0.0.0.0") || bindAddress.equals("::");
      if (!anyAddress && !names.contains(bindAddress)) {
        names.add(bindAddress);
      }
      return names;
    }

    private static ScheduledThreadPoolExecutor executor() {
      AtomicInteger count = new AtomicInteger();
      ScheduledThreadPoolExecutor executor =
          new ScheduledThreadPoolExecutor(
              TIMER_THREADS,
              task -> {
                Thread thread = new Thread(task, "embedded-cluster-" + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
              });
      executor.setRemoveOnCancelPolicy(true);
      return executor;
    }
  }
}
