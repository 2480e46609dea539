package dev.kcm.examples.webapp;

import dev.kcm.core.object.OwnerReferences;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All that a decision depends on.
 *
 * @param app the app
 * @param page the ConfigMap of its name, whoever owns it
 * @param server the Deployment of its name, whoever owns it
 */
record WebAppSnapshot(WebApp app, Optional<ConfigMap> page, Optional<Deployment> server) {

  /** The one condition an app has. */
  static final String READY = "Ready";

  boolean isOwn(HasMetadata child) {
    return OwnerReferences.isControlledBy(child, app);
  }

  /** Whether an object of the app's name belongs to somebody else. */
  boolean isNameTaken() {
    return !page.map(this::isOwn).orElse(true) || !server.map(this::isOwn).orElse(true);
  }

  /** The status that the rest of the snapshot amounts to. */
  WebAppStatus status(Instant now) {
    long generation = Objects.requireNonNullElse(app.getMetadata().getGeneration(), 0L);
    int ready =
        server
            .filter(this::isOwn)
            .map(Deployment::getStatus)
            .map(DeploymentStatus::getReadyReplicas)
            .orElse(0);
    int wanted = app.getSpec().replicas();
    boolean serves = !isNameTaken() && server.isPresent() && ready >= wanted;
    Condition condition =
        new ConditionBuilder()
            .withType(READY)
            .withStatus(serves ? "True" : "False")
            .withReason(isNameTaken() ? "NameTaken" : serves ? "Serving" : "PodsNotReady")
            .withMessage(
                isNameTaken()
                    ? "a ConfigMap or Deployment of this name belongs to somebody else"
                    : ready + " of " + wanted + " pods are ready")
            .withObservedGeneration(generation)
            .withLastTransitionTime(lastTransition(serves ? "True" : "False", now))
            .build();
    return new WebAppStatus(generation, ready, List.of(condition));
  }

  private String lastTransition(String status, Instant now) {
    return app.getStatus().conditions().stream()
        .filter(old -> old.getType().equals(READY) && old.getStatus().equals(status))
        .map(Condition::getLastTransitionTime)
        .findFirst()
        .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
  }
}
