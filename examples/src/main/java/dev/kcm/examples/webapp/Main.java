package dev.kcm.examples.webapp;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiClients;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.lease.KubeLeaseLock;
import dev.kcm.core.lease.LeaderElectionConfig;
import dev.kcm.core.lease.LeaderElector;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.LeaderElectedManager;
import dev.kcm.core.manager.LeaseCandidacy;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs against the cluster of the surroundings: the pod's own, or the user's kubeconfig. */
public final class Main {

  static final ResourceType<WebApp> APPS = ResourceType.of(WebApp.class);
  static final ResourceType<ConfigMap> PAGES = ResourceType.of(ConfigMap.class);
  static final ResourceType<Deployment> SERVERS = ResourceType.of(Deployment.class);

  private static final String NAME = "webapp-operator";
  private static final int PROBES_PORT = 8080;
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration RENEWAL_TOLERANCE = Duration.ofSeconds(20);

  private Main() {}

  /**
   * Runs until the process is told to end or loses leadership.
   *
   * @param args namespace of the Lease; default: {@code default}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Environment environment = Environment.system();
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ObjectKey lease = new ObjectKey(args.length > 0 ? args[0] : "default", NAME);
    LeaseCandidacy candidacy = candidacy(lease, meters, environment);
    ApiClient client = client(meters).fence(candidacy).build();
    Manager manager =
        Manager.named(NAME)
            .controllers(List.of(controller()))
            .clients(identity -> client)
            .informers(Informers.create(client, environment, meters))
            .meters(meters)
            .fence(candidacy)
            .create(environment);
    CountDownLatch lost = new CountDownLatch(1);
    LeaderElectedManager elected = LeaderElectedManager.of(manager, candidacy, lost::countDown);
    Probes.serve(
        PROBES_PORT,
        () -> candidacy.elector().unhealthyBecause(RENEWAL_TOLERANCE),
        manager::notReadyBecause,
        meters::scrape);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> elected.stop(GRACE).join()));
    elected.start();
    lost.await();
    // The next process starts with clean caches.
    System.exit(1);
  }

  static ControllerSpec controller() {
    return ControllerSpec.named("webapp").wiredBy(context -> List.of(loop(context)));
  }

  private static Loop<WebAppSnapshot> loop(ControllerContext context) {
    Informer<WebApp> apps = context.informer(APPS);
    Informer<ConfigMap> pages = context.informer(PAGES);
    Informer<Deployment> servers = context.informer(SERVERS);
    // Children bear the app's name. So a child of somebody else that goes away is noticed, too,
    // which Enqueue.owner(APPS) would miss.
    return Loop.<WebAppSnapshot>named("webapp")
        .on(apps, Enqueue.self())
        .on(pages, Enqueue.self())
        .on(servers, Enqueue.self())
        .reading(new WebAppReader(apps.lister(), pages.lister(), servers.lister()))
        .deciding(new WebAppReconciler())
        .workers(2)
        .build();
  }

  private static LeaseCandidacy candidacy(
      ObjectKey lease, MeterRegistry meters, Environment environment) {
    LeaderElectionConfig config =
        LeaderElectionConfig.defaults(LeaderElectionConfig.newIdentity("", environment.random()));
    ApiClient client = client(meters).unlimited().requestTimeout(config.requestTimeout()).build();
    KubeLeaseLock lock = KubeLeaseLock.of(client, environment, lease);
    return LeaseCandidacy.of(
        callbacks ->
            LeaderElector.builder(config, lock, callbacks).meters(meters).build(environment));
  }

  private static ApiClients.Builder client(MeterRegistry meters) {
    return ApiClients.fromSurroundings().userAgent(NAME).meters(meters);
  }
}
