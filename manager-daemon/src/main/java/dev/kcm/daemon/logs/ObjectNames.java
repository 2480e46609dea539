package dev.kcm.daemon.logs;

import java.util.Optional;

/** Tells which logged values are API objects. */
@FunctionalInterface
public interface ObjectNames {

  /** Knows no API objects but {@link ObjectName} itself. */
  ObjectNames NONE = value -> Optional.empty();

  /** Returns the name of a value that is an API object; must not throw. Called by any thread. */
  Optional<ObjectName> nameOf(Object value);
}
