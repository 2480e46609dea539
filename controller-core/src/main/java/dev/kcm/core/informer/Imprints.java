package dev.kcm.core.informer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Ticker;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the objects of one informer looked like when they came into its store, for a guard that is
 * not off.
 *
 * <p>Guarded by {@code lock}: the informer's mailbox changes it, handlers and whoever verifies look
 * at it too. Serializing under the lock is the price of a guard. {@code timer} is confined to the
 * mailbox.
 */
final class Imprints implements MutationGuard.Watcher {

  private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);

  private static final Duration REPLACED_ARE_KEPT = Duration.ofMinutes(2);

  private static final int ONE_OF = 16;

  private static final int AT_A_TIME = 64;

  private static final byte[] UNREADABLE = {};

  private static final Logger log = LoggerFactory.getLogger(Informers.class);

  /** An object and its form. Guarded by the lock of its owner. */
  private static final class Imprint {

    private final ObjectKey key;
    private final HasMetadata object;
    private byte[] json;
    private String handler = "";
    private long replacedAt;

    private Imprint(ObjectKey key, HasMetadata object) {
      this.key = key;
      this.object = object;
      this.json = json(object);
    }
  }

  private final MutationGuard guard;
  private final String resource;
  private final Ticker ticker;
  private final Runnable counter;
  private final boolean strict;
  private final Object lock = new Object();

  @GuardedBy("lock") private final Map<ObjectKey, Imprint> current = new HashMap<>();

  @GuardedBy("lock") private final Deque<Imprint> replaced = new ArrayDeque<>();

  /** What a sampling guard still looks at in this round. */
  @GuardedBy("lock") private Iterator<Imprint> round = List.<Imprint>of().iterator();

  private Timers.@Nullable Timer timer;

  Imprints(MutationGuard guard, String resource, Ticker ticker, Runnable counter) {
    this.guard = guard;
    this.resource = resource;
    this.ticker = ticker;
    this.counter = counter;
    this.strict = guard.mode() == MutationGuard.Mode.STRICT;
  }

  private boolean wants(ObjectKey key) {
    return strict || Math.floorMod(key.hashCode(), ONE_OF) == 0;
  }

  /** An object came into the store, or, for null, left it. */
  void stored(ObjectKey key, @Nullable HasMetadata object) {
    if (!wants(key)) {
      return;
    }
    synchronized (lock) {
      Imprint former = current.get(key);
      if (former != null && former.object == object) {
        return;
      }
      if (former != null) {
        check(former);
        keepForAWhile(former);
      }
      if (object == null) {
        current.remove(key);
      } else {
        current.put(key, new Imprint(key, object));
      }
    }
  }

  /** These objects are the whole store now. */
  void replaced(Map<ObjectKey, ? extends HasMetadata> objects) {
    List<ObjectKey> gone;
    synchronized (lock) {
      gone = current.keySet().stream().filter(key -> !objects.containsKey(key)).toList();
    }
    gone.forEach(key -> stored(key, null));
    objects.forEach(this::stored);
  }

  /** A handler has been told of an object. */
  void told(String handler, ObjectKey key) {
    if (!wants(key)) {
      return;
    }
    synchronized (lock) {
      Imprint imprint = current.get(key);
      if (imprint != null) {
        imprint.handler = handler;
        if (strict) {
          check(imprint);
        }
      }
      if (strict) {
        for (Imprint former : replaced) {
          if (former.key.equals(key)) {
            former.handler = handler;
            check(former);
          }
        }
      }
    }
  }

  @GuardedBy("lock") private void keepForAWhile(Imprint former) {
    if (strict) {
      former.replacedAt = ticker.nanos();
      replaced.add(former);
    }
  }

  // ---- looking every second, on the informer's mailbox

  void start(Timers timers, Executor mailbox) {
    guard.watching(this);
    checkLater(timers, mailbox);
  }

  private void checkLater(Timers timers, Executor mailbox) {
    timer =
        timers.schedule(
            BETWEEN_CHECKS,
            mailbox,
            () -> {
              if (timer != null) {
                checkSome();
                checkLater(timers, mailbox);
              }
            });
  }

  /** Looks for the last time. */
  void end() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    checkAll();
    guard.gone(this);
  }

  private void checkSome() {
    if (strict) {
      checkAll();
      return;
    }
    synchronized (lock) {
      if (!round.hasNext()) {
        round = new ArrayList<>(current.values()).iterator();
      }
      for (int i = 0; i < AT_A_TIME && round.hasNext(); i++) {
        check(round.next());
      }
    }
  }

  @Override
  public void checkAll() {
    synchronized (lock) {
      current.values().forEach(this::check);
      replaced.forEach(this::check);
      while (!replaced.isEmpty() && isOld(replaced.element())) {
        replaced.remove();
      }
    }
  }

  @GuardedBy("lock") private boolean isOld(Imprint former) {
    return ticker.since(former.replacedAt).compareTo(REPLACED_ARE_KEPT) > 0;
  }

  /** Compares and, after a change, takes the new form for granted, so that it is told once. */
  private void check(Imprint imprint) {
    byte[] now = json(imprint.object);
    if (Arrays.equals(imprint.json, now)) {
      return;
    }
    String path = now == UNREADABLE ? "$" : JsonDifference.path(imprint.json, now);
    imprint.json = now;
    MutationGuard.Mutation mutation =
        new MutationGuard.Mutation(resource, imprint.key, path, imprint.handler);
    counter.run();
    guard.report(mutation);
    log.error("{}", mutation);
  }

  private static byte[] json(HasMetadata object) {
    try {
      return ModelJson.write(object);
    } catch (RuntimeException changedMeanwhile) {
      return UNREADABLE;
    }
  }
}
