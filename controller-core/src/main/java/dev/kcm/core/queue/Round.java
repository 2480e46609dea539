package dev.kcm.core.queue;

import org.jspecify.annotations.Nullable;

/**
 * One passage of a key through a queue, and what its worker holds.
 *
 * <p>Confined to the lock of its queue, except for the key and, once handed out, the priority.
 *
 * @param <K> key
 */
final class Round<K> extends WorkInProgress.Work<Round<K>>
    implements WorkQueue.Item<K>, IndexedHeap.Element<Round<K>> {

  private final DefaultWorkQueue<K> owner;
  private final K key;
  private final long addedNanos;
  private int priority;

  /** The next passage, of a key that was added while it is with a worker. */
  @Nullable Round<K> follower;

  // Where it stands among those that wait; belongs to the order.
  private long turnNanos;
  private long sequence;
  private int place;

  Round(DefaultWorkQueue<K> owner, K key, long addedNanos, int priority) {
    this.owner = owner;
    this.key = key;
    this.addedNanos = addedNanos;
    this.priority = priority;
  }

  @Override
  public K key() {
    return key;
  }

  @Override
  public int priority() {
    return priority;
  }

  void raise(int newPriority) {
    priority = Math.max(priority, newPriority);
  }

  long addedNanos() {
    return addedNanos;
  }

  long turnNanos() {
    return turnNanos;
  }

  void takeTurn(long newTurnNanos, long newSequence) {
    turnNanos = newTurnNanos;
    sequence = newSequence;
  }

  @Override
  public boolean isBefore(Round<K> other) {
    long difference = turnNanos - other.turnNanos;
    return difference != 0 ? difference < 0 : sequence < other.sequence;
  }

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int newPlace) {
    place = newPlace;
  }

  @Override
  public void close() {
    owner.done(this);
  }

  @Override
  public String toString() {
    return key.toString();
  }
}
