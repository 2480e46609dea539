package dev.kcm.daemon.logs;

/**
 * How an API object appears in the log.
 *
 * @param namespace its namespace, or empty
 * @param name its name
 */
public record ObjectName(String namespace, String name) {

  /** Returns {@code namespace/name}, or the name alone. */
  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
