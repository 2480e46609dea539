package dev.kcm.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.SerialExecutor;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.WatchEvent;
import dev.kcm.embedded.resource.WatchSink;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One watch. Events are handed over from the writer's thread to a mailbox, where they are decoded
 * and delivered.
 *
 * <p>State is confined to the mailbox, except {@code cancelled}, which {@link #close()} publishes.
 */
final class InProcessWatch<T extends HasMetadata> implements ApiClient.Watch, WatchSink {

  private final ResourceType<T> type;
  private final WatchListener<T> listener;
  private final SerialExecutor mailbox;
  private volatile boolean cancelled;
  private @Nullable AutoCloseable source;
  private @Nullable Runnable whenOver;
  private boolean over;

  InProcessWatch(ResourceType<T> type, WatchListener<T> listener, Executor executor) {
    this.type = type;
    this.listener = listener;
    this.mailbox = new SerialExecutor(executor);
  }

  /** Opens the watch from its mailbox; a refusal reaches the listener. */
  void open(Function<WatchSink, AutoCloseable> server, Runnable end) {
    mailbox.execute(
        () -> {
          whenOver = end;
          if (cancelled) {
            end.run();
            return;
          }
          try {
            source = server.apply(this);
            listener.opened();
          } catch (StatusException e) {
            finish(Trees.error(e));
          } catch (ApiException e) {
            finish(e.error());
          }
        });
  }

  @Override
  public void event(WatchEvent event) {
    mailbox.execute(() -> deliver(event));
  }

  @Override
  public void closed() {
    mailbox.execute(() -> finish(null));
  }

  @Override
  public void close() {
    cancelled = true;
    mailbox.execute(this::release);
  }

  private void deliver(WatchEvent event) {
    if (over || cancelled) {
      return;
    }
    JsonNode object = event.object();
    switch (event.type()) {
      case ADDED -> listener.event(WatchListener.Type.ADDED, Trees.object(type, object));
      case MODIFIED -> listener.event(WatchListener.Type.MODIFIED, Trees.object(type, object));
      case DELETED -> listener.event(WatchListener.Type.DELETED, Trees.object(type, object));
      case BOOKMARK -> bookmark(object.path("metadata"));
      case ERROR -> finish(Trees.error(object));
    }
  }

  private void bookmark(JsonNode metadata) {
    listener.bookmark(
        metadata.path("resourceVersion").asText(),
        metadata.path("annotations").path("k8s.io/initial-events-end").asText().equals("true"));
  }

  private void finish(@Nullable ApiError error) {
    if (over || cancelled) {
      release();
      return;
    }
    over = true;
    release();
    listener.closed(error);
  }

  private void release() {
    if (source != null) {
      try {
        source.close();
      } catch (Exception e) {
        throw new IllegalStateException("a watch of the embedded server cannot fail to close", e);
      }
      source = null;
    }
    if (whenOver != null) {
      whenOver.run();
      whenOver = null;
    }
  }
}
