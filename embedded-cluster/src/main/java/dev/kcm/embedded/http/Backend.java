package dev.kcm.embedded.http;

import dev.kcm.embedded.resource.ApiAnswer;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.KindTable;
import dev.kcm.embedded.resource.WatchSink;

/** What the HTTP side needs of the resources. Implementations are thread-safe. */
interface Backend {

  /** The resources of a server. */
  static Backend of(ApiServer server) {
    return new Backend() {
      @Override
      public ApiAnswer handle(ApiRequest request) {
        return server.handle(request);
      }

      @Override
      public AutoCloseable watch(ApiRequest request, WatchSink sink) {
        return server.watch(request, sink);
      }

      @Override
      public KindTable kinds() {
        return server.kinds();
      }
    };
  }

  /** Answers everything but watches. */
  ApiAnswer handle(ApiRequest request);

  /** Starts a watch; closing the result ends it. */
  AutoCloseable watch(ApiRequest request, WatchSink sink);

  /** The served kinds. */
  KindTable kinds();
}
