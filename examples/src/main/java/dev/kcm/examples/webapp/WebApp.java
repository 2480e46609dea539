package dev.kcm.examples.webapp;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A page and how it is served. Its schema is {@code webapp/crd.yaml}.
 *
 * <p>Mutable, because fabric8 fills it in; never changed once it is in a cache.
 */
@Group("examples.kcm.dev")
@Version("v1")
public final class WebApp extends CustomResource<WebAppSpec, WebAppStatus> implements Namespaced {

  private static final long serialVersionUID = 1;

  /** The same with another status; metadata and spec are shared. */
  WebApp withStatus(WebAppStatus newStatus) {
    WebApp copy = new WebApp();
    copy.setMetadata(getMetadata());
    copy.setSpec(getSpec());
    copy.setStatus(newStatus);
    return copy;
  }

  @Override
  protected WebAppSpec initSpec() {
    return new WebAppSpec("", 0, "");
  }

  @Override
  protected WebAppStatus initStatus() {
    return WebAppStatus.NONE;
  }
}
