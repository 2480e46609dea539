package dev.kcm.core.queue;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ready rounds of a queue in the order they are handed out. Confined to the lock of its queue.
 *
 * @param <K> key
 */
interface RoundOrder<K> {

  /** Takes in a round that is ready from now on. */
  void push(Round<K> round, long nowNanos);

  /** The key of a round held was added again; the round's priority is still that before. */
  void touch(Round<K> round, int priority, long nowNanos);

  @Nullable Round<K> pop();

  int size();

  /** First come, first served. Confined to the lock of its queue. */
  final class Fifo<K> implements RoundOrder<K> {

    private final ArrayDeque<Round<K>> rounds = new ArrayDeque<>();

    @Override
    public void push(Round<K> round, long nowNanos) {
      rounds.add(round);
    }

    @Override
    public void touch(Round<K> round, int priority, long nowNanos) {
      // Its place is that of its first add.
    }

    @Override
    public @Nullable Round<K> pop() {
      return rounds.poll();
    }

    @Override
    public int size() {
      return rounds.size();
    }
  }

  /**
   * Higher priority first, within one priority first come, first served, and each level is worth a
   * span of waiting.
   *
   * <p>A round that waits gains on all that come later at the same rate, so the order of two rounds
   * never changes while both wait: it is that of the time a round became ready, moved back or forth
   * by what its priority is worth.
   *
   * <p>Confined to the lock of its queue.
   */
  final class Ageing<K> implements RoundOrder<K> {

    private final IndexedHeap<Round<K>> rounds = new IndexedHeap<>();
    private final long nanosPerLevel;
    private long sequence;

    Ageing(long nanosPerLevel) {
      this.nanosPerLevel = nanosPerLevel;
    }

    @Override
    public void push(Round<K> round, long nowNanos) {
      round.takeTurn(nowNanos - round.priority() * nanosPerLevel, sequence++);
      rounds.add(round);
    }

    /** A raised round goes behind those of its new priority, unless its age already counts more. */
    @Override
    public void touch(Round<K> round, int priority, long nowNanos) {
      long turnNanos = nowNanos - priority * nanosPerLevel;
      if (priority > round.priority() && turnNanos - round.turnNanos() < 0) {
        round.takeTurn(turnNanos, sequence++);
        rounds.movedForward(round);
      }
    }

    @Override
    public @Nullable Round<K> pop() {
      return rounds.poll();
    }

    @Override
    public int size() {
      return rounds.size();
    }
  }

  /** As somebody else decides. Confined to the lock of its queue. */
  final class Custom<K> implements RoundOrder<K> {

    private final KeyOrder<? super K> order;
    private final Map<K, Round<K>> roundByKey = new HashMap<>();

    Custom(KeyOrder<? super K> order) {
      this.order = order;
    }

    @Override
    public void push(Round<K> round, long nowNanos) {
      roundByKey.put(round.key(), round);
      order.push(round.key(), round.priority());
    }

    @Override
    public void touch(Round<K> round, int priority, long nowNanos) {
      order.touch(round.key(), priority);
    }

    @Override
    public @Nullable Round<K> pop() {
      if (roundByKey.isEmpty()) {
        return null;
      }
      Object key = order.pop();
      Round<K> round = key == null ? null : roundByKey.remove(key);
      if (round == null) {
        throw new IllegalStateException(
            "the order of a work queue gave out %s; allowed: one of the %d keys it holds"
                .formatted(key, roundByKey.size()));
      }
      return round;
    }

    @Override
    public int size() {
      return order.size();
    }
  }
}
