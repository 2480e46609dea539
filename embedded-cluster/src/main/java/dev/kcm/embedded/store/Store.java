package dev.kcm.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Versioned objects by resource and key, with one revision counter over all of them; in memory
 * alone, or kept in a file as well.
 *
 * <p>Writers read an object, compute the next one, and commit it with compare-and-set on the
 * instance they read. Each commit takes the next revision and writes it into {@code
 * metadata.resourceVersion}. A bounded history of changes answers watches from an older revision
 * and lists at an older revision.
 *
 * <p>Thread-safe: state is guarded by one lock that is held for map operations, and while a change
 * is written to the file, so that nobody sees what a crash could undo; listeners run on the
 * writer's thread after the lock was let go, one event at a time and in revision order.
 */
public final class Store implements AutoCloseable {

  /** The revision of an empty store. */
  public static final long FIRST_REVISION = 100;

  private final ReentrantLock lock = new ReentrantLock();
  private final int historyLimit;
  private final Journal journal;

  // Guarded by lock.
  private final Map<String, Shelf> shelves = new HashMap<>();
  private final ArrayDeque<StoreEvent> history = new ArrayDeque<>();
  private long compacted;

  /** Written under the lock, read by anyone. */
  private volatile long revision = FIRST_REVISION;

  private Store(int historyLimit, Journal journal) {
    this.historyLimit = historyLimit;
    this.journal = journal;
  }

  /**
   * A store without objects.
   *
   * @param historyLimit number of changes to remember, at least 1
   */
  public static Store create(int historyLimit) {
    if (historyLimit < 1) {
      throw new IllegalArgumentException("historyLimit must be at least 1, not " + historyLimit);
    }
    return new Store(historyLimit, Journal.NONE);
  }

  /**
   * A store whose objects are kept in a file, with those that are there already. Revisions go on
   * where they ended; the history of changes is not kept.
   *
   * @param historyLimit number of changes to remember, at least 1
   * @param file the file, made when missing
   * @throws JournalException when the file cannot be opened or read
   */
  public static Store open(int historyLimit, Path file) {
    Store store = new Store(create(historyLimit).historyLimit, FileJournal.open(file));
    store.load();
    return store;
  }

  private void load() {
    lock.lock();
    try {
      revision =
          journal.load(
              (resource, key, object) -> {
                Shelf shelf = shelf(resource);
                shelf.objects.put(key, object);
                shelf.lastChange =
                    Math.max(
                        shelf.lastChange, object.path("metadata").path("resourceVersion").asLong());
              });
      compacted = revision == FIRST_REVISION ? 0 : revision;
    } catch (JournalException e) {
      journal.close();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the use of the file; what was stored stays there. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      journal.close();
    } finally {
      lock.unlock();
    }
  }

  /** The revision of the latest change. */
  public long revision() {
    return revision;
  }

  /** The revision of the latest change of a resource, 0 when there was none yet. */
  public long lastChange(String resource) {
    lock.lock();
    try {
      return shelf(resource).lastChange;
    } finally {
      lock.unlock();
    }
  }

  /** The object under the key, null when there is none. */
  public @Nullable JsonNode get(String resource, String key) {
    lock.lock();
    try {
      return shelf(resource).objects.get(key);
    } finally {
      lock.unlock();
    }
  }

  /** The current objects whose key starts with the prefix. */
  public Snapshot list(String resource, String prefix) {
    lock.lock();
    try {
      return new Snapshot(revision, shelf(resource).copy(prefix));
    } finally {
      lock.unlock();
    }
  }

  /**
   * The objects whose key starts with the prefix, as they were.
   *
   * @param at a revision up to the current one
   * @throws CompactedException when the history does not reach back to it
   */
  public Snapshot listAt(String resource, String prefix, long at) throws CompactedException {
    List<Map.Entry<String, JsonNode>> current;
    List<StoreEvent> later;
    lock.lock();
    try {
      requireHistory(at);
      current = shelf(resource).copy(prefix);
      later = shelf(resource).eventsAfter(at);
    } finally {
      lock.unlock();
    }
    return new Snapshot(at, later.isEmpty() ? current : undo(current, later, prefix));
  }

  private static List<Map.Entry<String, JsonNode>> undo(
      List<Map.Entry<String, JsonNode>> current, List<StoreEvent> later, String prefix) {
    Map<String, JsonNode> objects = new TreeMap<>();
    current.forEach(entry -> objects.put(entry.getKey(), entry.getValue()));
    Collections.reverse(later);
    for (StoreEvent event : later) {
      JsonNode before = event.before();
      if (!event.key().startsWith(prefix)) {
        continue;
      }
      if (before == null) {
        objects.remove(event.key());
      } else {
        objects.put(event.key(), before);
      }
    }
    return List.copyOf(objects.entrySet());
  }

  /**
   * Stores an object if the current one is still the expected instance.
   *
   * @param expected what {@link #get} returned, null when there was nothing
   * @param next the new object; the store takes it over and sets its resourceVersion
   * @return whether it was stored; false when somebody else was faster
   * @throws JournalException when it could not be kept; then nothing has changed
   */
  public boolean put(String resource, String key, @Nullable JsonNode expected, ObjectNode next) {
    List<Subscription> followers;
    lock.lock();
    try {
      Shelf shelf = shelf(resource);
      if (!isSame(shelf.objects.get(key), expected)) {
        return false;
      }
      long changed = revision + 1;
      stamp(next, changed);
      journal.put(resource, key, next);
      revision = changed;
      shelf.objects.put(key, next);
      followers = record(shelf, new StoreEvent(revision, resource, key, expected, next, next));
    } finally {
      lock.unlock();
    }
    followers.forEach(Subscription::deliver);
    return true;
  }

  /**
   * Removes an object if the current one is still the expected instance.
   *
   * @return whether it was removed; false when somebody else was faster
   * @throws JournalException when that could not be kept; then nothing has changed
   */
  public boolean remove(String resource, String key, JsonNode expected) {
    List<Subscription> followers;
    lock.lock();
    try {
      Shelf shelf = shelf(resource);
      if (!isSame(shelf.objects.get(key), expected)) {
        return false;
      }
      ObjectNode last = JsonNodeFactory.instance.objectNode();
      expected.properties().forEach(field -> last.set(field.getKey(), field.getValue()));
      long changed = revision + 1;
      stamp(last, changed);
      journal.remove(resource, key, changed);
      revision = changed;
      shelf.objects.remove(key);
      followers = record(shelf, new StoreEvent(revision, resource, key, expected, null, last));
    } finally {
      lock.unlock();
    }
    followers.forEach(Subscription::deliver);
    return true;
  }

  /**
   * Follows all changes of a resource after a revision, each once and in order. Events of the past
   * are delivered before this method returns.
   *
   * @param after events start behind this revision; may lie in the future
   * @param listener called on the writers' threads, must return at once
   * @throws CompactedException when the history does not reach back that far
   */
  public Subscription follow(String resource, long after, Consumer<StoreEvent> listener)
      throws CompactedException {
    Subscription subscription = new Subscription(listener, s -> forget(resource, s));
    lock.lock();
    try {
      requireHistory(after);
      shelf(resource).eventsAfter(after).forEach(subscription::offer);
      shelf(resource).followers.add(subscription);
    } finally {
      lock.unlock();
    }
    subscription.deliver();
    return subscription;
  }

  /**
   * Runs an action in order with the events of a subscription.
   *
   * @param action gets the revision whose events, and all older ones, were delivered before
   */
  public void atRevision(Subscription subscription, LongConsumer action) {
    lock.lock();
    try {
      long now = revision;
      subscription.offer(() -> action.accept(now));
    } finally {
      lock.unlock();
    }
    subscription.deliver();
  }

  /** Forgets all history up to now: older watches and lists are refused from here on. */
  public void compact() {
    lock.lock();
    try {
      history.clear();
      shelves.values().forEach(shelf -> shelf.history.clear());
      compacted = revision;
    } finally {
      lock.unlock();
    }
  }

  private void forget(String resource, Subscription subscription) {
    lock.lock();
    try {
      shelf(resource).followers.remove(subscription);
    } finally {
      lock.unlock();
    }
  }

  private void requireHistory(long at) throws CompactedException {
    if (at < compacted) {
      throw new CompactedException(at, compacted);
    }
  }

  private Shelf shelf(String resource) {
    return shelves.computeIfAbsent(resource, name -> new Shelf());
  }

  private List<Subscription> record(Shelf shelf, StoreEvent event) {
    history.add(event);
    shelf.history.add(event);
    shelf.lastChange = event.revision();
    if (history.size() > historyLimit) {
      StoreEvent oldest = history.remove();
      shelf(oldest.resource()).history.remove();
      compacted = oldest.revision();
    }
    shelf.followers.forEach(follower -> follower.offer(event));
    return new ArrayList<>(shelf.followers);
  }

  @SuppressWarnings("ReferenceEquality") // versions of an object are told apart by identity
  private static boolean isSame(@Nullable JsonNode one, @Nullable JsonNode other) {
    return one == other;
  }

  /** Writes the revision into a metadata of its own: the old one may be shared with a version. */
  private static void stamp(ObjectNode object, long revision) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    object
        .path("metadata")
        .properties()
        .forEach(field -> metadata.set(field.getKey(), field.getValue()));
    metadata.put("resourceVersion", Long.toString(revision));
    object.set("metadata", metadata);
  }
}
