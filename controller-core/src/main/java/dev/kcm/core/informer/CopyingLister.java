package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Hands out copies of what another lister reads. Thread-safe: as the other lister is.
 *
 * @param <T> model class
 */
final class CopyingLister<T> implements Lister<T> {

  private final Lister<T> shared;

  CopyingLister(Lister<T> shared) {
    this.shared = shared;
  }

  private static <T> List<T> copies(List<T> objects) {
    List<T> copies = new ArrayList<>(objects.size());
    objects.forEach(object -> copies.add(ModelJson.copy(object)));
    return copies;
  }

  @Override
  public Optional<T> get(ObjectKey key) {
    return shared.get(key).map(ModelJson::copy);
  }

  @Override
  public List<T> list() {
    return copies(shared.list());
  }

  @Override
  public List<T> inNamespace(String namespace) {
    return copies(shared.inNamespace(namespace));
  }

  @Override
  public List<T> byIndex(String index, String value) {
    return copies(shared.byIndex(index, value));
  }

  @Override
  public Set<String> indexValues(String index) {
    return shared.indexValues(index);
  }

  @Override
  public int size() {
    return shared.size();
  }

  @Override
  public List<ObjectKey> keysByIndex(String index, String value) {
    return shared.keysByIndex(index, value);
  }

  @Override
  public Lister<T> copying() {
    return this;
  }
}
