package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.patch.PatchType;
import dev.kcm.embedded.resource.ApiAnswer;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.Statuses;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests to resources. Thread-safe: it keeps no state of its own. */
final class ResourceHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ResourceHandler.class);

  private final Backend backend;
  private final Clock clock;
  private final int watchLimit;

  /**
   * @param clock by which tables tell ages
   * @param watchLimit number of events that may wait for one watcher
   */
  ResourceHandler(Backend backend, Clock clock, int watchLimit) {
    this.backend = backend;
    this.clock = clock;
    this.watchLimit = watchLimit;
  }

  /** Answers, or throws the refusal. The sender may do what the route says. */
  void handle(Request request, Route route) throws Exception {
    RequestPath.Resource target = route.target();
    Optional<Kind> kind = backend.kinds().find(target.group(), target.version(), target.resource());
    if (kind.isPresent()) {
      answer(request, route, kind.get());
    } else if (isServed(target.group(), target.version())) {
      throw Statuses.unknownPath();
    } else {
      Responder.sendText(request.exchange(), StatusCodes.NOT_FOUND, "404 page not found\n");
    }
  }

  private boolean isServed(String group, String version) {
    return backend.kinds().all().stream()
        .anyMatch(kind -> kind.group().equals(group) && kind.version().equals(version));
  }

  private void answer(Request request, Route route, Kind kind) throws Exception {
    String accept = request.header(Headers.ACCEPT);
    boolean watch = route.verb() == Verb.WATCH;
    Representation form =
        watch ? AcceptHeader.negotiateWatch(accept) : AcceptHeader.negotiate(accept);
    ViewedAnswer viewed =
        new ViewedAnswer(
            kind,
            backend.kinds().definition(kind).path("additionalPrinterColumns"),
            form,
            ViewedAnswer.include(request.parameter("includeObject")),
            clock);
    ApiRequest apiRequest = apiRequest(request, route, kind);
    kind.deprecation().ifPresent(text -> Responder.warn(request.exchange(), List.of(text)));
    if (watch) {
      watch(request.exchange(), apiRequest, viewed.frames());
      return;
    }
    ApiAnswer answer = backend.handle(apiRequest);
    Responder.warn(request.exchange(), answer.warnings());
    Responder.send(
        request.exchange(),
        answer.code(),
        viewed.body(answer.body()),
        form.format(),
        request.isPretty());
  }

  private static ApiRequest apiRequest(Request request, Route route, Kind kind) {
    RequestPath.Resource target = route.target();
    String mediaType = RequestBody.mediaType(request.header(Headers.CONTENT_TYPE));
    return new ApiRequest(
        request.user(),
        route.verb(),
        target.group(),
        target.version(),
        target.resource(),
        target.namespace(),
        target.name(),
        target.subresource(),
        withManager(request, route, mediaType),
        body(request, route, kind, mediaType),
        mediaType);
  }

  /** Who does not name itself as field manager is known by its user agent. */
  private static Map<String, List<String>> withManager(
      Request request, Route route, String mediaType) {
    boolean plainWrite =
        switch (route.verb()) {
          case CREATE, UPDATE -> true;
          case PATCH -> PatchType.of(mediaType).orElse(PatchType.APPLY) != PatchType.APPLY;
          case GET, LIST, WATCH, DELETE, DELETECOLLECTION -> false;
        };
    if (!plainWrite || !QueryString.first(route.query(), "fieldManager").isEmpty()) {
      return route.query();
    }
    String agent = request.header(Headers.USER_AGENT).replaceAll("[^\\x20-\\x7e]|/.*", "");
    Map<String, List<String>> query = new LinkedHashMap<>(route.query());
    query.put(
        "fieldManager",
        List.of(agent.isEmpty() ? "unknown" : agent.substring(0, Math.min(agent.length(), 128))));
    return query;
  }

  private static @Nullable JsonNode body(
      Request request, Route route, Kind kind, String mediaType) {
    return switch (route.verb()) {
      case GET, LIST, WATCH -> null;
      case PATCH -> RequestBody.patch(request.body(), mediaType);
      case DELETE, DELETECOLLECTION ->
          request.body().length == 0
              ? null
              : RequestBody.object(request.body(), mediaType, route.bodyKind(kind));
      case CREATE, UPDATE -> RequestBody.object(request.body(), mediaType, route.bodyKind(kind));
    };
  }

  private void watch(HttpServerExchange exchange, ApiRequest request, FrameWriter frames)
      throws Exception {
    WatchQueue queue = new WatchQueue(watchLimit);
    AutoCloseable running = backend.watch(request, queue);
    queue.begun();
    Runnable stop = once(() -> close(running));
    String upgrade = Request.header(exchange, Headers.UPGRADE).toLowerCase(Locale.ROOT);
    if (upgrade.equals("websocket")) {
      upgrade(exchange, queue, frames, stop);
      return;
    }
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    exchange.dispatch(
        exchange.getIoThread(), () -> ChunkedWatch.start(exchange, queue, frames, stop));
  }

  private static void upgrade(
      HttpServerExchange exchange, WatchQueue queue, FrameWriter frames, Runnable stop)
      throws Exception {
    // The original refuses a handshake that does not say where it comes from, without a word.
    if (Request.header(exchange, Headers.ORIGIN).isEmpty()) {
      stop.run();
      exchange.setStatusCode(StatusCodes.FORBIDDEN).endExchange();
      return;
    }
    try {
      WebSocketWatch.handler(
              queue,
              frames,
              stop,
              refused -> {
                throw Statuses.badRequest("the upgrade request is not a WebSocket handshake");
              })
          .handleRequest(exchange);
    } catch (Exception e) {
      stop.run();
      throw e;
    }
  }

  private static Runnable once(Runnable action) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        action.run();
      }
    };
  }

  private static void close(AutoCloseable watch) {
    try {
      watch.close();
    } catch (Exception e) {
      LOG.warn("A watch could not be closed", e);
    }
  }
}
