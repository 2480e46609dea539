package dev.kcm.examples.webapp;

import static dev.kcm.core.object.OwnerReferences.childMetadata;
import static dev.kcm.core.plan.Action.createOrPatch;

import dev.kcm.core.object.Conditions;
import dev.kcm.core.object.OwnerReferences;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Finalizers;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Stage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps page, server and status of an app as its spec says, and takes the server down before the
 * app goes. Objects of its name that are not its own are left alone and told of in the status.
 *
 * <p>Immutable.
 */
final class WebAppReconciler implements Reconciler<WebAppReconciler.Snapshot> {

  static final ResourceType<WebApp> APPS = ResourceType.of(WebApp.class);
  static final ResourceType<ConfigMap> PAGES = ResourceType.of(ConfigMap.class);
  static final ResourceType<Deployment> SERVERS = ResourceType.of(Deployment.class);

  /** Holds an app until its Deployment is gone. */
  static final String FINALIZER = "examples.kcm.dev/server";

  private static final String SERVER =
      """
      spec:
        selector: {matchLabels: {examples.kcm.dev/webapp: %1$s}}
        template:
          metadata: {labels: {examples.kcm.dev/webapp: %1$s}}
          spec:
            containers:
            - name: web
              volumeMounts: [{name: page, mountPath: /usr/share/nginx/html}]
            volumes: [{name: page, configMap: {name: %1$s}}]
      """;

  /**
   * All that a decision depends on.
   *
   * @param app the app
   * @param page the ConfigMap of its name, whoever owns it
   * @param server the Deployment of its name, whoever owns it
   */
  record Snapshot(WebApp app, Optional<ConfigMap> page, Optional<Deployment> server) {

    boolean isForeign(HasMetadata child) {
      return !OwnerReferences.isControlledBy(child, app);
    }

    boolean isNameTaken() {
      return page.filter(this::isForeign).isPresent() || server.filter(this::isForeign).isPresent();
    }
  }

  @Override
  public Plan decide(Snapshot snapshot, Instant now) {
    WebApp app = snapshot.app();
    if (app.isMarkedForDeletion()) {
      return takeDown(snapshot);
    }
    if (!Finalizers.has(app, FINALIZER)) {
      return Plan.of(Finalizers.add(APPS, app, FINALIZER));
    }
    List<Action> actions = new ArrayList<>();
    if (!snapshot.isNameTaken()) {
      ConfigMap page = page(app, snapshot.page());
      Deployment server = server(app, snapshot.server());
      createOrPatch(PAGES, snapshot.page(), page, "page is not as wanted").ifPresent(actions::add);
      createOrPatch(SERVERS, snapshot.server(), server, "server is not as wanted")
          .ifPresent(actions::add);
    }
    WebApp observed = Serialization.clone(app);
    observed.setStatus(status(snapshot, now));
    if (!observed.getStatus().equals(app.getStatus())) {
      actions.add(Action.updateStatus(APPS, observed, "status has changed"));
    }
    return Plan.of(Stage.keepGoing(actions));
  }

  private static Plan takeDown(Snapshot snapshot) {
    Optional<Deployment> own = snapshot.server().filter(server -> !snapshot.isForeign(server));
    if (own.isEmpty() || !Finalizers.has(snapshot.app(), FINALIZER)) {
      return Plan.of(Finalizers.remove(APPS, snapshot.app(), FINALIZER));
    }
    return own.get().isMarkedForDeletion()
        ? Plan.NOTHING
        : Plan.of(Action.delete(SERVERS, own.get(), "app is being deleted"));
  }

  static ConfigMap page(WebApp app, Optional<ConfigMap> seen) {
    ConfigMap page = seen.map(Serialization::clone).orElseGet(ConfigMap::new);
    page.setMetadata(seen.map(ConfigMap::getMetadata).orElse(childMetadata(app, APPS)));
    page.setData(Map.of("index.html", app.getSpec().message()));
    return page;
  }

  /** Of a server that is there, only image and replicas are changed. */
  static Deployment server(WebApp app, Optional<Deployment> seen) {
    Deployment server = seen.map(Serialization::clone).orElseGet(() -> newServer(app));
    server.getSpec().setReplicas(app.getSpec().replicas());
    server.getSpec().getTemplate().getSpec().getContainers().get(0).setImage(app.getSpec().image());
    return server;
  }

  private static Deployment newServer(WebApp app) {
    String yaml = SERVER.formatted(app.getMetadata().getName());
    Deployment server = Serialization.unmarshal(yaml, Deployment.class);
    server.setMetadata(childMetadata(app, APPS));
    return server;
  }

  private static WebApp.Status status(Snapshot snapshot, Instant now) {
    WebApp app = snapshot.app();
    Conditions conditions = Conditions.of(app.getStatus().conditions()).observing(app, now);
    if (snapshot.isNameTaken()) {
      conditions =
          conditions.set("Ready", false, "NameTaken", "an object of this name is not ours");
      return new WebApp.Status(app.getMetadata().getGeneration(), 0, conditions.list());
    }
    Optional<DeploymentStatus> status = snapshot.server().map(Deployment::getStatus);
    int ready = status.map(DeploymentStatus::getReadyReplicas).orElse(0);
    int wanted = app.getSpec().replicas();
    boolean serves = snapshot.server().isPresent() && ready >= wanted;
    String text = ready + " of " + wanted + " pods are ready";
    conditions = conditions.set("Ready", serves, serves ? "Serving" : "PodsNotReady", text);
    return new WebApp.Status(app.getMetadata().getGeneration(), ready, conditions.list());
  }
}
