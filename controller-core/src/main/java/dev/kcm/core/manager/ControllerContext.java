package dev.kcm.core.manager;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.MeterRegistry;

/** What a controller is given when it is wired. */
public interface ControllerContext {

  /** Clocks, timers, randomness, threads. */
  Environment environment();

  /** The process-wide informer of a type; asking starts nothing that was not asked for before. */
  <T extends HasMetadata> Informer<T> informer(ResourceType<T> type);

  /** Where the controller registers meters of its own. */
  MeterRegistry meters();

  /** Whether a feature gate is on. */
  boolean enabled(String featureGate);
}
