package dev.kcm.examples.webapp;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import java.util.Optional;

/** Apps for tests, and their children as a cluster would hold them. */
final class TestWebApp {

  private TestWebApp() {}

  /** An app that was seen before: it has its finalizer. */
  static WebApp named(String name, String image, int replicas, String message) {
    WebApp app = new WebApp();
    app.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("default")
            .withName(name)
            .withUid("uid-of-" + name)
            .withResourceVersion("7")
            .withGeneration(2L)
            .withFinalizers(List.of(WebAppReconciler.FINALIZER))
            .build());
    app.setSpec(new WebApp.Spec(image, replicas, message));
    return app;
  }

  static ConfigMap page(WebApp app) {
    return new ConfigMapBuilder(WebAppReconciler.page(app, Optional.empty()))
        .editMetadata()
        .withUid("uid-of-page-of-" + app.getMetadata().getName())
        .endMetadata()
        .build();
  }

  static Deployment server(WebApp app, int ready) {
    return new DeploymentBuilder(WebAppReconciler.server(app, Optional.empty()))
        .editMetadata()
        .withUid("uid-of-server-of-" + app.getMetadata().getName())
        .endMetadata()
        .withNewStatus()
        .withReadyReplicas(ready)
        .endStatus()
        .build();
  }
}
