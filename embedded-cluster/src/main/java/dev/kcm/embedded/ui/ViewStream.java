package dev.kcm.embedded.ui;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.WatchEvent;
import dev.kcm.embedded.resource.WatchSink;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one viewer sees: the state of all views, then every change, as lines of JSON. It ends when a
 * watch ends or the viewer cannot keep up; the page then begins anew.
 *
 * <p>Confined to the thread of its request, apart from the sinks, which only add to the queue.
 */
final class ViewStream {

  private static final Logger LOG = LoggerFactory.getLogger(ViewStream.class);

  /** Lines that may wait for one viewer. */
  private static final int MOST_WAITING = 50_000;

  private static final int BUFFER = 64 * 1024;

  /** How soon it is noticed that a viewer has gone. */
  private static final int HEARTBEAT_SECONDS = 5;

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /**
   * A line to write.
   *
   * @param view the view it belongs to
   * @param event what happened there
   */
  private record Line(View view, WatchEvent event) {}

  private final BlockingQueue<Line> waiting = new LinkedBlockingQueue<>(MOST_WAITING);

  /** Set by any thread, read by the viewer's: what follows is missing. */
  private volatile boolean ended;

  private ViewStream() {}

  /** Answers with the stream; returns when it has ended. */
  static void run(ApiServer server, HttpExchange exchange)
      throws IOException, InterruptedException {
    ViewStream stream = new ViewStream();
    List<AutoCloseable> watches = new ArrayList<>();
    try {
      for (View view : View.ALL) {
        watches.add(server.watch(view.watch(), stream.sink(view)));
      }
      exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson; charset=utf-8");
      exchange.sendResponseHeaders(200, 0);
      stream.write(new BufferedOutputStream(exchange.getResponseBody(), BUFFER));
    } finally {
      watches.forEach(ViewStream::close);
    }
  }

  private WatchSink sink(View view) {
    return new WatchSink() {
      @Override
      public void event(WatchEvent event) {
        boolean fits =
            event.type() != WatchEvent.Type.ERROR && waiting.offer(new Line(view, event));
        ended = ended || !fits;
      }

      @Override
      public void closed() {
        ended = true;
      }
    };
  }

  private void write(OutputStream out) throws IOException, InterruptedException {
    Line first = waiting.poll();
    while (first != null) {
      send(out, first);
      first = waiting.poll();
    }
    out.write("{\"type\":\"SYNCED\"}\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
    while (!ended) {
      Line line = waiting.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        out.write('\n');
      } else {
        send(out, line);
      }
      if (waiting.isEmpty()) {
        out.flush();
      }
    }
  }

  private static void send(OutputStream out, Line line) throws IOException {
    ObjectNode frame = JsonNodeFactory.instance.objectNode();
    frame.put("type", line.event().type().name()).put("resource", line.view().resource());
    frame.set("object", line.view().projection().apply(line.event().object()));
    out.write(JSON.writeValueAsBytes(frame));
    out.write('\n');
  }

  private static void close(AutoCloseable watch) {
    try {
      watch.close();
    } catch (Exception e) {
      LOG.debug("A watch could not be closed", e);
    }
  }
}
