package dev.kcm.core.loop;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.time.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a key back while the caches have not yet seen what the last run for it wrote, so that a run
 * never decides on a state from before its own writes.
 *
 * <p>Only writes of kinds whose informer leads to keys of the loop count. A key is held for at most
 * {@link #LONGEST} after the write; then it runs on what there is, with a warning.
 *
 * <p>Thread-safe: a concurrent map. Of one key, noting and asking never happen at a time, since
 * both belong to its one run.
 */
final class OwnWrites {

  /** How long at most a key is held back. */
  static final Duration LONGEST = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(OwnWrites.class);

  private final String loop;
  private final Environment environment;
  private final Executor executor;
  private final Map<String, Informer<?>> informerByResource = new HashMap<>();
  private final Map<ObjectKey, Written> writtenByKey = new ConcurrentHashMap<>();

  OwnWrites(Loop<?> loop, Environment environment, Executor executor) {
    this.loop = loop.name();
    this.environment = environment;
    this.executor = executor;
    if (loop.readYourWrites()) {
      for (Loop.Source<?> source : loop.sources()) {
        informerByResource.putIfAbsent(resource(source.informer().type()), source.informer());
      }
    }
  }

  /** Notes what became of an action of a key's run. */
  void note(ObjectKey key, Result result) {
    if (informerByResource.isEmpty() || !(result instanceof Applied applied)) {
      return;
    }
    ResourceType<?> type = written(applied.action());
    Informer<?> informer = type == null ? null : informerByResource.get(resource(type));
    if (informer == null || applied.answer() == null) {
      return;
    }
    String version = applied.answer().getMetadata().getResourceVersion();
    if (version != null && !informer.hasReached(version)) {
      writtenByKey
          .computeIfAbsent(key, k -> new Written())
          .add(informer, version, environment.ticker().nanos());
    }
  }

  /** There is no such object any more. */
  void forget(ObjectKey key) {
    writtenByKey.remove(key);
  }

  /**
   * Whether the key must wait.
   *
   * @param requeue puts it into the queue again; called once the cache has caught up or the time is
   *     over, if the key must wait
   */
  boolean holdBack(ObjectKey key, Runnable requeue) {
    Written written = writtenByKey.get(key);
    if (written == null) {
      return false;
    }
    Informer<?> behind = written.firstBehind();
    Duration left = LONGEST.minus(environment.ticker().since(written.atNanos));
    if (behind == null || written.givenUp || left.isNegative() || left.isZero()) {
      writtenByKey.remove(key);
      warnIfBehind(key, behind);
      return false;
    }
    if (written.awaited.compareAndSet(false, true)) {
      await(written, behind, left, requeue);
    }
    return true;
  }

  private void await(Written written, Informer<?> behind, Duration left, Runnable requeue) {
    var unused =
        behind
            .awaitResourceVersion(written.versionOf(behind), left)
            .whenCompleteAsync(
                (reached, failure) -> {
                  written.givenUp |= !Boolean.TRUE.equals(reached);
                  written.awaited.set(false);
                  requeue.run();
                },
                executor);
  }

  private void warnIfBehind(ObjectKey key, @Nullable Informer<?> behind) {
    if (behind != null) {
      log.warn(
          "{} {}: the cache of {} ({}) has not seen an own write within {} s; going on without",
          loop,
          key,
          behind.type().qualifiedPlural(),
          behind.state(),
          LONGEST.toSeconds());
    }
  }

  private static @Nullable ResourceType<?> written(Action action) {
    if (action instanceof Action.Create<?> create) {
      return create.type();
    }
    if (action instanceof Action.Update<?> update) {
      return update.type();
    }
    if (action instanceof Action.Patch<?> patch) {
      return patch.type();
    }
    return action instanceof Action.Apply<?> apply ? apply.type() : null;
  }

  /** Versions of one resource can be compared whatever API version or class it is read in. */
  private static String resource(ResourceType<?> type) {
    return type.qualifiedPlural();
  }

  /**
   * The newest writes of a key. Written by its run and, while none is under way, by whoever waits;
   * {@code givenUp} hands on that the informer will not answer.
   */
  private static final class Written {

    private final Map<Informer<?>, String> versionByInformer = new ConcurrentHashMap<>();
    private final AtomicBoolean awaited = new AtomicBoolean();
    private volatile long atNanos;
    private volatile boolean givenUp;

    private void add(Informer<?> informer, String version, long nowNanos) {
      versionByInformer.merge(informer, version, Written::newer);
      atNanos = nowNanos;
    }

    private @Nullable Informer<?> firstBehind() {
      for (Map.Entry<Informer<?>, String> entry : versionByInformer.entrySet()) {
        if (!entry.getKey().hasReached(entry.getValue())) {
          return entry.getKey();
        }
      }
      return null;
    }

    private String versionOf(Informer<?> informer) {
      return versionByInformer.getOrDefault(informer, "");
    }

    /** Both are unsigned decimals: of others an informer says that it has reached them. */
    private static String newer(String one, String other) {
      int byLength = Integer.compare(one.length(), other.length());
      return (byLength != 0 ? byLength : one.compareTo(other)) >= 0 ? one : other;
    }
  }
}
