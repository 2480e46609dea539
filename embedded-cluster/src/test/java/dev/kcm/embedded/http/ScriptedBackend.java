package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiAnswer;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.KindTable;
import dev.kcm.embedded.resource.WatchEvent;
import dev.kcm.embedded.resource.WatchSink;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/** Resources that answer as a test says, and remember what they were asked. */
final class ScriptedBackend implements Backend {

  final BlockingQueue<ApiRequest> requests = new LinkedBlockingQueue<>();
  final BlockingQueue<WatchSink> watches = new LinkedBlockingQueue<>();
  final CountDownLatch watchClosed = new CountDownLatch(1);

  volatile Function<ApiRequest, ApiAnswer> answer =
      request -> ApiAnswer.of(200, pod(request.namespace(), request.name()));
  volatile List<WatchEvent> initialEvents = List.of();

  static ObjectNode pod(String namespace, String name) {
    ObjectNode pod = JsonNodeFactory.instance.objectNode();
    pod.put("kind", "Pod").put("apiVersion", "v1");
    pod.putObject("metadata").put("name", name).put("namespace", namespace);
    return pod;
  }

  static WatchEvent added(JsonNode object) {
    return new WatchEvent(WatchEvent.Type.ADDED, object);
  }

  @Override
  public ApiAnswer handle(ApiRequest request) {
    requests.add(request);
    return answer.apply(request);
  }

  @Override
  public AutoCloseable watch(ApiRequest request, WatchSink sink) {
    requests.add(request);
    initialEvents.forEach(sink::event);
    watches.add(sink);
    return watchClosed::countDown;
  }

  @Override
  public KindTable kinds() {
    return KindTable.standard();
  }
}
