package dev.kcm.core.manager;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where a manager's informers come from. Thread-safe. */
public interface InformerSource {

  /** The informers of a process. */
  static InformerSource of(Informers informers) {
    return new SharedSource(informers);
  }

  /** The one informer of a type; the same for every caller. It is not started by this. */
  <T extends HasMetadata> Informer<T> informer(ResourceType<T> type);

  /** Starts the informers that were asked for and do not run yet. Does not wait for them. */
  void start();

  /**
   * Ends all informers, for good.
   *
   * @param drain how long handlers may take for what they still have to hear
   * @return completes with the names of handlers whose last call still ran after that time
   */
  CompletionStage<List<String>> stop(Duration drain);
}
