package dev.kcm.embedded.resource;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The latest requests, oldest first.
 *
 * <p>Guarded by {@code entries}.
 */
final class RequestLog {

  private final ArrayDeque<LoggedRequest> entries = new ArrayDeque<>();
  private final int limit;
  private final Clock clock;

  RequestLog(int limit, Clock clock) {
    this.limit = limit;
    this.clock = clock;
  }

  void add(ApiRequest request, int code) {
    if (limit == 0) {
      return;
    }
    String resource =
        request.subresource().isEmpty()
            ? request.resource()
            : request.resource() + "/" + request.subresource();
    LoggedRequest entry =
        new LoggedRequest(
            clock.instant(),
            request.user().name(),
            request.verb(),
            resource,
            request.namespace(),
            request.name(),
            code);
    synchronized (entries) {
      entries.add(entry);
      if (entries.size() > limit) {
        entries.remove();
      }
    }
  }

  List<LoggedRequest> all() {
    synchronized (entries) {
      return List.copyOf(entries);
    }
  }
}
