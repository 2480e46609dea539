package dev.kcm.examples.webapp;

import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Operator;
import dev.kcm.examples.webapp.WebAppReconciler.Snapshot;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/** Runs against the cluster of the surroundings: the pod's own, or the user's kubeconfig. */
public final class WebAppOperator {

  private WebAppOperator() {}

  /**
   * Runs until the process is told to end.
   *
   * @param args port of health and metrics; default 8080
   */
  public static void main(String[] args) throws InterruptedException {
    operator(args.length > 0 ? Integer.parseInt(args[0]) : 8080).create().runUntilTerminated();
  }

  static Operator.Builder operator(int port) {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return Operator.named("webapp-operator")
        .controllers(controller())
        .leaderElection("default")
        .meters(meters, meters::scrape)
        .serving(port);
  }

  static ControllerSpec controller() {
    return ControllerSpec.named("webapp")
        .access(
            Access.to(WebAppReconciler.APPS).watch("what is wanted").patch("the finalizer"),
            Access.to(WebAppReconciler.APPS, "status").update("whether it serves"),
            Access.to(WebAppReconciler.PAGES)
                .watch("what is served")
                .with("serving it", "create", "patch"),
            Access.to(WebAppReconciler.SERVERS)
                .watch("who serves")
                .with("having them serve", "create", "patch")
                .delete("when the app goes"))
        .wiredBy(context -> List.of(loop(context)));
  }

  private static Loop<Snapshot> loop(ControllerContext context) {
    Informer<WebApp> apps = context.informer(WebAppReconciler.APPS);
    Informer<ConfigMap> pages = context.informer(WebAppReconciler.PAGES);
    Informer<Deployment> servers = context.informer(WebAppReconciler.SERVERS);
    // Children bear the app's name. So a child of somebody else that goes away is noticed, too,
    // which Enqueue.owner(APPS) would miss.
    return Loop.<Snapshot>named("webapp")
        .on(apps, Enqueue.self())
        .on(pages, Enqueue.self())
        .on(servers, Enqueue.self())
        .reading(
            (key, settled) ->
                apps.lister()
                    .get(key)
                    .map(
                        app ->
                            new Snapshot(app, pages.lister().get(key), servers.lister().get(key))))
        .deciding(new WebAppReconciler())
        .workers(2)
        .build();
  }
}
