package dev.kcm.core.manager;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.concurrent.CompletionStage;

/** Where a manager's informers come from. Thread-safe. */
public interface InformerSource {

  /** The one informer of a type; the same for every caller. It is not started by this. */
  <T extends HasMetadata> Informer<T> informer(ResourceType<T> type);

  /** Starts the informers that were asked for and do not run yet. Does not wait for them. */
  void start();

  /** Ends all informers, for good; completes when they have ended. Idempotent. */
  CompletionStage<Void> stop();
}
