package dev.kcm.core.informer;

import dev.kcm.core.api.AccessReview;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.Scope;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.informer.ErrorHandler.Phase;
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
import java.util.List;
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
 * <p>Confined to the informer's mailbox, except {@code contact} and {@code version}, which anyone
 * may read.
 *
 * @param <T> model class
 */
final class Reflector<T extends HasMetadata> {

  /** What is kept in step. Called on the informer's mailbox. */
  interface Target<T> {

    /**
     * Everything there is in a part, at once.
     *
     * @param namespace the part; empty for everything
     * @param rewound whether equal resourceVersions mean nothing
     */
    void replaced(String namespace, Collection<T> objects, boolean rewound);

    /**
     * What is kept of an object that a list brings. The only call from another thread, that of the
     * list; its result comes back in {@link #replaced}.
     */
    T prepared(T object);

    /** One change; its object has not been prepared. */
    void changed(WatchListener.Type type, T object);

    /** Everything that can be listed has been; may be said more than once. */
    void complete();
  }

  /** Watches that lived this long may end as they like: the next one follows at once. */
  static final Duration LONG_LIVED = Duration.ofSeconds(30);

  /** For how long a server that cannot stream lists is not asked to. */
  static final Duration UNSUPPORTED = Duration.ofMinutes(30);

  /** What is logged of a resource the server does not know, whatever words it finds. */
  private static final String UNKNOWN = "404";

  private static final Logger log = LoggerFactory.getLogger(Informers.class);

  private final Feed<T> feed;
  private final Feed.Wiring<T> wiring;
  private final String namespace;
  private final Scope scope;
  private final ResourceType<T> type;
  private final Environment environment;
  private final Ticker ticker;
  private final Target<T> target;
  private final InformerMeters meters;
  private final Backoff backoff;
  private final RepeatedErrors repeated;
  private final Contact contact;
  private final StoreVersion version = new StoreVersion();

  private int attempt;
  private boolean synced;
  private boolean stopped;
  private boolean watching;
  private boolean versionUnusable;
  private boolean serverPages;
  private int notFoundInARow;

  /** What was answered when the part was last refused. */
  private String refusal = "";

  /** What the identity may not do, with a colon before it; empty while that is not known. */
  private String denial = "";

  /** Who cannot take more events; null while all can. */
  private @Nullable String stalledBy;

  /** Whether a watch would be open if nobody stalled it. */
  private boolean parked;

  private @Nullable Long streamAgainAt;
  private @Nullable Runnable giveUp;
  private Timers.@Nullable Timer waiting;
  private @Nullable Runnable next;

  Reflector(Feed<T> feed, String namespace, Scope scope) {
    this.feed = feed;
    this.wiring = feed.wiring();
    this.namespace = namespace;
    this.scope = scope;
    this.type = wiring.type();
    this.environment = wiring.environment();
    this.ticker = environment.ticker();
    this.target = wiring.target();
    this.meters = wiring.meters();
    this.backoff = new Backoff(environment);
    this.repeated = new RepeatedErrors(ticker);
    this.contact = new Contact(ticker);
  }

  // ---- for others to see

  String state() {
    return contact.state();
  }

  /** Whether the server refuses, by 403 or 404, to let the part be seen. */
  boolean isBlocked() {
    return contact.isBlocked();
  }

  /** The resourceVersion the store is at. */
  String lastVersion() {
    return version.get();
  }

  boolean hasReached(String wanted) {
    return version.hasReached(wanted);
  }

  Duration sinceContact() {
    return contact.since();
  }

  InformerStatus status() {
    return contact.status(version.get());
  }

  // ---- control, on the mailbox

  void start() {
    contact.heard();
    refresh("");
  }

  void stop() {
    stopped = true;
    parked = false;
    begin();
    contact.ended();
  }

  /** Whether there was a complete list. */
  boolean hasSynced() {
    return synced;
  }

  /** Fetches everything anew, unless that is under way. */
  void relist() {
    if (waiting != null) {
      retryNow();
    } else if (watching && !stopped) {
      refresh("asked");
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
    watching = false;
    contact.notOpen();
    if (waiting != null) {
      waiting.cancel();
      waiting = null;
      next = null;
    }
    Runnable former = giveUp;
    giveUp = null;
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
      failed(Phase.LIST, ApiError.of(Kind.OTHER, 0, String.valueOf(bug)));
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
    return switch (wiring.watchList()) {
      case OFF -> false;
      case ON -> true;
      // Where a list is refused, a stream is too: one request is enough to see whether it still is.
      case AUTO ->
          !contact.isBlocked() && (streamAgainAt == null || ticker.nanos() - streamAgainAt >= 0);
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
    if (stalledBy != null) {
      String by = stalledBy;
      begin();
      contact.state(() -> "STALLED (" + by + ")");
      parked = true;
      return;
    }
    new WatchRun<>(this, version.get(), false).begin();
    watching = true;
  }

  /**
   * Takes no more events from the server until {@link #resume}. A list under way still ends.
   *
   * @param by who cannot take more
   */
  void stall(String by) {
    stalledBy = by;
    if (watching) {
      watch();
    }
  }

  /** Goes on where {@link #stall} left off. */
  void resume() {
    stalledBy = null;
    if (parked) {
      parked = false;
      watch();
    }
  }

  // ---- what the steps report

  /** A server that cannot stream: list, and do not ask again for a while. */
  void cannotStream(ApiError error) {
    if (error.kind() == Kind.NOT_FOUND) {
      log.debug("{}: nothing to stream: {}", name(), error.message());
    } else {
      log.info(
          "{}: the server does not stream lists ({}), listing instead", name(), error.message());
    }
    streamAgainAt = ticker.nanos() + UNSUPPORTED.toNanos();
    list();
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
    watching = true;
    notFoundInARow = 0;
    contact.listed(now);
    contact.blocked(null);
    target.replaced(namespace, objects, rewound);
    if (rewound) {
      version.rewound(now);
      feed.rewound();
    } else {
      version.reached(now);
    }
    feed.progressed();
  }

  void changed(WatchListener.Type change, T object, boolean advances) {
    contact.event();
    // The target may keep a smaller object than the one that came.
    String now = ResourceVersions.of(object);
    target.changed(change, object);
    if (advances) {
      advance(now);
    }
  }

  void bookmark(String now) {
    contact.bookmark();
    advance(now);
  }

  /** Only forwards: if the server really went back, the next watch at the old version shows it. */
  private void advance(String now) {
    if (!now.isEmpty() && !ResourceVersions.isOlder(now, version.get())) {
      version.reached(now);
      feed.advanced();
    }
  }

  /**
   * The resourceVersion cannot be used. The first time, everything is fetched anew at once, at
   * whatever is most recent.
   *
   * @param requested the resourceVersion that was asked for
   */
  void versionRefused(String requested, Phase phase, ApiError error) {
    if (requested.isEmpty()) {
      failed(phase, error);
      return;
    }
    versionUnusable = true;
    log.debug("{}: {}; fetching the most recent", name(), error.message());
    refresh("version");
  }

  /** The connection of a watch broke before it had lived long. */
  void watchBroke(ApiError error) {
    contact.failed();
    pause(Phase.WATCH, error, this::watch);
  }

  /** An open watch, or one that could not be opened, ended by an error. */
  void watchFailed(ApiError error) {
    meters.watchFailed(error.kind().name());
    switch (error.kind()) {
      case GONE -> {
        log.debug("{}: {}; listing", name(), error.message());
        pause(Phase.WATCH, error, () -> refresh("expired"));
      }
      case TOO_MANY_REQUESTS, UNREACHABLE, UNAUTHORIZED -> {
        contact.failed();
        warn(error);
        pause(Phase.WATCH, error, this::watch);
      }
      default -> failed(Phase.WATCH, error);
    }
  }

  /** Anything else: say so, wait, fetch everything anew. */
  void failed(Phase phase, ApiError error) {
    contact.failed();
    if (error.kind() == Kind.NOT_FOUND) {
      notFound(phase, error);
    } else {
      notFoundInARow = 0;
      warn(error);
    }
    if (error.kind() == Kind.FORBIDDEN || error.kind() == Kind.NOT_FOUND) {
      blocked(phase, error);
    }
    pause(phase, error, () -> refresh(error.kind().name()));
  }

  private void blocked(Phase phase, ApiError error) {
    boolean forbidden = error.kind() == Kind.FORBIDDEN;
    boolean mayAsk = forbidden && !contact.isBlocked();
    denial = mayAsk || !forbidden ? "" : denial;
    refusal =
        error.code() + " " + type.qualifiedPlural() + (phase == Phase.WATCH ? "/watch" : "/list");
    contact.blocked(refusal + denial);
    feed.progressed();
    if (mayAsk) {
      askWhatIsMissing();
    }
  }

  /** A refusal names one verb; a review names all that are missing, and the rule to grant. */
  private void askWhatIsMissing() {
    var unused =
        AccessReview.missing(wiring.api(), type, namespace, List.of("list", "watch"))
            .whenCompleteAsync(
                (missing, unanswered) -> {
                  if (missing != null && missing.isPresent() && contact.isBlocked() && !stopped) {
                    denial = ": " + missing.get();
                    contact.blocked(refusal + denial);
                    log.warn("{}: {}", name(), missing.get());
                  }
                },
                wiring.mailbox());
  }

  /**
   * The server does not know the resource. A namespace that does not exist is listed as empty, so
   * this is about the kind; but a server that just starts may say it too, of kinds it will know a
   * moment later. Only the second list in a row that is answered so, a step of back-off after the
   * first, means that the kind, and with it all its objects, is gone.
   */
  private void notFound(Phase phase, ApiError error) {
    if (phase == Phase.WATCH) {
      log.debug("{}: {}; listing", name(), error.message());
      return;
    }
    streamAgainAt = null;
    notFoundInARow++;
    if (notFoundInARow == 2 && synced) {
      log.warn("{}: the server does not know the resource any more, its objects are gone", name());
      repeated.isNews(UNKNOWN);
      target.replaced(namespace, List.of(), false);
    } else if (!synced || notFoundInARow > 2) {
      warn(UNKNOWN, error);
    }
  }

  private static Duration retryAfter(ApiError error) {
    Duration asked = error.retryAfter();
    return asked == null ? Duration.ZERO : asked;
  }

  private void warn(ApiError error) {
    warn(error.code() + " " + error.message(), error);
  }

  private void warn(String sort, ApiError error) {
    if (repeated.isNews(sort)) {
      log.warn("{}: {} {} {}", name(), error.kind(), error.code(), error.message());
    }
  }

  /** Waits as the back-off says, or longer if the server asks for it, before a step. */
  private void pause(Phase phase, ApiError error, Runnable step) {
    begin();
    if (stopped) {
      return;
    }
    Duration wait = backoff.next();
    if (wait.compareTo(retryAfter(error)) < 0) {
      wait = retryAfter(error);
    }
    long until = ticker.nanos() + wait.toNanos();
    contact.state(() -> waitingText(until, error));
    next = step;
    waiting = environment.timers().schedule(wait, wiring.mailbox(), () -> waited(step));
    if (error.kind() != Kind.GONE) {
      wiring.failures().failed(namespace, phase, error, wait);
    }
  }

  private void waited(Runnable step) {
    if (next == step) {
      waiting = null;
      next = null;
      step.run();
    }
  }

  private String waitingText(long until, ApiError error) {
    long left = Math.max(0, until - ticker.nanos()) / 1_000_000;
    return "BACKOFF (next try in " + left + " ms; last error: " + error.message() + ")";
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
    return "informer " + type.qualifiedPlural() + (namespace.isEmpty() ? "" : " in " + namespace);
  }

  Contact contact() {
    return contact;
  }

  ApiClient api() {
    return wiring.api();
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
    return wiring.mailbox();
  }

  InformerMeters meters() {
    return meters;
  }

  boolean fallsBack() {
    return wiring.watchList() == WatchList.AUTO;
  }
}
