package dev.kcm.examples.webapp;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Stage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps page, server and status of an app as its spec says, and takes the server down before the
 * app goes. Objects of its name that are not its own are left alone and told of in the status.
 *
 * <p>Immutable.
 */
final class WebAppReconciler implements Reconciler<WebAppSnapshot> {

  /** Holds an app until its Deployment is gone. */
  static final String FINALIZER = "examples.kcm.dev/server";

  @Override
  public Plan decide(WebAppSnapshot snapshot, Instant now) {
    List<String> finalizers = snapshot.app().getMetadata().getFinalizers();
    boolean held = finalizers.contains(FINALIZER);
    if (snapshot.app().getMetadata().getDeletionTimestamp() != null) {
      return held ? takeDown(snapshot) : Plan.NOTHING;
    }
    if (!held) {
      List<String> more = new ArrayList<>(finalizers);
      more.add(FINALIZER);
      return Plan.of(finalizers(snapshot.app(), more, "app is new"));
    }
    List<Action> actions = new ArrayList<>();
    if (!snapshot.isNameTaken()) {
      page(snapshot).ifPresent(actions::add);
      server(snapshot).ifPresent(actions::add);
    }
    status(snapshot, now).ifPresent(actions::add);
    return actions.isEmpty() ? Plan.NOTHING : Plan.of(Stage.keepGoing(actions));
  }

  private static Plan takeDown(WebAppSnapshot snapshot) {
    Optional<Deployment> own = snapshot.server().filter(snapshot::isOwn);
    if (own.isEmpty()) {
      List<String> rest = new ArrayList<>(snapshot.app().getMetadata().getFinalizers());
      rest.remove(FINALIZER);
      return Plan.of(finalizers(snapshot.app(), rest, "server is gone"));
    }
    return own.filter(server -> server.getMetadata().getDeletionTimestamp() == null)
        .map(server -> Plan.of(Action.delete(Main.SERVERS, server, "app is being deleted")))
        .orElse(Plan.NOTHING);
  }

  /** The version makes the server refuse when somebody else changed the list meanwhile. */
  private static Action finalizers(WebApp app, List<String> finalizers, String why) {
    String body =
        "{\"metadata\":{\"resourceVersion\":\"%s\",\"finalizers\":%s}}"
            .formatted(app.getMetadata().getResourceVersion(), Serialization.asJson(finalizers));
    return new Action.Patch<>(Main.APPS, ObjectKey.of(app), "", PatchFormat.MERGE, body, why);
  }

  private static Optional<Action> page(WebAppSnapshot snapshot) {
    WebApp app = snapshot.app();
    if (snapshot.page().isEmpty()) {
      return Optional.of(Action.create(Main.PAGES, WebAppChildren.page(app), "no page yet"));
    }
    ConfigMap page = snapshot.page().get();
    ConfigMap wanted = WebAppChildren.updated(page, app);
    return wanted.equals(page)
        ? Optional.empty()
        : Optional.of(Action.update(Main.PAGES, wanted, "message has changed"));
  }

  private static Optional<Action> server(WebAppSnapshot snapshot) {
    WebApp app = snapshot.app();
    if (snapshot.server().isEmpty()) {
      return Optional.of(Action.create(Main.SERVERS, WebAppChildren.server(app), "no server yet"));
    }
    Deployment server = snapshot.server().get();
    Deployment wanted = WebAppChildren.updated(server, app);
    return wanted.equals(server)
        ? Optional.empty()
        : Optional.of(Action.update(Main.SERVERS, wanted, "image or replicas have changed"));
  }

  private static Optional<Action> status(WebAppSnapshot snapshot, Instant now) {
    WebAppStatus wanted = snapshot.status(now);
    return wanted.equals(snapshot.app().getStatus())
        ? Optional.empty()
        : Optional.of(
            Action.updateStatus(
                Main.APPS, snapshot.app().withStatus(wanted), "status has changed"));
  }
}
