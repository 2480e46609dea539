package dev.kcm.core.informer;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;

/**
 * Model objects as JSON, for copies and comparisons. Stateless; the mapper is made when it is first
 * needed and not changed afterwards.
 */
final class ModelJson {

  private ModelJson() {}

  /** Keeps the mapper from being made before it is needed. Immutable. */
  private static final class Holder {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final KubernetesSerialization RULES = new KubernetesSerialization(MAPPER, false);
  }

  /** An object of the same class and content that shares nothing with it. */
  static <T> T copy(T object) {
    return Holder.RULES.clone(object);
  }

  static byte[] write(Object object) {
    return Holder.RULES.asJson(object).getBytes(StandardCharsets.UTF_8);
  }
}
