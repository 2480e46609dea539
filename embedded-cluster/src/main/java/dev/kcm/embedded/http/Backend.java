package dev.kcm.embedded.http;

import dev.kcm.embedded.resource.ApiAnswer;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.KindTable;
import dev.kcm.embedded.resource.WatchSink;

/** What the HTTP side needs of the resources. Implementations are thread-safe. */
interface Backend {

  /** Answers everything but watches. */
  ApiAnswer handle(ApiRequest request);

  /** Starts a watch; closing the result ends it. */
  AutoCloseable watch(ApiRequest request, WatchSink sink);

  /** The served kinds. */
  KindTable kinds();
}
