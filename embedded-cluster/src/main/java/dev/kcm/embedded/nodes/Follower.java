package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.WatchEvent;
import dev.kcm.embedded.resource.WatchSink;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one collection: begins with its state, goes on after the end of a watch where that ended,
 * and begins anew when the server has forgotten what came since.
 *
 * <p>Confined to the mailbox, apart from the sinks, which only post to it.
 */
final class Follower {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ApiCalls calls;
  private final ApiCalls.Target collection;
  private final Mailbox mailbox;
  private final Listener listener;

  /** Latest revision seen, 0 before the first. */
  private long revision;

  private @Nullable AutoCloseable watch;
  private boolean closed;

  /** Hears of changes, in turns of the mailbox. */
  interface Listener {

    /** Everything known so far is void; the state comes anew. */
    void reset();

    /** An object is there or has changed. */
    void present(JsonNode object);

    /** An object is gone. */
    void gone(JsonNode object);
  }

  Follower(ApiCalls calls, ApiCalls.Target collection, Mailbox mailbox, Listener listener) {
    this.calls = calls;
    this.collection = collection;
    this.mailbox = mailbox;
    this.listener = listener;
  }

  void start() {
    if (closed) {
      return;
    }
    if (revision == 0) {
      listener.reset();
    }
    try {
      watch = calls.watch(collection, revision == 0 ? "" : Long.toString(revision), new Sink());
    } catch (StatusException e) {
      LOG.warn("Cannot watch {}, trying again: {}", collection.resource(), e.getMessage());
      revision = e.code() == 410 ? 0 : revision;
      mailbox.postAfter(PAUSE, this::start);
    }
  }

  void close() {
    closed = true;
    AutoCloseable running = watch;
    if (running != null) {
      try {
        running.close();
      } catch (Exception e) {
        LOG.warn("A watch of {} could not be closed", collection.resource(), e);
      }
    }
  }

  private void take(WatchEvent event) {
    if (closed) {
      return;
    }
    JsonNode object = event.object();
    switch (event.type()) {
      case ADDED, MODIFIED -> listener.present(object);
      case DELETED -> listener.gone(object);
      case BOOKMARK -> {}
      case ERROR -> {
        revision = 0;
        return;
      }
    }
    revision = Math.max(revision, object.path("metadata").path("resourceVersion").asLong());
  }

  private final class Sink implements WatchSink {

    @Override
    public void event(WatchEvent event) {
      mailbox.post(() -> take(event));
    }

    @Override
    public void closed() {
      mailbox.postAfter(Duration.ofMillis(10), Follower.this::start);
    }
  }
}
