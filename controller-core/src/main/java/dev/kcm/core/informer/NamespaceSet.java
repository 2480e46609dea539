package dev.kcm.core.informer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * The namespaces that informers look at.
 *
 * <p>A fixed set equals another fixed one with the same names. A set that may change is equal to
 * itself only; the informers that look at it follow each change: for a namespace that comes, its
 * objects are added, for one that goes, they are deleted, and nothing else is touched.
 *
 * <p>Guarded by {@code lock}; followers are told outside of it.
 */
public final class NamespaceSet {

  /** Stands for all namespaces, and for resources that have none. */
  private static final String EVERY = "";

  private static final NamespaceSet ALL = new NamespaceSet(Set.of(EVERY), true);

  private final boolean fixed;
  private final List<Runnable> followers = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();

  @GuardedBy("lock") private Set<String> names;

  private NamespaceSet(Set<String> names, boolean fixed) {
    this.names = names;
    this.fixed = fixed;
  }

  /** All namespaces, looked at as one. */
  public static NamespaceSet all() {
    return ALL;
  }

  /**
   * These namespaces, for good.
   *
   * @throws IllegalArgumentException when there is none, or one has no name
   */
  public static NamespaceSet of(Collection<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "no namespaces, allowed: one or more; all() stands for all of them");
    }
    return new NamespaceSet(checked(names), true);
  }

  /**
   * Namespaces that may change.
   *
   * @param names those at first; none is allowed
   * @throws IllegalArgumentException when one has no name
   */
  public static NamespaceSet changing(Collection<String> names) {
    return new NamespaceSet(checked(names), false);
  }

  private static Set<String> checked(Collection<String> names) {
    if (names.contains(EVERY)) {
      throw new IllegalArgumentException("a namespace has no name in " + names);
    }
    return Set.copyOf(names);
  }

  /** The names at the moment; the empty name alone stands for all namespaces. */
  public Set<String> names() {
    synchronized (lock) {
      return names;
    }
  }

  /** Whether the names stay what they are. */
  public boolean isFixed() {
    return fixed;
  }

  boolean isAll() {
    return names().contains(EVERY);
  }

  /**
   * Looks at one more namespace.
   *
   * @throws IllegalStateException when the set is fixed
   * @throws IllegalArgumentException when the name is empty
   */
  public void add(String namespace) {
    checked(List.of(namespace));
    change(
        now -> {
          now.add(namespace);
          return now;
        });
  }

  /**
   * Looks at a namespace no longer. One that is not in the set may be named.
   *
   * @throws IllegalStateException when the set is fixed
   */
  public void remove(String namespace) {
    change(
        now -> {
          now.remove(namespace);
          return now;
        });
  }

  /**
   * Looks at these from now on.
   *
   * @throws IllegalStateException when the set is fixed
   * @throws IllegalArgumentException when one has no name
   */
  public void set(Collection<String> wanted) {
    Set<String> checked = checked(wanted);
    change(now -> checked);
  }

  private void change(UnaryOperator<Set<String>> step) {
    if (fixed) {
      throw new IllegalStateException(
          "the namespaces " + names() + " are fixed; make a changing() set");
    }
    synchronized (lock) {
      names = Set.copyOf(step.apply(new TreeSet<>(names)));
    }
    followers.forEach(Runnable::run);
  }

  /** Tells of each change, on the thread that makes it. */
  void follow(Runnable follower) {
    if (!fixed) {
      followers.add(follower);
    }
  }

  void unfollow(Runnable follower) {
    followers.remove(follower);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof NamespaceSet set && fixed && set.fixed && names().equals(set.names()));
  }

  @Override
  public int hashCode() {
    return fixed ? names().hashCode() : System.identityHashCode(this);
  }

  /** The names, for logs. */
  @Override
  public String toString() {
    return isAll() ? "all namespaces" : new TreeSet<>(names()).toString();
  }
}
