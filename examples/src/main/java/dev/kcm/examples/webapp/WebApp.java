package dev.kcm.examples.webapp;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page and how it is served. Its schema is {@code webapp/crd.yaml}.
 *
 * <p>Mutable, because fabric8 fills it in; never changed once it is in a cache.
 */
@Group("examples.kcm.dev")
@Version("v1")
public final class WebApp extends CustomResource<WebApp.Spec, WebApp.Status> implements Namespaced {

  private static final long serialVersionUID = 1;

  /**
   * What is wanted. The schema requires the image and sets defaults for the rest.
   *
   * @param image container image of the web server
   * @param replicas pods, 0 or more
   * @param message text of the page
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Spec(String image, int replicas, String message) {}

  /**
   * What is there.
   *
   * @param observedGeneration generation of the spec this was made from
   * @param readyReplicas pods that serve
   * @param conditions {@code Ready}; null before the first status
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Status(
      long observedGeneration, int readyReplicas, @Nullable List<Condition> conditions) {}

  @Override
  protected Spec initSpec() {
    return new Spec("", 0, "");
  }

  @Override
  protected Status initStatus() {
    return new Status(0, 0, null);
  }
}
