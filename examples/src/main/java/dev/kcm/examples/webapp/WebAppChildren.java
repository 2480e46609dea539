package dev.kcm.examples.webapp;

import dev.kcm.core.object.OwnerReferences;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;

/** What an app consists of: new, and brought up to date without touching fields of others. */
final class WebAppChildren {

  private static final String PAGE = "index.html";
  private static final String ROOT = "/usr/share/nginx/html";
  private static final String LABEL = "examples.kcm.dev/webapp";

  private WebAppChildren() {}

  static ConfigMap page(WebApp app) {
    return updated(new ConfigMapBuilder().withMetadata(metadata(app)).build(), app);
  }

  static ConfigMap updated(ConfigMap page, WebApp app) {
    return new ConfigMapBuilder(page).withData(Map.of(PAGE, app.getSpec().message())).build();
  }

  static Deployment server(WebApp app) {
    Map<String, String> labels = Map.of(LABEL, app.getMetadata().getName());
    return new DeploymentBuilder()
        .withMetadata(metadata(app))
        .withNewSpec()
        .withReplicas(app.getSpec().replicas())
        .withNewSelector()
        .withMatchLabels(labels)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("web")
        .withImage(app.getSpec().image())
        .addNewVolumeMount()
        .withName("page")
        .withMountPath(ROOT)
        .endVolumeMount()
        .endContainer()
        .addNewVolume()
        .withName("page")
        .withNewConfigMap()
        .withName(app.getMetadata().getName())
        .endConfigMap()
        .endVolume()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  static Deployment updated(Deployment server, WebApp app) {
    return new DeploymentBuilder(server)
        .editSpec()
        .withReplicas(app.getSpec().replicas())
        .editTemplate()
        .editSpec()
        .editFirstContainer()
        .withImage(app.getSpec().image())
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static ObjectMeta metadata(WebApp app) {
    return new ObjectMetaBuilder()
        .withNamespace(app.getMetadata().getNamespace())
        .withName(app.getMetadata().getName())
        .withOwnerReferences(OwnerReferences.controllerReference(app, Main.APPS))
        .build();
  }
}
