package dev.kcm.daemon.http;

import io.undertow.server.HttpServerExchange;

/** Answers the requests for one path, on a worker thread. Thread-safe. */
@FunctionalInterface
public interface Endpoint {

  /** Answers one request. */
  void serve(HttpServerExchange exchange);
}
