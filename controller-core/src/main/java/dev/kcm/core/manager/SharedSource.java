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

/**
 * The informers of a process, as a manager sees them.
 *
 * @param informers thread-safe
 * @param namespaces meant by who names none
 */
record SharedSource(Informers informers, NamespaceSet namespaces) implements InformerSource {

  @Override
  public <T extends HasMetadata> Informer<T> informer(ResourceType<T> type, Selection selection) {
    return informers.get(type, type.namespaced() ? selection.within(namespaces) : selection);
  }

  @Override
  public void start() {
    informers.start();
  }

  @Override
  public CompletionStage<List<String>> stop(Duration drain) {
    return informers.stop(drain);
  }
}
