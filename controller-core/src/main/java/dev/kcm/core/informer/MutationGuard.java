package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Watches over the objects of informers, which are shared and must not be changed by who reads
 * them.
 *
 * <p>It remembers each object in its serialized form, and compares every second, when the object is
 * replaced, and, if strict, after each call of a handler. What it finds is logged, counted in
 * {@code informer_mutations_total} and kept in {@link #found()}. Give it to {@link
 * Informers.Builder#guard}:
 *
 * <pre>{@code
 * MutationGuard guard = MutationGuard.strict();
 * Informers informers = Informers.builder(client).guard(guard).build();
 * ... // the test
 * guard.verify(); // fails when an object was changed
 * }</pre>
 *
 * <p>Off, which is the default, it costs nothing. Otherwise it costs as much memory as the JSON of
 * what it remembers, and a serialization for each comparison.
 *
 * <p>Thread-safe: its lists are.
 */
public final class MutationGuard {

  /** How closely a guard looks. */
  public enum Mode {
    /** Not at all. */
    OFF,
    /** At one object of sixteen, at most 64 of them a second: for production. */
    SAMPLE,
    /** At every object, and for two minutes after it was replaced: for tests. */
    STRICT
  }

  /**
   * A change that was found.
   *
   * @param resource which informer, for example {@code deployments.apps}
   * @param key which object
   * @param path where in it, as a JSON path; the first place when there are several
   * @param handler the handler that was told of the object last; empty when none was
   */
  public record Mutation(String resource, ObjectKey key, String path, String handler) {

    /** In words. */
    @Override
    public String toString() {
      return resource
          + " "
          + key
          + " was changed in the cache at "
          + path
          + (handler.isEmpty() ? "" : "; handler " + handler + " was told of it last");
    }
  }

  /** What looks at the objects of one informer. */
  interface Watcher {
    void checkAll();
  }

  private static final int MOST_KEPT = 1000;

  private final Mode mode;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final List<Mutation> found = new CopyOnWriteArrayList<>();

  private MutationGuard(Mode mode) {
    this.mode = mode;
  }

  /** A guard that does nothing. */
  public static MutationGuard off() {
    return new MutationGuard(Mode.OFF);
  }

  /** A guard for production. */
  public static MutationGuard sampling() {
    return new MutationGuard(Mode.SAMPLE);
  }

  /** A guard for tests. */
  public static MutationGuard strict() {
    return new MutationGuard(Mode.STRICT);
  }

  /** How closely it looks. */
  public Mode mode() {
    return mode;
  }

  /** What it has found so far; of very many, the first thousand. */
  public List<Mutation> found() {
    return List.copyOf(found);
  }

  /**
   * Compares everything now.
   *
   * @throws IllegalStateException when an object was changed, now or earlier; the message names
   *     each with its place and handler
   */
  public void verify() {
    watchers.forEach(Watcher::checkAll);
    if (!found.isEmpty()) {
      StringBuilder text = new StringBuilder("cached objects must not be changed:");
      found.forEach(mutation -> text.append("\n  ").append(mutation));
      throw new IllegalStateException(text.toString());
    }
  }

  void report(Mutation mutation) {
    if (found.size() < MOST_KEPT) {
      found.add(mutation);
    }
  }

  void watching(Watcher watcher) {
    watchers.add(watcher);
  }

  void gone(Watcher watcher) {
    watchers.remove(watcher);
  }
}
