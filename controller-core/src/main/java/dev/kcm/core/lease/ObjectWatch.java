package dev.kcm.core.lease;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.Scope;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch of one object that is opened again whenever it ends, with back-off while it cannot be.
 *
 * <p>Each opening starts with the object as it is, so nothing is missed for longer than the gap. A
 * server that refuses the watch costs the election nothing but its speed.
 *
 * <p>Confined to {@code mailbox}; the listener only posts to it.
 *
 * @param <T> model class
 */
final class ObjectWatch<T extends HasMetadata> implements LeaseLock.Watching {

  private static final Logger log = LoggerFactory.getLogger(ObjectWatch.class);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** The server ends the watch after this long, or up to twice as long. */
  private static final Duration LIFE = Duration.ofMinutes(5);

  private final ApiClient client;
  private final Environment environment;
  private final ResourceType<T> type;
  private final ObjectKey key;
  private final Observer<T> observer;
  private final Executor mailbox;
  private ApiClient.@Nullable Watch watch;
  private Duration wait = FIRST_WAIT;
  private @Nullable Duration pollPeriod;
  private boolean open;
  private boolean polling;
  private boolean closed;

  /** Hears of the object, one call at a time. */
  interface Observer<T> {

    void changed(T object);

    void deleted();
  }

  ObjectWatch(
      ApiClient client,
      Environment environment,
      ResourceType<T> type,
      ObjectKey key,
      Observer<T> observer) {
    this.client = client;
    this.environment = environment;
    this.type = type;
    this.key = key;
    this.observer = observer;
    this.mailbox = new SerialExecutor(environment.executor("leader-election-watch"));
  }

  /**
   * Looks at the object from time to time while no watch can be opened. Called before {@link
   * #open()}.
   */
  void pollWhileRefused(Duration period) {
    pollPeriod = period;
  }

  void open() {
    mailbox.execute(this::openNow);
  }

  @Override
  public void close() {
    mailbox.execute(
        () -> {
          closed = true;
          if (watch != null) {
            watch.close();
            watch = null;
          }
        });
  }

  private void openNow() {
    if (closed) {
      return;
    }
    Scope scope = new Scope(key.namespace(), "", "metadata.name=" + key.name());
    long seconds = LIFE.toSeconds();
    Duration life = Duration.ofSeconds(seconds + environment.random().nextLong(seconds));
    watch = client.watch(type, new WatchQuery(scope, "", life, false), new Listener());
  }

  private void isOpen() {
    wait = FIRST_WAIT;
    open = true;
  }

  private void ended(@Nullable ApiError error) {
    watch = null;
    open = false;
    if (closed) {
      return;
    }
    pollLater();
    if (error != null) {
      log.debug(
          "The watch of {} {} ended, opening it again: {}", type.plural(), key, error.message());
    }
    long jittered = (long) (wait.toNanos() * (1 + environment.random().nextDouble()));
    environment.timers().schedule(Duration.ofNanos(jittered), mailbox, this::openNow);
    Duration doubled = wait.multipliedBy(2);
    wait = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
  }

  private void pollLater() {
    if (pollPeriod != null && !polling) {
      polling = true;
      environment.timers().schedule(pollPeriod, mailbox, this::poll);
    }
  }

  private void poll() {
    polling = false;
    if (closed || open) {
      return;
    }
    polling = true;
    var unused =
        client
            .get(type, key)
            .whenCompleteAsync(
                (object, failure) -> {
                  polling = false;
                  if (object != null) {
                    tell(WatchListener.Type.MODIFIED, object);
                  }
                  if (!closed && !open) {
                    pollLater();
                  }
                },
                mailbox);
  }

  /** Posts to the mailbox. Immutable. */
  private final class Listener implements WatchListener<T> {

    @Override
    public void opened() {
      mailbox.execute(ObjectWatch.this::isOpen);
    }

    @Override
    public void event(Type change, T object) {
      mailbox.execute(() -> tell(change, object));
    }

    @Override
    public void bookmark(String resourceVersion, boolean initialEventsEnd) {
      // The object itself is all that matters.
    }

    @Override
    public void closed(@Nullable ApiError error) {
      mailbox.execute(() -> ended(error));
    }
  }

  private void tell(WatchListener.Type change, T object) {
    // A server that ignores the field selector sends other objects, too.
    if (closed || !ObjectKey.of(object).equals(key)) {
      return;
    }
    if (change == WatchListener.Type.DELETED) {
      observer.deleted();
    } else {
      observer.changed(object);
    }
  }
}
