package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears of definitions of custom resources, so that informers of a kind that has just come need not
 * wait for their next try.
 *
 * <p>Immutable.
 */
final class Definitions implements EventHandler<PartialObjectMetadata> {

  static final ResourceType<PartialObjectMetadata> TYPE =
      new ResourceType<>(
          PartialObjectMetadata.class,
          "apiextensions.k8s.io",
          "v1",
          "CustomResourceDefinition",
          "customresourcedefinitions",
          false);

  /** A server tells of a definition a moment before it serves its kind. */
  private static final Duration SERVED_AFTER = Duration.ofSeconds(2);

  private final Environment environment;
  private final Executor executor;
  private final Consumer<String> served;

  /**
   * @param served takes the qualified plural of a kind that is, or soon will be, served
   */
  Definitions(Environment environment, Consumer<String> served) {
    this.environment = environment;
    this.executor = environment.executor("informer-definitions");
    this.served = served;
  }

  @Override
  public void onAdd(PartialObjectMetadata definition, boolean initial) {
    changed(definition);
  }

  @Override
  public void onUpdate(PartialObjectMetadata old, PartialObjectMetadata current) {
    changed(current);
  }

  /** The watches of its kind end by themselves. */
  @Override
  public void onDelete(
      ObjectKey key, @Nullable PartialObjectMetadata last, boolean finalStateUnknown) {}

  private void changed(PartialObjectMetadata definition) {
    String plural = definition.getMetadata().getName();
    served.accept(plural);
    environment.timers().schedule(SERVED_AFTER, executor, () -> served.accept(plural));
  }
}
