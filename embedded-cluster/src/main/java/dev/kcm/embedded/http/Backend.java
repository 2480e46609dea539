package dev.kcm.embedded.http;

import dev.kcm.embedded.resource.ApiAnswer;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.WatchSink;
import java.util.List;
import java.util.Optional;

/** What the HTTP side needs of the resources. Implementations are thread-safe. */
interface Backend {

  /** Answers everything but watches. */
  ApiAnswer handle(ApiRequest request);

  /** Starts a watch; closing the result ends it. */
  AutoCloseable watch(ApiRequest request, WatchSink sink);

  /** All served kinds, including those added at run time. */
  List<Kind> kinds();

  /** The kind behind a resource path. */
  Optional<Kind> kind(String group, String version, String resource);
}
