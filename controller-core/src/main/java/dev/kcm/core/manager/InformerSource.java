package dev.kcm.core.manager;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.NamespaceSet;
import dev.kcm.core.informer.Selection;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where a manager's informers come from. Thread-safe. */
public interface InformerSource {

  /** The informers of a process. */
  static InformerSource of(Informers informers) {
    return in(NamespaceSet.all(), informers);
  }

  /**
   * The informers of a process that looks at some namespaces only: whoever asks for a namespaced
   * resource without naming namespaces gets what is in these.
   *
   * @param namespaces may change at run time
   */
  static InformerSource in(NamespaceSet namespaces, Informers informers) {
    return new SharedSource(informers, namespaces);
  }

  /**
   * The one informer of a part of a resource; the same for every caller. It is not started by this.
   *
   * @throws IllegalArgumentException when namespaces are selected of what has none
   */
  <T extends HasMetadata> Informer<T> informer(ResourceType<T> type, Selection selection);

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
