package dev.kcm.controllers.shared.pods;

import dev.kcm.controllers.shared.objects.GenerateName;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;

/**
 * Makes pods from templates.
 *
 * <p>Immutable.
 */
public final class PodFromTemplate {

  private PodFromTemplate() {}

  /**
   * A pod to create: labels, annotations, finalizers and spec of the template, one controller
   * reference, and a name the server makes up from the owner's.
   */
  public static Pod of(PodTemplateSpec template, HasMetadata owner, ResourceType<?> ownerType) {
    ObjectMeta metadata =
        template.getMetadata() == null ? new ObjectMeta() : template.getMetadata();
    ObjectKey key = ObjectKey.of(owner);
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(key.namespace())
        .withGenerateName(GenerateName.under(key.name()))
        .withLabels(metadata.getLabels())
        .withAnnotations(metadata.getAnnotations())
        .withFinalizers(metadata.getFinalizers())
        .withOwnerReferences(OwnerReferences.controllerReference(owner, ownerType))
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }

  /** The labels of a template; empty when it has none. */
  public static Map<String, String> labels(PodTemplateSpec template) {
    ObjectMeta metadata = template.getMetadata();
    return metadata == null || metadata.getLabels() == null ? Map.of() : metadata.getLabels();
  }
}
