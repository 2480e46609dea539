package dev.kcm.core.api;

import dev.kcm.core.object.ApiError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Writes down what a watch brings. Guarded by {@code this}. */
final class WatchLog<T> implements WatchListener<T> {

  final List<T> objects = new ArrayList<>();
  final List<String> lines = new ArrayList<>();
  final CompletableFuture<Boolean> closed = new CompletableFuture<>();
  ApiError error;

  @Override
  public synchronized void opened() {
    lines.add("opened");
  }

  @Override
  public synchronized void event(Type type, T object) {
    lines.add(type.name());
    objects.add(object);
    notifyAll();
  }

  @Override
  public synchronized void bookmark(String resourceVersion, boolean initialEventsEnd) {
    lines.add("bookmark " + resourceVersion + (initialEventsEnd ? " end" : ""));
  }

  @Override
  public synchronized void closed(ApiError reason) {
    error = reason;
    lines.add(reason == null ? "closed" : "closed " + reason.kind());
    closed.complete(true);
  }

  void awaitClosed() throws Exception {
    try {
      closed.get(20, TimeUnit.SECONDS);
    } catch (TimeoutException stuck) {
      throw new AssertionError("the watch did not end; so far: " + lines, stuck);
    }
  }
}
