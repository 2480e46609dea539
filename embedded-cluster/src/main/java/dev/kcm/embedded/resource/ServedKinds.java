package dev.kcm.embedded.resource;

/**
 * The kinds that a server serves at the moment.
 *
 * <p>Thread-safe: one immutable table behind a volatile field; the definitions of custom kinds
 * write it, everybody reads it.
 */
final class ServedKinds {

  private volatile KindTable current;

  ServedKinds(KindTable first) {
    current = first;
  }

  KindTable current() {
    return current;
  }

  void become(KindTable next) {
    current = next;
  }
}
