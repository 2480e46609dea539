package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.queue.WorkQueue;
import dev.kcm.core.time.Environment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * The queue's contract in its plainest form: delays on virtual time, back-off of one second for
 * each failure.
 *
 * <p>Confined to the thread of the test.
 */
public final class ModelQueue implements WorkQueue<ObjectKey> {

  private final Environment environment;
  private final Queue<ObjectKey> ready = new ArrayDeque<>();
  private final Set<ObjectKey> dirty = new HashSet<>();
  private final Set<ObjectKey> working = new HashSet<>();
  private final Map<ObjectKey, Integer> failures = new HashMap<>();
  private final Map<ObjectKey, Long> dueByKey = new HashMap<>();
  private Runnable listener = () -> {};
  private boolean shutDown;

  public ModelQueue(Environment environment) {
    this.environment = environment;
  }

  /** Makes queues of this kind. */
  public static QueueFactory factory(Environment environment) {
    return (name, limiter) -> new ModelQueue(environment);
  }

  @Override
  public void add(ObjectKey key) {
    if (!shutDown && dirty.add(key) && !working.contains(key)) {
      ready.add(key);
      listener.run();
    }
  }

  @Override
  public void addAfter(ObjectKey key, Duration delay) {
    if (delay.isZero() || delay.isNegative()) {
      add(key);
      return;
    }
    long due = environment.ticker().nanos() + delay.toNanos();
    Long earlier = dueByKey.get(key);
    if (earlier == null || due < earlier) {
      dueByKey.put(key, due);
      environment.timers().schedule(delay, environment.executor("queue"), () -> due(key, due));
    }
  }

  private void due(ObjectKey key, long due) {
    if (dueByKey.remove(key, due)) {
      add(key);
    }
  }

  @Override
  public void addRateLimited(ObjectKey key) {
    addAfter(key, Duration.ofSeconds(failures.merge(key, 1, Integer::sum)));
  }

  @Override
  public void forget(ObjectKey key) {
    failures.remove(key);
  }

  @Override
  public int failures(ObjectKey key) {
    return failures.getOrDefault(key, 0);
  }

  @Override
  public Optional<Item<ObjectKey>> poll() {
    ObjectKey key = ready.poll();
    if (key == null) {
      return Optional.empty();
    }
    dirty.remove(key);
    working.add(key);
    return Optional.of(new Taken(key));
  }

  @Override
  public Optional<Item<ObjectKey>> take() {
    throw new UnsupportedOperationException("nothing waits on virtual time");
  }

  @Override
  public void onReady(Runnable heard) {
    listener = heard;
  }

  @Override
  public int size() {
    return ready.size();
  }

  @Override
  public boolean isShutDown() {
    return shutDown;
  }

  @Override
  public void shutDown() {
    shutDown = true;
  }

  @Override
  public List<ObjectKey> drain(Duration timeout) {
    throw new UnsupportedOperationException("nothing waits on virtual time");
  }

  /** A key that is being worked on. */
  private final class Taken implements Item<ObjectKey> {

    private final ObjectKey key;
    private boolean closed;

    private Taken(ObjectKey key) {
      this.key = key;
    }

    @Override
    public ObjectKey key() {
      return key;
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      working.remove(key);
      if (dirty.contains(key)) {
        ready.add(key);
        listener.run();
      }
    }
  }
}
