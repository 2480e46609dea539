package dev.kcm.core.informer;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer is fed by: a reflector for each of its namespaces, or one for all of them.
 *
 * <p>Confined to the informer's mailbox. {@code parts} and {@code phase} are written there and read
 * by anyone; the map is never changed once it is published.
 *
 * @param <T> model class
 */
final class Feed<T extends HasMetadata> {

  /**
   * What reflectors are made of.
   *
   * @param api whom to ask
   * @param type what for
   * @param watchList whether lists are streamed
   * @param environment clocks, timers, threads
   * @param mailbox the informer's
   * @param target the informer
   * @param meters the informer's
   * @param failures hears of failures
   * @param <T> model class
   */
  record Wiring<T extends HasMetadata>(
      ApiClient api,
      ResourceType<T> type,
      WatchList watchList,
      Environment environment,
      Executor mailbox,
      Reflector.Target<T> target,
      InformerMeters meters,
      Failures failures) {}

  /** Hears that a part of the informer failed. */
  interface Failures {
    void failed(String namespace, ErrorHandler.Phase phase, ApiError error, Duration nextTry);
  }

  private enum Phase {
    NOT_STARTED,
    RUNNING,
    STOPPED
  }

  private final Wiring<T> wiring;
  private final Selection selection;
  private final Runnable follower;
  private final Predicate<String> reached = this::hasReached;
  private final VersionWaiters waiters = new VersionWaiters();
  private final long made;
  private volatile Map<String, Reflector<T>> parts = Map.of();
  private volatile Phase phase = Phase.NOT_STARTED;

  /** Who cannot take more; null while all can. */
  private @Nullable String stalledBy;

  Feed(Wiring<T> wiring, Selection selection) {
    this.wiring = wiring;
    this.selection = selection;
    this.made = wiring.environment().ticker().nanos();
    this.follower = () -> wiring.mailbox().execute(this::lookAtNamespaces);
  }

  Wiring<T> wiring() {
    return wiring;
  }

  // ---- control, on the mailbox

  void start() {
    selection.namespaces().follow(follower);
    takeUp(selection.namespaces().names());
  }

  void stop() {
    phase = Phase.STOPPED;
    selection.namespaces().unfollow(follower);
    parts.values().forEach(Reflector::stop);
    waiters.releaseAll(false);
  }

  /** Ends waits at once. */
  void retryNow() {
    parts.values().forEach(Reflector::retryNow);
  }

  /** Fetches everything anew. */
  void relist() {
    parts.values().forEach(Reflector::relist);
  }

  /** Takes nothing more in, since someone has too much waiting. */
  void stall(String by) {
    stalledBy = by;
    parts.values().forEach(part -> part.stall(by));
  }

  /** Goes on after a stall. */
  void resume() {
    stalledBy = null;
    parts.values().forEach(Reflector::resume);
  }

  private void lookAtNamespaces() {
    if (phase == Phase.RUNNING) {
      takeUp(selection.namespaces().names());
    }
  }

  /** Begins with namespaces that came, and gives up those that went. */
  private void takeUp(Set<String> wanted) {
    Map<String, Reflector<T>> former = parts;
    Map<String, Reflector<T>> next = new TreeMap<>();
    for (String namespace : wanted) {
      Reflector<T> known = former.get(namespace);
      next.put(
          namespace,
          known != null ? known : new Reflector<>(this, namespace, selection.part(namespace)));
    }
    parts = next;
    phase = Phase.RUNNING;
    former.forEach((namespace, reflector) -> leave(namespace, reflector, next));
    next.forEach(
        (namespace, reflector) -> {
          if (!former.containsKey(namespace)) {
            if (stalledBy != null) {
              reflector.stall(stalledBy);
            }
            reflector.start();
          }
        });
    progressed();
  }

  private void leave(String namespace, Reflector<T> reflector, Map<String, Reflector<T>> next) {
    if (!next.containsKey(namespace)) {
      reflector.stop();
      wiring.target().replaced(namespace, List.of(), false);
    }
  }

  // ---- what the reflectors report

  /** A part has its list, is kept out, or is gone; or the store has come further. */
  void progressed() {
    if (isComplete()) {
      wiring.target().complete();
    }
    advanced();
  }

  /** The store has come further. */
  void advanced() {
    waiters.release(reached);
  }

  /** The server went back: who waits for what was written before, goes on. */
  void rewound() {
    waiters.releaseAll(true);
  }

  /**
   * Whether everything that can be listed has been. Parts that are kept out hold up nobody, unless
   * all of them are.
   */
  private boolean isComplete() {
    boolean any = parts.isEmpty();
    for (Reflector<T> part : parts.values()) {
      if (part.hasSynced()) {
        any = true;
      } else if (!part.isBlocked()) {
        return false;
      }
    }
    return any;
  }

  // ---- for others to see

  String state() {
    Collection<Reflector<T>> now = parts.values();
    if (phase != Phase.RUNNING) {
      return phase.name();
    }
    if (now.size() == 1) {
      return now.iterator().next().state();
    }
    TreeMap<String, List<String>> namespacesByState =
        parts.entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    part -> part.getValue().state(),
                    TreeMap::new,
                    Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    if (namespacesByState.size() < 2) {
      return now.isEmpty() ? "WATCHING (no namespace)" : namespacesByState.firstKey();
    }
    return namespacesByState.entrySet().stream()
        .map(entry -> entry.getKey() + " in " + String.join(" ", entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** The status of each part by its namespace. */
  Map<String, InformerStatus> statusByNamespace() {
    Map<String, InformerStatus> statuses = new TreeMap<>();
    parts.forEach((namespace, part) -> statuses.put(namespace, part.status()));
    return statuses;
  }

  /** All parts as one: the oldest version and contact, the youngest event, the most failures. */
  InformerStatus status() {
    Collection<InformerStatus> each = statusByNamespace().values();
    return new InformerStatus(
        state(),
        version(),
        oldest(each.stream().map(InformerStatus::seenVersion)),
        sinceContact(),
        shortest(each.stream().map(InformerStatus::sinceEvent)),
        shortest(each.stream().map(InformerStatus::sinceBookmark)),
        each.stream().anyMatch(part -> part.watchOpenFor() == null)
            ? null
            : shortest(each.stream().map(InformerStatus::watchOpenFor)),
        each.stream().mapToInt(InformerStatus::consecutiveFailures).max().orElse(0));
  }

  private static @Nullable Duration shortest(Stream<@Nullable Duration> times) {
    return times.filter(Objects::nonNull).min(Comparator.naturalOrder()).orElse(null);
  }

  /** The version that every part is at; empty while one has none. */
  String version() {
    return oldest(parts.values().stream().map(Reflector::lastVersion));
  }

  private static String oldest(Stream<String> versions) {
    return versions
        .reduce((a, b) -> a.isEmpty() || ResourceVersions.isOlder(a, b) ? a : b)
        .orElse("");
  }

  Duration sinceContact() {
    if (phase == Phase.NOT_STARTED) {
      return wiring.environment().ticker().since(made);
    }
    return heeded()
        .map(Reflector::sinceContact)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** The parts that are not kept out, or all where all are. */
  private Stream<Reflector<T>> heeded() {
    Collection<Reflector<T>> all = parts.values();
    boolean none = all.stream().allMatch(Reflector::isBlocked);
    return all.stream().filter(part -> none || !part.isBlocked());
  }

  boolean hasReached(String wanted) {
    if (phase == Phase.NOT_STARTED) {
      return !ResourceVersions.isNumber(wanted);
    }
    Collection<Reflector<T>> all = parts.values();
    return all.size() == 1
        ? all.iterator().next().hasReached(wanted)
        : heeded().allMatch(part -> part.hasReached(wanted));
  }

  boolean isBlocked() {
    return parts.values().stream().anyMatch(Reflector::isBlocked);
  }

  /** Completes with true when the version is reached, with false when the time is up. */
  void await(String wanted, Duration timeout, CompletableFuture<Boolean> result) {
    if (hasReached(wanted)) {
      result.complete(true);
    } else if (phase == Phase.STOPPED) {
      result.complete(false);
    } else {
      waiters.add(wanted, result);
      Timers.Timer timer =
          wiring
              .environment()
              .timers()
              .schedule(timeout, wiring.mailbox(), () -> result.complete(false));
      var unused = result.whenComplete((reached, failure) -> timer.cancel());
    }
  }
}
