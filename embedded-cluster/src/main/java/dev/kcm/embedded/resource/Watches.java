package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.store.CompactedException;
import dev.kcm.embedded.store.Snapshot;
import dev.kcm.embedded.store.Store;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The open watches: starts them, gives them bookmarks, ends them.
 *
 * <p>Thread-safe: {@code open} is a concurrent set, and each watch keeps its own order.
 */
final class Watches {

  private static final int SHORTEST_SECONDS = 1800;
  private static final int LONGEST_SECONDS = 3600;

  private final Objects objects;
  private final FaultPlan faults;
  private final ScheduledExecutorService timer;
  private final Ids ids;
  private final Set<Watch> open = ConcurrentHashMap.newKeySet();

  Watches(Objects objects, FaultPlan faults, ScheduledExecutorService timer, Ids ids) {
    this.objects = objects;
    this.faults = faults;
    this.timer = timer;
    this.ids = ids;
  }

  /** Starts a watch; the state of the moment has been delivered when this returns. */
  AutoCloseable start(ApiRequest request, Kind kind, WatchSink sink) {
    ListOptions options = ListOptions.forWatch(request, kind);
    Store store = objects.store();
    boolean initial = sendsInitialState(options);
    if (initial && options.version() > store.revision()) {
      throw Statuses.tooLargeVersion(options.version(), store.revision());
    }
    Watch watch =
        new Watch(store, faults, timer, kind, request.namespace(), options, sink, open::remove);
    follow(watch, kind, request.namespace(), options, initial);
    open.add(watch);
    scheduleEnd(watch, options);
    if (watch.hasEnded()) {
      open.remove(watch);
    }
    return watch;
  }

  private void follow(
      Watch watch, Kind kind, String namespace, ListOptions options, boolean initial) {
    long after = options.version() > 0 ? options.version() : objects.store().revision();
    if (initial) {
      Snapshot snapshot = objects.list(kind, namespace);
      after = snapshot.revision();
      watch.sendState(snapshot);
    }
    try {
      watch.follow(objects.store().follow(Objects.resource(kind), after, watch::onEvent));
    } catch (CompactedException e) {
      watch.fail(
          Statuses.expired("too old resource version: " + e.asked() + " (" + e.compacted() + ")"));
    }
  }

  /** Said so, or a watch from "any" version, which has always started with the state. */
  private static boolean sendsInitialState(ListOptions options) {
    Boolean said = options.initialEvents();
    return said == null ? options.version() <= 0 : said;
  }

  private void scheduleEnd(Watch watch, ListOptions options) {
    long seconds = options.timeoutSeconds();
    if (seconds == 0) {
      seconds = (long) SHORTEST_SECONDS + ids.below(LONGEST_SECONDS - SHORTEST_SECONDS);
    }
    long capped = Math.min(seconds, TimeUnit.DAYS.toSeconds(3650));
    watch.endWith(timer.schedule(watch::timeOut, capped, TimeUnit.SECONDS));
  }

  /** Sends a bookmark to every watch that takes them. */
  void sendBookmarks() {
    open.forEach(Watch::bookmark);
  }

  /** Does something with every open watch of a resource; empty for all resources. */
  void forEach(String resource, Consumer<Watch> action) {
    open.stream().filter(watch -> watch.isOf(resource)).forEach(action);
  }

  int size() {
    return open.size();
  }

  /** The object of a bookmark: the kind and a revision. */
  static ObjectNode bookmarkObject(Kind kind, long revision, Map<String, String> annotations) {
    ObjectNode object = Trees.object();
    object.put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
    ObjectNode metadata =
        object.putObject("metadata").put("resourceVersion", Long.toString(revision));
    annotations.forEach((key, value) -> Trees.child(metadata, "annotations").put(key, value));
    return object;
  }

  static WatchEvent added(Kind kind, JsonNode stored) {
    return new WatchEvent(WatchEvent.Type.ADDED, Versions.fromStored(kind, stored));
  }
}
