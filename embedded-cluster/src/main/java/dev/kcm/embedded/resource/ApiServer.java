package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.Kind.Trait;
import dev.kcm.embedded.resource.ObjectRules.Part;
import dev.kcm.embedded.store.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kubernetes API server without transport: takes requests whose sender is known, and answers as
 * the original does.
 *
 * <pre>{@code
 * try (ApiServer server = ApiServer.builder().build()) {
 *   ApiAnswer answer = server.handle(request);
 *   try (AutoCloseable watch = server.watch(watchRequest, sink)) { ... }
 * }
 * }</pre>
 *
 * <p>Thread-safe: the store is, and everything else keeps no state of its own.
 */
public final class ApiServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final List<String> LASTING_NAMESPACES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease");

  private final ServedKinds served;
  private final Store store;
  private final FaultPlan faults;
  private final RequestLog log;
  private final Routes routes;
  private final Decoder decoder;
  private final Objects objects;
  private final CreateRules creates;
  private final UpdateRules updates;
  private final PatchRules patches;
  private final DeleteRules deletes;
  private final ListRules lists;
  private final Watches watches;
  private final Subresources subresources;
  private final BindingResource binding;

  /** Answers of others, by resource and group, with {@code /subresource} behind it. */
  private final Map<String, Function<ApiRequest, ApiAnswer>> virtuals = new ConcurrentHashMap<>();

  private final WriteGuards guards = new WriteGuards();
  private final CustomResources customs;
  private final EventExpiry expiry;
  private final Controls controls;
  private final ScheduledExecutorService timer;
  private final boolean ownsTimer;

  /** Set once by {@link #start}, read by {@link #close}. */
  private volatile @Nullable Future<?> housekeeping;

  private ApiServer(Builder builder, ScheduledExecutorService timer) {
    this.timer = timer;
    ownsTimer = builder.timer == null;
    KindTable kinds = builder.kinds;
    served = new ServedKinds(kinds);
    Kind namespaces = kinds.find("", "v1", "namespaces").orElseThrow();
    Path file = builder.storeFile;
    store =
        file == null ? Store.create(builder.historyLimit) : Store.open(builder.historyLimit, file);
    faults = builder.faults;
    log = new RequestLog(builder.requestLogLimit, builder.clock);
    routes = new Routes(served);
    decoder = new Decoder(served);
    objects = new Objects(store);
    Ids ids = new Ids(builder.random);
    ObjectRules rules = new ObjectRules(builder.clock, new ServiceRules(store, ids), served);
    Admission admission = admission(builder, namespaces, ids);
    creates = new CreateRules(objects, decoder, admission, rules, ids, builder.clock);
    updates = new UpdateRules(objects, decoder, admission, rules, creates);
    patches = new PatchRules(updates, creates, decoder, builder.clock);
    deletes = new DeleteRules(objects, decoder, admission, builder.clock);
    lists = new ListRules(objects);
    watches = new Watches(objects, faults, timer, ids);
    customs = new CustomResources(served, objects, updates, deletes, watches, builder.clock);
    expiry = new EventExpiry(store, builder.clock);
    virtuals.putAll(builder.virtuals);
    binding = new BindingResource(decoder, updates, builder.clock);
    subresources =
        new Subresources(
            updates,
            patches,
            new ScaleResource(objects, decoder, updates, served),
            binding,
            new EvictionResource(kinds, objects, decoder, updates, deletes, builder.clock));
    controls = new Controls();
  }

  private Admission admission(Builder builder, Kind namespaces, Ids ids) {
    KindTable kinds = builder.kinds;
    ServiceAccountAdmission accounts =
        new ServiceAccountAdmission(
            objects,
            kinds.find("", "v1", "serviceaccounts").orElseThrow(),
            ids,
            builder.requireServiceAccounts);
    PodAdmission pods =
        new PodAdmission(
            objects,
            kinds.find("scheduling.k8s.io", "v1", "priorityclasses"),
            accounts,
            new RuntimeClassAdmission(objects, kinds.find("node.k8s.io", "v1", "runtimeclasses")));
    return new Admission(
        objects,
        namespaces,
        pods,
        new StorageClassAdmission(objects, kinds.find("storage.k8s.io", "v1", "storageclasses")),
        new LimitRangeAdmission(objects, kinds.find("", "v1", "limitranges")),
        new QuotaAdmission(objects, kinds.find("", "v1", "resourcequotas")),
        builder.protectStorageInUse);
  }

  /** Starts a description of a server. */
  public static Builder builder() {
    return new Builder();
  }

  private void start() {
    faults.attach(controls);
    expiry.start();
    customs.start();
    ensureNamespaces();
    housekeeping = timer.scheduleAtFixedRate(this::keepHouse, 1, 1, TimeUnit.MINUTES);
  }

  /**
   * Answers a request of any verb but watch.
   *
   * @throws StatusException when it is refused
   */
  public ApiAnswer handle(ApiRequest request) {
    try {
      ApiAnswer answer = handleUnlogged(request);
      log.add(request, answer.code());
      return answer;
    } catch (StatusException e) {
      log.add(request, e.code());
      throw e;
    }
  }

  private ApiAnswer handleUnlogged(ApiRequest request) {
    try {
      Kind kind = routes.resolve(request);
      faults.before(request);
      ApiAnswer answer = dispatch(request, kind);
      faults.after(request);
      return answer;
    } catch (StatusException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("{} of {} failed", request.verb(), request.resource(), e);
      throw Statuses.internalError(String.valueOf(e.getMessage()));
    }
  }

  private ApiAnswer dispatch(ApiRequest request, Kind kind) {
    if (!request.subresource().isEmpty()) {
      Function<ApiRequest, ApiAnswer> other =
          virtuals.get(kind.qualifiedResource() + "/" + request.subresource());
      return other == null
          ? subresources.handle(request, kind)
          : other.apply(decoder.decodeBody(request, kind));
    }
    if (kind.has(Trait.VIRTUAL)) {
      return answerVirtual(request, kind);
    }
    guards.check(request, kind, rehearsal -> answer(rehearsal, kind));
    return answer(request, kind);
  }

  private ApiAnswer answer(ApiRequest request, Kind kind) {
    return switch (request.verb()) {
      case GET ->
          ApiAnswer.of(200, objects.require(kind, request.namespace(), request.name()).object());
      case LIST -> lists.list(request, kind);
      case CREATE -> create(request, kind);
      case UPDATE -> updates.update(request, kind, Part.MAIN);
      case PATCH -> patches.patch(request, kind, Part.MAIN);
      case DELETE -> delete(request, kind);
      case DELETECOLLECTION -> deletes.deleteCollection(request, kind, lists);
      case WATCH -> throw Statuses.badRequest("a watch needs a sink: call watch, not handle");
    };
  }

  private ApiAnswer create(ApiRequest request, Kind kind) {
    customs.beforeCreate(kind);
    return creates.create(request, kind);
  }

  private ApiAnswer delete(ApiRequest request, Kind kind) {
    customs.beforeDelete(kind, request.name(), !request.parameter("dryRun").isEmpty());
    return deletes.delete(request, kind);
  }

  private ApiAnswer answerVirtual(ApiRequest request, Kind kind) {
    Function<ApiRequest, ApiAnswer> answer = virtuals.get(kind.qualifiedResource());
    if (answer != null) {
      return answer.apply(decoder.decodeBody(request, kind));
    }
    if (KindKey.of(kind).equals("v1/Binding")) {
      return binding.bind(request, kinds().find("", "v1", "pods").orElseThrow());
    }
    if (request.verb() == Verb.LIST) {
      return lists.list(request, kind);
    }
    throw Statuses.unknownPath();
  }

  /**
   * Starts a watch. The initial state, if the request wants it, is delivered before this method
   * returns; later events come on the threads of the writers. Closing the result ends the watch.
   *
   * @throws StatusException when the request is refused; nothing was sent to the sink then
   */
  public AutoCloseable watch(ApiRequest request, WatchSink sink) {
    try {
      Kind kind = routes.resolve(request);
      if (request.verb() != Verb.WATCH) {
        throw Statuses.badRequest("not a watch: " + request.verb());
      }
      faults.before(request);
      AutoCloseable watch = watches.start(request, kind, sink);
      log.add(request, 200);
      return watch;
    } catch (StatusException e) {
      log.add(request, e.code());
      throw e;
    } catch (RuntimeException e) {
      LOG.error("watch of {} failed", request.resource(), e);
      log.add(request, 500);
      throw Statuses.internalError(String.valueOf(e.getMessage()));
    }
  }

  /** The kinds served at the moment: the built-in ones and those of definitions. */
  public KindTable kinds() {
    return served.current();
  }

  /** The revision of the latest change. */
  public long revision() {
    return store.revision();
  }

  /** The revision of the latest change of a kind's objects, 0 when there was none yet. */
  public long lastChange(Kind kind) {
    return store.lastChange(Objects.resource(kind));
  }

  /**
   * An object as it is now. Nobody asked for it through the API: no fault meets this read, and no
   * log shows it.
   *
   * @param namespace namespace, empty for cluster scope
   */
  public Optional<JsonNode> stored(Kind kind, String namespace, String name) {
    return Optional.ofNullable(objects.get(kind, namespace, name)).map(Objects.Held::object);
  }

  /**
   * The objects of a kind as they are now, in the order of a list; read as {@link #stored} does.
   *
   * @param namespace namespace, empty for all of them
   */
  public List<JsonNode> storedAll(Kind kind, String namespace) {
    return objects.list(kind, namespace).entries().stream()
        .map(entry -> Versions.fromStored(kind, entry.getValue()))
        .toList();
  }

  /**
   * Makes sure that an object is there, as the server does for what every cluster has. No fault
   * meets this write, and no log shows it.
   *
   * @param object with apiVersion, kind, name and, if the kind has them, namespace
   * @return the object as stored: the present one, or the new one
   * @throws StatusException when there is none and it cannot be created
   * @throws IllegalArgumentException when its kind is not served
   */
  public JsonNode ensure(ObjectNode object) {
    String apiVersion = object.path("apiVersion").asText();
    String name = object.path("kind").asText();
    Kind kind =
        kinds()
            .ofKind(apiVersion, name)
            .orElseThrow(
                () -> new IllegalArgumentException(apiVersion + " " + name + " is not served"));
    return stored(kind, Meta.namespace(object), Meta.name(object))
        .orElseGet(
            () ->
                creates.create(
                    kind, object.deepCopy(), UserInfo.LOOPBACK, false, FieldWriter.NOBODY));
  }

  /**
   * Answers requests to a kind that stores nothing, or to a subresource, from now on.
   *
   * @param resource resource with group and maybe subresource, for example {@code
   *     tokenreviews.authentication.k8s.io} or {@code serviceaccounts/token}
   * @param answer called on requesting threads with a decoded body; a {@link StatusException} is
   *     the refusal
   */
  public void serve(String resource, Function<ApiRequest, ApiAnswer> answer) {
    virtuals.put(resource, answer);
  }

  /**
   * Asks before objects of a resource are written, from now on.
   *
   * @param resource resource with group, for example {@code roles.rbac.authorization.k8s.io}
   * @param guard called on requesting threads with the request and the object it would store; a
   *     {@link StatusException} is the refusal
   */
  public void guard(String resource, BiConsumer<ApiRequest, JsonNode> guard) {
    guards.add(resource, guard);
  }

  /** Forgets the history up to now, so that older watches and lists get 410. */
  public void compact() {
    store.compact();
  }

  /** Number of open watches. */
  public int openWatches() {
    return watches.size();
  }

  /** The latest requests, oldest first; empty unless the builder turned the log on. */
  public List<LoggedRequest> requestLog() {
    return log.all();
  }

  private void keepHouse() {
    try {
      expiry.removeExpired();
      ensureNamespaces();
      watches.sendBookmarks();
    } catch (RuntimeException e) {
      LOG.error("housekeeping failed and is tried again in a minute", e);
    }
  }

  private void ensureNamespaces() {
    for (String name : LASTING_NAMESPACES) {
      ObjectNode namespace = Trees.object().put("apiVersion", "v1").put("kind", "Namespace");
      namespace.putObject("metadata").put("name", name);
      ensure(namespace);
    }
  }

  /** Ends all watches that are open, in order with the events before. */
  public void endWatches() {
    watches.forEach("", Watch::close);
  }

  /** Ends all watches, the server's own timer and the use of its file. Idempotent. */
  @Override
  public void close() {
    faults.detach(controls);
    Future<?> running = housekeeping;
    if (running != null) {
      running.cancel(false);
    }
    endWatches();
    customs.close();
    if (ownsTimer) {
      timer.shutdownNow();
    }
    store.close();
  }

  /** What a fault plan may do to this server. */
  private final class Controls implements FaultPlan.Controls {
    @Override
    public void cutWatches(String resource) {
      watches.forEach(resource, Watch::close);
    }

    @Override
    public void releaseWatches(String resource) {
      watches.forEach(resource, Watch::release);
    }

    @Override
    public void compact() {
      store.compact();
    }
  }

  /** Describes a server; every setting has a default. Single use, confined to one thread. */
  public static final class Builder {

    private static final int HISTORY = 100_000;

    private Clock clock = Clock.systemUTC();
    private @Nullable ScheduledExecutorService timer;
    private int historyLimit = HISTORY;
    private KindTable kinds = KindTable.standard();
    private RandomGenerator random = new Random();
    private FaultPlan faults = FaultPlan.create();
    private final Map<String, Function<ApiRequest, ApiAnswer>> virtuals = new HashMap<>();
    private int requestLogLimit;
    private @Nullable Path storeFile;
    private boolean requireServiceAccounts;
    private boolean protectStorageInUse;

    private Builder() {}

    /** The clock for times in objects. Default: the system's. */
    public Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /**
     * The timer for watch time-outs, bookmarks and expiry of events; it stays the caller's to
     * close. Default: one daemon thread of the server's own.
     */
    public Builder timer(ScheduledExecutorService value) {
      timer = value;
      return this;
    }

    /** How many changes old watches and lists can be answered from. Default 100 000. */
    public Builder historyLimit(int value) {
      historyLimit = value;
      return this;
    }

    /** The served kinds. Default: all built-in ones. */
    public Builder kinds(KindTable value) {
      kinds = value;
      return this;
    }

    /** The source of UIDs, generated names and watch durations. Default: a random seed. */
    public Builder random(RandomGenerator value) {
      random = value;
      return this;
    }

    /** The faults to show. Default: none. */
    public Builder faults(FaultPlan value) {
      faults = value;
      return this;
    }

    /**
     * Answers requests to a kind that stores nothing, such as access reviews. Without it they get
     * 404.
     *
     * @param resource resource with group, for example {@code tokenreviews.authentication.k8s.io}
     * @param answer called on the requesting thread; a {@link StatusException} is the refusal
     */
    public Builder virtual(String resource, Function<ApiRequest, ApiAnswer> answer) {
      virtuals.put(resource, answer);
      return this;
    }

    /**
     * Whether pods need a service account that exists, as on a real server. Default: no, so that
     * pods can be created where no controller makes accounts; a pod whose account is there gets its
     * token all the same.
     */
    public Builder requireServiceAccounts(boolean value) {
      requireServiceAccounts = value;
      return this;
    }

    /**
     * Whether new claims, volumes and classes of volume attributes get the finalizer of their
     * protection controller, as on a real server. Default: no, so that they can be deleted where no
     * controller runs that removes it.
     */
    public Builder protectStorageInUse(boolean value) {
      protectStorageInUse = value;
      return this;
    }

    /** How many requests the log keeps. Default 0: no log. */
    public Builder requestLog(int value) {
      if (value < 0) {
        throw new IllegalArgumentException("requestLog must not be negative: " + value);
      }
      requestLogLimit = value;
      return this;
    }

    /**
     * File to keep all objects in; those in it come back. A change is answered once it would
     * survive the end of this process, however that comes. Only one process may use a file.
     * Default: in memory only.
     */
    public Builder storeFile(Path value) {
      storeFile = value;
      return this;
    }

    /**
     * A running server with the namespaces that every cluster has.
     *
     * @throws java.io.UncheckedIOException when the file of objects cannot be opened or read
     */
    public ApiServer build() {
      ScheduledExecutorService used = timer;
      ApiServer server = new ApiServer(this, used == null ? ownTimer() : used);
      server.start();
      return server;
    }

    private static ScheduledExecutorService ownTimer() {
      ScheduledThreadPoolExecutor executor =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = Executors.defaultThreadFactory().newThread(task);
                thread.setName("api-server-timer");
                thread.setDaemon(true);
                return thread;
              });
      executor.setRemoveOnCancelPolicy(true);
      return executor;
    }
  }
}
