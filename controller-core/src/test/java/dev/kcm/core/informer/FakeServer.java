package dev.kcm.core.informer;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.api.ListPage;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.Scope;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.SerialExecutor;
import dev.kcm.core.time.Timers;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatusBuilder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A server of ConfigMaps on virtual time: one revision counter, a watch history that can be
 * compacted, pages, bookmarks, streamed lists, and faults. Confined to the thread of the test.
 */
final class FakeServer implements ApiClient {

  static final ResourceType<ConfigMap> MAPS = ResourceType.of(ConfigMap.class);

  private record Event(long revision, WatchListener.Type type, ConfigMap object) {}

  /** Whether a scope has the object; of selectors, only those by name and namespace are known. */
  private static boolean isIn(Scope scope, ConfigMap object) {
    ObjectKey key = ObjectKey.of(object);
    boolean selected = scope.namespace().isEmpty() || scope.namespace().equals(key.namespace());
    for (String field : scope.fieldSelector().split(",", -1)) {
      selected &=
          field.isEmpty()
              || field.equals("metadata.name=" + key.name())
              || (field.startsWith("metadata.namespace!=")
                  && !field.equals("metadata.namespace!=" + key.namespace()));
    }
    return selected;
  }

  private static String where(Scope scope) {
    return (scope.namespace().isEmpty() ? "" : " in " + scope.namespace())
        + (scope.labelSelector().isEmpty() ? "" : " labels " + scope.labelSelector())
        + (scope.fieldSelector().isEmpty() ? "" : " fields " + scope.fieldSelector());
  }

  /** One request as it came. */
  record Asked(Duration at, String text) {
    boolean isList() {
      return text.startsWith("list");
    }

    boolean isWatch() {
      return text.startsWith("watch");
    }
  }

  final List<Asked> asked = new ArrayList<>();
  final Deque<ApiError> listFaults = new ArrayDeque<>();
  final Deque<ApiError> watchFaults = new ArrayDeque<>();
  Function<ListQuery, ApiError> listRule = query -> null;
  Function<WatchQuery, ApiError> watchRule = query -> null;

  /** Whether somebody may; null for a server without such reviews. */
  Function<ResourceAttributes, Boolean> reviewRule = asked -> null;

  boolean pages = true;
  boolean bookmarks = true;
  boolean streams = true;
  boolean marks = true;
  int streamsOnly = Integer.MAX_VALUE;
  Duration latency = Duration.ZERO;

  private final VirtualEnvironment environment;
  private final Executor threads;
  private final TreeMap<ObjectKey, ConfigMap> objects = new TreeMap<>();
  private final Map<ObjectKey, ConfigMap> lost = new TreeMap<>();
  private final List<Event> history = new ArrayList<>();
  private final List<Stream> streamsOpen = new ArrayList<>();
  private final Map<String, List<ConfigMap>> snapshots = new TreeMap<>();
  private long revision = 100;
  private long compacted;
  private int uids;
  private int tokens;

  FakeServer(VirtualEnvironment environment) {
    this.environment = environment;
    this.threads = environment.executor("server");
  }

  // ---- what tests do to it

  /** The key of {@code namespace/name}, or of a name in namespace n. */
  static ObjectKey key(String name) {
    return name.contains("/") ? ObjectKey.parse(name) : new ObjectKey("n", name);
  }

  Map<ObjectKey, ConfigMap> objects() {
    return objects;
  }

  long revision() {
    return revision;
  }

  ConfigMap put(String name, String value) {
    ConfigMap known = objects.get(key(name));
    String uid = known == null ? newUid(name) : known.getMetadata().getUid();
    ConfigMap object = map(name, uid, ++revision, value);
    objects.put(key(name), object);
    happened(known == null ? WatchListener.Type.ADDED : WatchListener.Type.MODIFIED, object);
    return object;
  }

  private String newUid(String name) {
    ConfigMap restored = lost.get(key(name));
    return restored == null ? "u" + ++uids : restored.getMetadata().getUid();
  }

  void delete(String name) {
    ConfigMap known = objects.remove(key(name));
    if (known != null) {
      happened(
          WatchListener.Type.DELETED,
          map(name, known.getMetadata().getUid(), ++revision, known.getData().get("v")));
    }
  }

  static ConfigMap map(String name, String uid, long revision, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(key(name).namespace())
        .withName(key(name).name())
        .withUid(uid)
        .withResourceVersion(Long.toString(revision))
        .endMetadata()
        .addToData("v", value)
        .build();
  }

  private void happened(WatchListener.Type type, ConfigMap object) {
    Event event = new Event(revision, type, object);
    history.add(event);
    List.copyOf(streamsOpen).forEach(stream -> stream.send(event));
  }

  /** Something else than a ConfigMap changes, which moves the revision. */
  void othersChange() {
    revision++;
  }

  /** Forgets all history; watches that are open go on. */
  void compact() {
    compacted = revision;
    history.clear();
  }

  /** Ends all watches: cleanly for null. */
  void cut(ApiError error) {
    List.copyOf(streamsOpen).forEach(stream -> stream.end(error));
  }

  /** Sends the marker that ends a streamed list to all watches, as {@code marks} would have. */
  void mark() {
    String version = Long.toString(revision);
    streamsOpen.forEach(stream -> stream.say(() -> stream.listener.bookmark(version, true)));
  }

  /** Silent watches speak again; what happened meanwhile, they never tell. */
  void thaw() {
    streamsOpen.forEach(stream -> stream.frozen = false);
  }

  /** Watches fall silent without an end. */
  void freeze() {
    streamsOpen.forEach(stream -> stream.frozen = true);
  }

  /** Forgets the tokens of pages. */
  void expireTokens() {
    snapshots.clear();
  }

  /**
   * As after a restore from a backup: other objects, lower revisions, no watches. What was there
   * before under the same name keeps its UID.
   */
  void restore(long back, Map<String, String> content) {
    revision = back;
    compacted = 0;
    history.clear();
    lost.putAll(objects);
    objects.clear();
    content.forEach(this::put);
    lost.clear();
    cut(ApiError.of(Kind.BROKEN, 0, "restarted"));
  }

  /** Sends an event that is none of the store's. */
  void inject(WatchListener.Type type, ConfigMap object) {
    List.copyOf(streamsOpen).forEach(stream -> stream.send(new Event(revision, type, object)));
  }

  int openWatches() {
    return streamsOpen.size();
  }

  List<String> requests() {
    return asked.stream().map(Asked::text).toList();
  }

  long count(String verb) {
    return asked.stream().filter(a -> a.text.startsWith(verb)).count();
  }

  private void log(String text) {
    asked.add(new Asked(Duration.ofNanos(environment.ticker().nanos()), text));
  }

  // ---- the API

  @Override
  public <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items) {
    log(
        "list rv="
            + query.resourceVersion()
            + (query.resourceVersionMatch().isEmpty() ? "" : " " + query.resourceVersionMatch())
            + " limit="
            + query.limit()
            + (query.continueToken().isEmpty() ? "" : " continued")
            + where(query.scope()));
    CompletableFuture<ListPage> result = new CompletableFuture<>();
    later(() -> answer(type, query, items, result));
    return result;
  }

  private void later(Runnable task) {
    if (latency.isZero()) {
      threads.execute(task);
    } else {
      environment.timers().schedule(latency, threads, task);
    }
  }

  private <T extends HasMetadata> void answer(
      ResourceType<T> type,
      ListQuery query,
      Consumer<? super T> items,
      CompletableFuture<ListPage> result) {
    ApiError error = listFaults.isEmpty() ? refusal(query) : listFaults.remove();
    if (error != null) {
      result.completeExceptionally(new ApiException(error));
      return;
    }
    String token = query.continueToken();
    List<ConfigMap> all = token.isEmpty() ? in(query.scope()) : snapshots.remove(token);
    String version =
        token.isEmpty() ? Long.toString(revision) : token.substring(0, token.indexOf(':'));
    boolean cut = pages && query.limit() > 0 && all.size() > query.limit();
    List<ConfigMap> page = cut ? all.subList(0, query.limit()) : all;
    page.forEach(object -> items.accept(type.type().cast(object)));
    String next = "";
    if (cut) {
      next = version + ":" + ++tokens;
      snapshots.put(next, new ArrayList<>(all.subList(query.limit(), all.size())));
    }
    result.complete(new ListPage(version, next));
  }

  private List<ConfigMap> in(Scope scope) {
    return objects.values().stream().filter(object -> isIn(scope, object)).toList();
  }

  private ApiError refusal(ListQuery query) {
    ApiError ruled = listRule.apply(query);
    if (ruled != null) {
      return ruled;
    }
    if (!query.continueToken().isEmpty()) {
      return snapshots.containsKey(query.continueToken()) ? null : gone();
    }
    String version = query.resourceVersion();
    if (version.isEmpty() || version.equals("0")) {
      return null;
    }
    return Long.parseLong(version) > revision ? tooLarge() : null;
  }

  static ApiError gone() {
    return new ApiError(Kind.GONE, 410, "Expired", "too old resource version", List.of(), null);
  }

  static ApiError tooLarge() {
    return ApiError.of(Kind.TOO_LARGE_RESOURCE_VERSION, 504, "Too large resource version");
  }

  static ApiError error(Kind kind, int code) {
    return ApiError.of(kind, code, "scripted " + kind);
  }

  @Override
  public <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener) {
    log(
        "watch rv="
            + query.resourceVersion()
            + (query.sendInitialEvents() ? " initial" : "")
            + where(query.scope()));
    Stream stream = new Stream(query, cast(type, listener));
    later(stream::open);
    return stream;
  }

  private static <T extends HasMetadata> WatchListener<ConfigMap> cast(
      ResourceType<T> type, WatchListener<T> listener) {
    return new WatchListener<>() {
      @Override
      public void opened() {
        listener.opened();
      }

      @Override
      public void event(Type change, ConfigMap object) {
        listener.event(change, type.type().cast(object));
      }

      @Override
      public void bookmark(String resourceVersion, boolean initialEventsEnd) {
        listener.bookmark(resourceVersion, initialEventsEnd);
      }

      @Override
      public void closed(ApiError error) {
        listener.closed(error);
      }
    };
  }

  private final class Stream implements Watch {

    private final WatchQuery query;
    private final WatchListener<ConfigMap> listener;
    private final Executor mailbox = new SerialExecutor(threads);
    private Timers.Timer timer = () -> false;
    private Timers.Timer bookmark = () -> false;
    private boolean closed;
    private boolean frozen;

    private Stream(WatchQuery query, WatchListener<ConfigMap> listener) {
      this.query = query;
      this.listener = listener;
    }

    private void open() {
      if (closed) {
        return;
      }
      ApiError error = watchFaults.isEmpty() ? refusal() : watchFaults.remove();
      if (error != null) {
        end(error);
        return;
      }
      say(listener::opened);
      streamsOpen.add(this);
      timer = environment.timers().schedule(query.timeout(), threads, () -> end(null));
      if (query.sendInitialEvents()) {
        in(query.scope()).stream()
            .limit(streamsOnly)
            .forEach(o -> say(() -> listener.event(WatchListener.Type.ADDED, o)));
        if (marks) {
          String version = Long.toString(revision);
          say(() -> listener.bookmark(version, true));
        }
      } else {
        long from = Long.parseLong(query.resourceVersion());
        history.stream().filter(event -> event.revision > from).forEach(this::send);
      }
      bookmarkLater();
    }

    private ApiError refusal() {
      ApiError ruled = watchRule.apply(query);
      if (ruled != null) {
        return ruled;
      }
      if (query.sendInitialEvents() && !streams) {
        return error(Kind.INVALID, 422);
      }
      String version = query.resourceVersion();
      if (version.isEmpty()) {
        return null;
      }
      long from = Long.parseLong(version);
      return from > revision ? tooLarge() : from < compacted ? gone() : null;
    }

    private void bookmarkLater() {
      bookmark =
          environment
              .timers()
              .schedule(
                  Duration.ofMinutes(1),
                  threads,
                  () -> {
                    if (!closed && bookmarks) {
                      String version = Long.toString(revision);
                      say(() -> listener.bookmark(version, false));
                    }
                    if (!closed) {
                      bookmarkLater();
                    }
                  });
    }

    private void send(Event event) {
      if (isIn(query.scope(), event.object)) {
        say(() -> listener.event(event.type, event.object));
      }
    }

    private void say(Runnable what) {
      if (!frozen) {
        mailbox.execute(
            () -> {
              if (!closed) {
                what.run();
              }
            });
      }
    }

    private void end(ApiError error) {
      streamsOpen.remove(this);
      timer.cancel();
      bookmark.cancel();
      say(
          () -> {
            closed = true;
            listener.closed(error);
          });
    }

    @Override
    public void close() {
      closed = true;
      streamsOpen.remove(this);
      timer.cancel();
      bookmark.cancel();
    }
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> create(ResourceType<T> type, T object) {
    SelfSubjectAccessReview review = (SelfSubjectAccessReview) object;
    log("review " + review.getSpec().getResourceAttributes().getVerb());
    Boolean allowed = reviewRule.apply(review.getSpec().getResourceAttributes());
    if (allowed == null) {
      return CompletableFuture.failedFuture(new ApiException(error(Kind.NOT_FOUND, 404)));
    }
    review.setStatus(
        new SubjectAccessReviewStatusBuilder().withAllowed(allowed).withReason("").build());
    return CompletableFuture.completedFuture(object);
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> update(
      ResourceType<T> type, T object, String subresource) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> patch(
      ResourceType<T> type, ObjectKey key, String subresource, PatchFormat format, String body) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<Void> delete(
      ResourceType<?> type, ObjectKey key, DeleteOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<String> read(String path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    cut(ApiError.of(Kind.CLOSED, 0, "closed"));
  }
}
