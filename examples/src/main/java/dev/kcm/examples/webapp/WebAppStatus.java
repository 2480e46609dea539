package dev.kcm.examples.webapp;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/**
 * What is there.
 *
 * @param observedGeneration generation of the spec this was made from
 * @param readyReplicas pods that serve
 * @param conditions {@code Ready}; none before the first status
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WebAppStatus(long observedGeneration, int readyReplicas, List<Condition> conditions) {

  /** Before the first status. */
  static final WebAppStatus NONE = new WebAppStatus(0, 0, List.of());

  public WebAppStatus {
    // Jackson hands over null for a field that is absent.
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
