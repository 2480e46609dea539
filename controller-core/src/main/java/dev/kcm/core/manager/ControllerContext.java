package dev.kcm.core.manager;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Selection;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.MeterRegistry;

/** What a controller is given when it is wired. */
public interface ControllerContext {

  /** Clocks, timers, randomness, threads. */
  Environment environment();

  /** The informer of all objects of a type that the manager looks at. */
  default <T extends HasMetadata> Informer<T> informer(ResourceType<T> type) {
    return informer(type, Selection.ALL);
  }

  /**
   * The informer of a part of a resource: of some namespaces, of what matches a selector, or of one
   * object. All controllers of the process that ask for the same part share one; it is started
   * after the wiring.
   *
   * <p>{@link ResourceType#metadataOnly()} gives one that holds names, labels and owners and not
   * the contents.
   *
   * @param selection without namespaces of its own, it means those of the manager
   * @throws IllegalArgumentException when namespaces are selected of what has none
   */
  <T extends HasMetadata> Informer<T> informer(ResourceType<T> type, Selection selection);

  /** Where the controller registers meters of its own. */
  MeterRegistry meters();

  /**
   * Has something done once the manager has stopped its loops for good, such as the removal of
   * meters.
   *
   * <p>Of contexts that are not a manager's, as in tests, nothing is done.
   *
   * @param action must be quick; runs once, on a thread of the manager; what it throws is logged
   */
  default void atStop(Runnable action) {}

  /** Whether a feature gate is on. */
  boolean enabled(String featureGate);
}
