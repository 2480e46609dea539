package dev.kcm.controllers.auth.serviceaccount;

import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.List;
import java.util.Optional;

/**
 * Reads a namespace and looks for its ServiceAccounts in the caches.
 *
 * <p>Thread-safe: listers are.
 */
final class ServiceAccountReader implements Reader<ServiceAccountSnapshot> {

  private final List<String> managed;
  private final Lister<Namespace> namespaces;
  private final Lister<ServiceAccount> accounts;

  /**
   * A reader.
   *
   * @param managed names of the ServiceAccounts each namespace has to have
   */
  ServiceAccountReader(
      List<String> managed, Lister<Namespace> namespaces, Lister<ServiceAccount> accounts) {
    this.managed = List.copyOf(managed);
    this.namespaces = namespaces;
    this.accounts = accounts;
  }

  @Override
  public Optional<ServiceAccountSnapshot> read(ObjectKey key, boolean settled) {
    return namespaces
        .get(key)
        .map(namespace -> new ServiceAccountSnapshot(namespace, missing(key.name())));
  }

  private List<String> missing(String namespace) {
    return managed.stream()
        .filter(name -> accounts.get(new ObjectKey(namespace, name)).isEmpty())
        .toList();
  }
}
