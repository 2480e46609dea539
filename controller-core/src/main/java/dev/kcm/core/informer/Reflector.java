package dev.kcm.core.informer;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.Scope;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Ticker;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a target in step with the server by list and watch, and never gives up.
 *
 * <p>One thing is under way at a time: a list, a watch, or a wait. Each is numbered, and what a
 * former one still says is not heard.
 *
 * <p>Confined to the informer's mailbox. {@code state} and {@code lastContact} are written there
 * and read by anyone, as is the version.
 *
 * @param <T> model class
 */
final class Reflector<T extends HasMetadata> {

  /** What is kept in step. Called on the informer's mailbox. */
  interface Target<T> {

    /**
     * Everything there is, at once.
     *
     * @param rewound whether equal resourceVersions mean nothing
     */
    void replaced(Collection<T> objects, boolean rewound);

    /**
     * What is kept of an object that a list brings. The only call from another thread, that of the
     * list; its result comes back in {@link #replaced}.
     */
    T prepared(T object);

    /** One change; its object has not been prepared. */
    void changed(WatchListener.Type type, T object);
  }

  /** Watches that lived this long may end as they like: the next one follows at once. */
  static final Duration LONG_LIVED = Duration.ofSeconds(30);

  /** For how long a server that cannot stream lists is not asked to. */
  static final Duration UNSUPPORTED = Duration.ofMinutes(30);

  private static final Logger log = LoggerFactory.getLogger(Informers.class);

  private final ApiClient api;
  private final ResourceType<T> type;
  private final Scope scope;
  private final Environment environment;
  private final Ticker ticker;
  private final Executor mailbox;
  private final Target<T> target;
  private final InformerMeters meters;
  private final WatchList watchList;
  private final Backoff backoff;
  private final RepeatedErrors repeated;

  private final StoreVersion version = new StoreVersion();

  private volatile String state = "NOT_STARTED";
  private volatile long lastContact;

  private int attempt;
  private boolean synced;
  private boolean stopped;
  private boolean blocked;
  private boolean versionUnusable;
  private boolean serverPages;

  /** Whether everything is in and a watch is open, or about to be. */
  private boolean live;

  private boolean stalled;
  private String stalledBy = "";
  private boolean parked;
  private @Nullable Long streamAgainAt;
  private @Nullable Runnable giveUp;
  private Timers.@Nullable Timer waiting;
  private @Nullable Runnable next;

  Reflector(
      ApiClient api,
      ResourceType<T> type,
      Scope scope,
      WatchList watchList,
      Environment environment,
      Executor mailbox,
      Target<T> target,
      InformerMeters meters) {
    this.api = api;
    this.type = type;
    this.scope = scope;
    this.watchList = watchList;
    this.environment = environment;
    this.ticker = environment.ticker();
    this.mailbox = mailbox;
    this.target = target;
    this.meters = meters;
    this.backoff = new Backoff(environment);
    this.repeated = new RepeatedErrors(ticker);
    this.lastContact = ticker.nanos();
  }

  // ---- for others to see

  String state() {
    return state;
  }

  /** The resourceVersion the store is at. */
  String lastVersion() {
    return version.get();
  }

  boolean hasReached(String wanted) {
    return version.hasReached(wanted);
  }

  Duration sinceContact() {
    return ticker.since(lastContact);
  }

  // ---- control, on the mailbox

  void start() {
    lastContact = ticker.nanos();
    refresh("");
  }

  void stop() {
    stopped = true;
    parked = false;
    begin();
    state = "STOPPED";
    version.close();
  }

  /** Completes with true when the version is reached, with false when the time is up. */
  void await(String wanted, Duration timeout, CompletableFuture<Boolean> result) {
    if (stopped) {
      result.complete(false);
      return;
    }
    version.await(wanted, result);
    if (!result.isDone()) {
      Timers.Timer timer =
          environment.timers().schedule(timeout, mailbox, () -> result.complete(false));
      var unused = result.whenComplete((reached, failure) -> timer.cancel());
    }
  }

  /** Ends a wait at once. */
  void retryNow() {
    Runnable step = next;
    if (waiting != null && step != null) {
      waiting.cancel();
      waiting = null;
      next = null;
      step.run();
    }
  }

  /** Ends what is under way, so that something new can begin; returns its number. */
  int begin() {
    if (waiting != null) {
      waiting.cancel();
      waiting = null;
      next = null;
    }
    Runnable former = giveUp;
    giveUp = null;
    live = false;
    attempt++;
    if (former != null) {
      former.run();
    }
    return attempt;
  }

  /** Whether what has this number still counts. */
  boolean isCurrent(int number) {
    return number == attempt && !stopped;
  }

  /** How to end what is under way from outside. */
  void endsBy(Runnable how) {
    giveUp = how;
  }

  /** Runs a step; if it fails, which it should not, everything begins anew after a while. */
  void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException bug) {
      log.error("{}: a step failed, beginning anew", name(), bug);
      failed(ApiError.of(Kind.OTHER, 0, String.valueOf(bug)));
    }
  }

  // ---- steps

  /** Fetches everything, by stream or list. */
  private void refresh(String cause) {
    if (!cause.isEmpty()) {
      meters.relisted(cause);
    }
    if (mayStream()) {
      new WatchRun<>(this, versionForRefresh(""), true).begin();
    } else {
      list();
    }
  }

  private boolean mayStream() {
    return switch (watchList) {
      case OFF -> false;
      case ON -> true;
      case AUTO -> streamAgainAt == null || ticker.nanos() - streamAgainAt >= 0;
    };
  }

  /** Lists instead of streaming. */
  void list() {
    new ListRun<>(this, versionForRefresh("0")).begin();
  }

  private String versionForRefresh(String first) {
    if (versionUnusable) {
      return "";
    }
    return synced ? version.get() : first;
  }

  /** Watches on from where the last event stood; or parks there. */
  void watch() {
    if (stalled) {
      begin();
      state("STALLED (" + stalledBy + ")");
      parked = true;
      return;
    }
    new WatchRun<>(this, version.get(), false).begin();
    live = true;
  }

  /**
   * Takes no more events from the server until {@link #resume}. A list under way still ends.
   *
   * @param by who cannot take more
   */
  void stall(String by) {
    stalledBy = by;
    stalled = true;
    if (live) {
      watch();
    }
  }

  /** Goes on where {@link #stall} left off. */
  void resume() {
    stalled = false;
    if (parked) {
      parked = false;
      watch();
    }
  }

  // ---- what the steps report

  /** A server that cannot stream: list, and do not ask again for a while. */
  void cannotStream(String why) {
    log.info("{}: the server does not stream lists ({}), listing instead", name(), why);
    streamAgainAt = ticker.nanos() + UNSUPPORTED.toNanos();
    if (watchList == WatchList.ON) {
      failed(ApiError.of(Kind.OTHER, 0, "the server does not stream lists: " + why));
    } else {
      list();
    }
  }

  void serverPages() {
    serverPages = true;
  }

  boolean pagesWanted(String wanted) {
    return serverPages || wanted.isEmpty() || wanted.equals("0");
  }

  /** Everything has been fetched. */
  void fetched(Collection<T> objects, String now) {
    boolean rewound = synced && ResourceVersions.isOlder(now, version.get());
    if (rewound) {
      log.warn(
          "{}: the server's resourceVersion went back from {} to {}, as after a restore of its"
              + " storage; everything counts as changed",
          name(),
          version.get(),
          now);
      meters.rewound();
    }
    versionUnusable = false;
    synced = true;
    live = true;
    heard();
    healthy();
    target.replaced(objects, rewound);
    if (rewound) {
      version.rewound(now);
    } else {
      version.reached(now);
    }
  }

  /** The server answers: what blocked is over. */
  void healthy() {
    blocked = false;
  }

  /** Something came from the server. */
  void heard() {
    lastContact = ticker.nanos();
  }

  void changed(WatchListener.Type change, T object, boolean advances) {
    heard();
    target.changed(change, object);
    if (advances) {
      advance(ResourceVersions.of(object));
    }
  }

  void bookmark(String now) {
    heard();
    advance(now);
  }

  /** Only forwards: if the server really went back, the next watch at the old version shows it. */
  private void advance(String now) {
    if (!now.isEmpty() && !ResourceVersions.isOlder(now, version.get())) {
      version.reached(now);
    }
  }

  /**
   * The resourceVersion cannot be used. The first time, everything is fetched anew at once, at
   * whatever is most recent.
   *
   * @param requested the resourceVersion that was asked for
   */
  void versionRefused(String requested, ApiError error) {
    if (requested.isEmpty()) {
      failed(error);
      return;
    }
    versionUnusable = true;
    log.debug("{}: {}; fetching the most recent", name(), error.message());
    refresh("version");
  }

  /** A watch ended as watches do. */
  void watchEnded(boolean atOnce) {
    if (atOnce) {
      watch();
    } else {
      pause(Duration.ZERO, "the watch broke", this::watch);
    }
  }

  /** An open watch, or one that could not be opened, ended by an error. */
  void watchFailed(ApiError error) {
    meters.watchFailed(error.kind().name());
    switch (error.kind()) {
      case GONE -> {
        log.debug("{}: {}; listing", name(), error.message());
        pause(Duration.ZERO, error.message(), () -> refresh("expired"));
      }
      case TOO_MANY_REQUESTS, UNREACHABLE, UNAUTHORIZED -> {
        warn(error);
        pause(retryAfter(error), error.message(), this::watch);
      }
      default -> failed(error);
    }
  }

  /** Anything else: say so, wait, fetch everything anew. */
  void failed(ApiError error) {
    warn(error);
    if (error.kind() == Kind.FORBIDDEN || error.kind() == Kind.NOT_FOUND) {
      blocked = true;
      state = "BLOCKED (" + error.code() + " " + type.qualifiedPlural() + "/list)";
    }
    pause(retryAfter(error), error.message(), () -> refresh(error.kind().name()));
  }

  private static Duration retryAfter(ApiError error) {
    Duration asked = error.retryAfter();
    return asked == null ? Duration.ZERO : asked;
  }

  private void warn(ApiError error) {
    String text = error.code() + " " + error.message();
    if (repeated.isNews(text)) {
      log.warn("{}: {} {}", name(), error.kind(), text);
    }
  }

  /** Waits as the back-off says, or longer, before a step. */
  void pause(Duration atLeast, String why, Runnable step) {
    begin();
    if (stopped) {
      return;
    }
    Duration wait = backoff.next();
    if (wait.compareTo(atLeast) < 0) {
      wait = atLeast;
    }
    state("BACKOFF (" + wait.toMillis() + " ms; " + why + ")");
    next = step;
    waiting =
        environment
            .timers()
            .schedule(
                wait,
                mailbox,
                () -> {
                  if (next == step) {
                    waiting = null;
                    next = null;
                    step.run();
                  }
                });
  }

  void state(String text) {
    if (!blocked && !stopped && !parked) {
      state = text;
    }
  }

  // ---- for the steps

  /** Whether the object is of the kind that was asked for; others are counted and skipped. */
  boolean accepts(T object) {
    String kind = object.getKind();
    boolean known =
        kind == null
            || kind.isEmpty()
            || kind.equals(type.kind())
            || (type.type() == PartialObjectMetadata.class && kind.equals("PartialObjectMetadata"));
    if (!known || object.getMetadata() == null || object.getMetadata().getName() == null) {
      meters.event("skipped");
      log.warn("{}: skipped an object of kind {}", name(), kind);
      return false;
    }
    return true;
  }

  /** What the target keeps of an object that a list brings. */
  T prepared(T object) {
    return target.prepared(object);
  }

  String name() {
    return "informer " + type.qualifiedPlural();
  }

  ApiClient api() {
    return api;
  }

  ResourceType<T> type() {
    return type;
  }

  Scope scope() {
    return scope;
  }

  Environment environment() {
    return environment;
  }

  Executor mailbox() {
    return mailbox;
  }

  InformerMeters meters() {
    return meters;
  }

  boolean fallsBack() {
    return watchList == WatchList.AUTO;
  }
}
